package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/imgpar/imgpar/bench"
	"github.com/imgpar/imgpar/internal/machine"
	"github.com/imgpar/imgpar/internal/report"
)

const benchHelp = `bench tells which mode is faster on your pictures and what isolation costs: one
after another, on goroutines and in subprocesses, on 1 to --jobs workers, for
gray, resize, thumb and many tiny pictures. Without a PATH it makes pictures of
its own. Every measurement is a process of its own, which writes into a temporary
folder; your files are only read.

Each round runs all of them once, in turn, after one that is not counted. Rounds
end when there are 3, of which the middle half is within 3 % for everybody, or
when time is up.

--peers holds imgpar, as it runs by default, against other programs that are
installed: OpenCV, libvips, sharp, GraphicsMagick, ImageMagick, jpegtran, Pillow.

A chart replaces a picture that exists only with --overwrite.

Exit status: 0 all modes wrote the same bytes, 1 they did not, or something could
not be measured.`

func (a *app) benchCommand() *cobra.Command {
	var f benchFlags
	cmd := &cobra.Command{
		Use: "bench [PATH...]", Short: "compare goroutines, subprocesses and other programs", Long: benchHelp,
		GroupID: "tool", DisableFlagsInUseLine: true,
	}
	f.register(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, paths []string) error {
		err := errors.Join(a.flags.check(), f.check(cmd.Flags(), paths))
		if err != nil {
			return err
		}
		files, err := f.openFiles(a.flags.overwrite)
		if err != nil {
			return err
		}
		if err := a.checkIsolation(); err != nil {
			return err
		}
		measured, err := a.measure(cmd, &f, paths)
		if err != nil {
			return err
		}
		if err := a.tell(measured, files); err != nil {
			return err
		}
		if !measured.SameBytes() {
			return statusError(exitFailed)
		}
		return nil
	}
	return uses(cmd, benchUses...)
}

// measure makes what is to be measured, in a temporary folder, and measures it.
func (a *app) measure(cmd *cobra.Command, f *benchFlags, paths []string) (r bench.Report, err error) {
	b := newBrakes()
	defer b.kill()
	defer b.listen(func(bool) {})()
	defer func() {
		switch {
		case b.interrupted():
			err = statusError(exitInterrupted)
		case err != nil:
			err = runError{shown(err)}
		}
	}()
	scratch, err := os.MkdirTemp("", "imgpar-bench-")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	say := func(s string) {
		if !a.flags.quiet {
			fmt.Fprintf(a.stderr, "imgpar: bench: %s\n", report.Printable(s))
		}
	}
	c, err := a.benchConfig(cmd, f, scratch, say)
	if err != nil {
		return r, err
	}
	if c.Tasks, err = f.tasks(b.gently, scratch, pictures{paths, strings.Join(paths, " "), given(cmd, benchPicks)}, say); err != nil {
		return r, err
	}
	if r, err = bench.Run(b.gently, c); err != nil {
		return r, err
	}
	r.Command = append([]string{filepath.Base(os.Args[0])}, os.Args[1:]...)
	r.Machine, err = benchMachine()
	return r, err
}

// shown is err as a terminal can show it: a bench's has names of files, and what other
// programs say.
func shown(err error) error {
	if text := err.Error(); report.Printable(text) != text {
		return errors.New(report.Printable(text))
	}
	return err
}

// benchConfig is the configuration of a bench, without what is measured.
func (a *app) benchConfig(cmd *cobra.Command, f *benchFlags, scratch string, say func(string)) (bench.Config, error) {
	self, err := os.Executable()
	if err != nil {
		return bench.Config{}, err
	}
	_, one, err := a.flags.memory()
	if err != nil {
		return bench.Config{}, err
	}
	return bench.Config{
		Binary: []string{os.Args[0], self}, Flags: given(cmd, benchPasses), Isolation: given(cmd, benchIsolation),
		Workers: a.flags.workers(), Rounds: f.rounds, Time: f.budget(), Scratch: scratch, Say: say,
		Spawn: func() (time.Duration, error) {
			_, ready, err := a.flags.isolation.ask(one)
			return ready, err
		},
	}, nil
}

func benchMachine() (bench.Machine, error) {
	total, err := machine.Total()
	return bench.Machine{
		OS: runtime.GOOS, Arch: runtime.GOARCH, Kernel: machine.Kernel(), CPU: machine.CPU(), CPUs: runtime.GOMAXPROCS(0),
		Memory: total, Go: runtime.Version(), Imgpar: version(),
	}, err
}
