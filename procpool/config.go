package procpool

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"time"
)

// Defaults of a Config.
const (
	DefaultStartTimeout = 10 * time.Second
	DefaultGrace        = 2 * time.Second
)

// Config says which children a pool keeps. The zero value keeps one child per CPU, each
// this very program run with the argument "worker".
type Config struct {
	// Workers is the number of children; 0 means runtime.GOMAXPROCS(0).
	Workers int

	// Path is the program to run, not searched in $PATH; "" means this very one, shown
	// in the process list under the name that this process was started by.
	Path string

	// Args are the arguments after argv[0]; nil means {"worker"}.
	Args []string

	// Environ is the environment of a child, as os.Environ() has it; nil means that. A
	// child that needs nothing of it is better without: {} is an empty one.
	Environ []string

	// Env is added to Environ and GOMAXPROCS=1, and wins over both.
	Env []string

	// MaxResult is the largest result that a child may answer, in bytes; 0 means
	// MaxPayload. A child that sends more is killed for it: see the package for what a child can
	// take of the parent's memory.
	MaxResult int

	// MaxTasks is the number of tasks after which a child is replaced at the latest; 0
	// means never. Each child has a number of its own, which is drawn from the upper
	// quarter, (3/4 MaxTasks, MaxTasks], lest all be replaced together.
	MaxTasks int

	// MaxAge is the age from which a child is replaced once it has answered a task; 0 means
	// never. Each child has a limit of its own from the upper quarter of it.
	MaxAge time.Duration

	// RSS returns the memory that a process has resident, in bytes, or 0 where that cannot
	// be told. It is called by several goroutines, for each child some ten times a second
	// while it has tasks. MaxRSS and RecycleRSS need it.
	RSS func(pid int) int64

	// MaxRSS is the memory, in bytes, beyond which a child is killed that has a task: a
	// *MemoryError. 0 means no limit.
	MaxRSS int64

	// RecycleRSS is the memory, in bytes, beyond which a child is replaced once it has
	// answered a task; 0 means never.
	RecycleRSS int64

	// StartTimeout is how long a child may take to say hello; 0 means DefaultStartTimeout.
	StartTimeout time.Duration

	// Grace is how long a child may take to end once its pipe is closed, before it is
	// interrupted, and again before it is killed; 0 means DefaultGrace.
	Grace time.Duration
}

// Validate reports the first field that has no meaning.
func (c Config) Validate() error {
	switch {
	case c.Workers < 0:
		return fmt.Errorf("procpool: Workers is %d; it must be 0 (one per CPU) or more", c.Workers)
	case c.MaxTasks < 0:
		return fmt.Errorf("procpool: MaxTasks is %d; it must be 0 (never replace) or more", c.MaxTasks)
	case c.MaxResult < 0 || c.MaxResult > MaxPayload:
		return fmt.Errorf("procpool: MaxResult is %d; it must be 0 (%d) or more, and no more than that", c.MaxResult, MaxPayload)
	case c.MaxAge < 0:
		return fmt.Errorf("procpool: MaxAge is %v; it must be 0 (never replace) or more", c.MaxAge)
	case c.MaxRSS < 0:
		return fmt.Errorf("procpool: MaxRSS is %d; it must be 0 (no limit) or more", c.MaxRSS)
	case c.RecycleRSS < 0:
		return fmt.Errorf("procpool: RecycleRSS is %d; it must be 0 (never replace) or more", c.RecycleRSS)
	case c.RSS == nil && (c.MaxRSS > 0 || c.RecycleRSS > 0):
		return errors.New("procpool: MaxRSS and RecycleRSS need RSS, which says what a child has")
	case c.StartTimeout < 0:
		return fmt.Errorf("procpool: StartTimeout is %v; it must be 0 (%v) or more", c.StartTimeout, DefaultStartTimeout)
	case c.Grace < 0:
		return fmt.Errorf("procpool: Grace is %v; it must be 0 (%v) or more", c.Grace, DefaultGrace)
	}
	return nil
}

// withDefaults fills in what was left zero, but not Path: see command.
func (c Config) withDefaults() Config {
	if c.Workers == 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	if c.Args == nil {
		c.Args = []string{"worker"}
	}
	if c.MaxResult == 0 {
		c.MaxResult = MaxPayload
	}
	if c.StartTimeout == 0 {
		c.StartTimeout = DefaultStartTimeout
	}
	if c.Grace == 0 {
		c.Grace = DefaultGrace
	}
	return c
}

// command is a child that is not started yet. What it prints to its standard output goes
// where its standard error goes.
func (c Config) command(stderr *tail) (*exec.Cmd, error) {
	path, name := c.Path, c.Path
	if path == "" {
		var err error
		if path, err = program(); err != nil {
			return nil, err
		}
		name = os.Args[0]
	}
	environ := c.Environ
	if environ == nil {
		environ = os.Environ()
	}
	return &exec.Cmd{
		Path:        path,
		Args:        append([]string{name}, c.Args...),
		Env:         slices.Concat(environ, []string{"GOMAXPROCS=1"}, c.Env),
		Stdout:      stderr,
		Stderr:      stderr,
		WaitDelay:   drainDelay,
		SysProcAttr: sysProcAttr(),
	}, nil
}
