package bench

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// killDelay is how long a process that was killed may keep its pipes open, by children
// that are not in its group.
const killDelay = 5 * time.Second

// command is a program to be run.
type command struct {
	path string   // of its file, or a name that is looked up
	args []string // with argv[0]
	env  []string // beside that of this process
}

// execution is what one run of a process took.
type execution struct {
	wall, cpu time.Duration // cpu: user and system, of the process and all that were waited for
	status    int
	said      string // its last words on standard error
}

// execute runs a command to its end, with all that belongs to it killed when ctx is
// done. started, if not nil, is called with the process's id, and what it returns when
// the process has ended.
func execute(ctx context.Context, c command, stdout io.Writer, started func(pid int) (ended func())) (e execution, err error) {
	run := exec.CommandContext(ctx, c.path)
	run.Args, run.Env = c.args, append(os.Environ(), c.env...)
	var stderr bytes.Buffer
	run.Stdout, run.Stderr = stdout, &stderr
	run.WaitDelay = killDelay
	killGroup(run)
	begun := time.Now()
	if err := run.Start(); err != nil {
		return e, err
	}
	ended := func() {}
	if started != nil {
		ended = started(run.Process.Pid)
	}
	err = run.Wait()
	e.wall = time.Since(begun)
	ended()
	if ctx.Err() != nil {
		return e, context.Cause(ctx)
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return e, err
	}
	e.cpu = run.ProcessState.UserTime() + run.ProcessState.SystemTime()
	e.status = run.ProcessState.ExitCode()
	e.said = lastLine(stderr.String())
	if e.status < 0 { // a signal ended it
		return e, errors.New(run.ProcessState.String())
	}
	return e, nil
}

// failed is the error of a process that ended with a status that it should not have.
func (e execution) failed() error {
	return fmt.Errorf("exit status %d: %s", e.status, cmp.Or(e.said, "it says nothing"))
}

func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndexByte(s, '\n')+1:]
}
