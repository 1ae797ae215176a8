// Command imgpar runs image operations over whole photo trees, on every core,
// and never loses a picture.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/imgpar/imgpar/internal/report"
)

// Exit statuses; scripts depend on them.
const (
	exitOK          = 0   // every input is ok or skipped
	exitFailed      = 1   // some inputs have no output
	exitUsage       = 2   // nothing was done: the command line makes no sense
	exitInterrupted = 130 // stopped by a signal
)

// ballast counts as heap, so that the collector lets at least half of its size of
// garbage come together: it would run all the time where there is next to nothing
// in memory. Nothing touches it, and so it takes none.
//
//lint:ignore U1000 it is there to be counted
var ballast []byte

// Bytes of ballast. A worker has less, since its memory is limited by what it has mapped,
// and that is mapped.
const (
	ballastSize       = 24 << 20
	workerBallastSize = 8 << 20
)

func main() {
	// When the reader of a pipe has gone, writing fails with an error, and the
	// run ends in order. The signal would end it in the middle of a file.
	signal.Ignore(syscall.SIGPIPE)
	// Nearly all memory is pictures, in which the collector has nothing to
	// follow. So it is cheap, and can come sooner than it would by itself.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
		size := ballastSize
		if len(os.Args) > 1 && os.Args[1] == workerName {
			size = workerBallastSize
		}
		// Not before the first collection: the ballast begins one.
		runtime.AddCleanup(new(*byte), func(size int) { ballast = make([]byte, size) }, size)
	}
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program: parse, do, and turn the error into an exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	app := &app{stdin: stdin, stdout: stdout, stderr: stderr}
	tree := app.command
	if len(args) > 0 && args[0] == workerName {
		tree = app.workerTree
	}
	root := tree()
	root.SetArgs(args)
	err := root.Execute()
	if err == nil && app.helpError != nil {
		err = runError{app.helpError}
	}
	app.flags.json = app.flags.json || asksForJSON(root, args)
	return app.exitStatus(err)
}

// asksForJSON finds --json behind a flag that is wrong as well, at which the
// parser stops. A command may have a flag of that name that asks for a file.
func asksForJSON(root *cobra.Command, args []string) bool {
	if cmd, _, err := root.Find(args); err == nil {
		if f := cmd.Flags().Lookup("json"); f != nil && !isCommon(f) {
			return f.Value.String() == "-"
		}
	}
	if i := slices.Index(args, "--"); i >= 0 {
		args = args[:i]
	}
	return slices.Contains(args, "--json")
}

// statusError ends the program with a status and no further word.
type statusError int

func (e statusError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// hintError is an error with advice on a line of its own.
type hintError struct {
	error
	hint string
}

func (e hintError) Unwrap() error { return e.error }

// runError is an error that is not the command line's fault: exitFailed.
type runError struct{ error }

func (e runError) Unwrap() error { return e.error }

// exitStatus says what is wrong, for people and with --json for scripts, and
// returns the exit status.
func (a *app) exitStatus(err error) int {
	var (
		status statusError
		hint   hintError
		failed runError
	)
	if err == nil {
		return exitOK
	}
	if errors.As(err, &status) {
		return int(status)
	}
	fmt.Fprintf(a.stderr, "imgpar: %v\n", err)
	if errors.As(err, &hint) {
		fmt.Fprintf(a.stderr, "imgpar: hint: %s\n", hint.hint)
	}
	code := exitUsage
	if errors.As(err, &failed) {
		code = exitFailed
	}
	if a.flags.json {
		if werr := report.WriteError(a.stdout, err); werr != nil {
			fmt.Fprintf(a.stderr, "imgpar: %v\n", werr)
		}
	}
	return code
}

// writeText writes all of text, and says what stood against that.
func writeText(w io.Writer, text string) error {
	if _, err := io.WriteString(w, text); err != nil {
		return runError{err}
	}
	return nil
}
