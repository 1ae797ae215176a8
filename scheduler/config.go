package scheduler

import (
	"fmt"
	"runtime"
)

// MaxWindow is the largest Window, and so the largest number of Workers, that
// a Config may ask for: the places of the window are allocated at the start.
const MaxWindow = 1 << 20

// windowPerWorker is how many places of the window a worker gets by default:
// one for the task it runs, the others to bridge tasks of uneven length.
const windowPerWorker = 4

// Config sizes the workers and their state. The zero value is ready to use.
type Config[S any] struct {
	// Workers is the number of tasks run at once, at most MaxWindow.
	// 0 means runtime.GOMAXPROCS(0), or Window if that is set and smaller.
	Workers int

	// Limit says how many of the workers take tasks, the first ones; it may
	// change at any time. nil means all of them.
	Limit *Limit

	// Window is the number of tasks that may be taken from the input and not
	// yet yielded; in a Pool, submitted and not yet done. It is at least
	// Workers and at most MaxWindow; 0 means 4 x Workers. A result counts
	// until the loop body that got it has ended.
	Window int

	// Budget bounds the sum of the weights of the tasks that run at the same
	// time, in bytes or any other unit. A task heavier than Budget counts as
	// Budget, so it runs with none but weightless tasks beside it.
	// 0 means no limit.
	Budget int64

	// Init makes the state of a worker, 0 to Workers-1, on that worker's
	// goroutine, before its first task. nil means the zero S.
	//
	// If Init fails, the task that was to run gets the error as its own, and
	// the worker calls Init again before its next task. A panic in Init is
	// treated like one in the task.
	Init func(worker int) (S, error)

	// Release is called once for each state that Init made, on the goroutine
	// that made it: when the worker ends, or after a task that panicked or
	// called runtime.Goexit, after which Init makes a new state. It may be
	// nil. A panic in Release is raised again, once all workers have ended, in
	// the goroutine that loops over Map or Stream, or that calls Pool.Close.
	Release func(S)
}

// Validate returns an error that says what is allowed if c cannot be used.
func (c Config[S]) Validate() error {
	switch {
	case c.Workers < 0 || c.Workers > MaxWindow:
		return fmt.Errorf("scheduler: Workers is %d; allowed are 1 to %d, or 0 for GOMAXPROCS", c.Workers, MaxWindow)
	case c.Window < 0 || c.Window > MaxWindow:
		return fmt.Errorf("scheduler: Window is %d; allowed are 1 to %d, or 0 for %d for each worker", c.Window, MaxWindow, windowPerWorker)
	case c.Window != 0 && c.Window < c.Workers:
		return fmt.Errorf("scheduler: Window is %d; it must be at least Workers, which is %d", c.Window, c.Workers)
	case c.Budget < 0:
		return fmt.Errorf("scheduler: Budget is %d; it must be positive, or 0 for no limit", c.Budget)
	}
	return nil
}

// withDefaults returns c, which must be valid, with its zero sizes filled in.
func (c Config[S]) withDefaults() Config[S] {
	if c.Workers == 0 {
		c.Workers = min(runtime.GOMAXPROCS(0), MaxWindow)
		if c.Window != 0 {
			c.Workers = min(c.Workers, c.Window)
		}
	}
	if c.Window == 0 {
		c.Window = min(windowPerWorker*c.Workers, MaxWindow)
	}
	return c
}
