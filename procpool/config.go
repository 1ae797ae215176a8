package procpool

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
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

	// Path is the program to run, not searched in $PATH; "" means os.Executable(), shown
	// in the process list under the name that this process was started by.
	Path string

	// Args are the arguments after argv[0]; nil means {"worker"}.
	Args []string

	// Env is added to os.Environ() and GOMAXPROCS=1, and wins over both.
	Env []string

	// MaxTasks is the number of tasks after which a child is replaced; 0 means never.
	MaxTasks int

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
		if path, err = os.Executable(); err != nil {
			return nil, err
		}
		name = os.Args[0]
	}
	return &exec.Cmd{
		Path:        path,
		Args:        append([]string{name}, c.Args...),
		Env:         append(append(os.Environ(), "GOMAXPROCS=1"), c.Env...),
		Stdout:      stderr,
		Stderr:      stderr,
		WaitDelay:   drainDelay,
		SysProcAttr: sysProcAttr(),
	}, nil
}
