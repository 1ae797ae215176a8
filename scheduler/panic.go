package scheduler

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// ErrGoexit is the error of a task that called runtime.Goexit, as
// testing.T.FailNow does.
var ErrGoexit = errors.New("scheduler: task called runtime.Goexit")

// PanicError is the error of a task that panicked.
type PanicError struct {
	Value any    // what panic was called with
	Stack []byte // of the panicking goroutine, as debug.Stack formats it
}

// newPanicError must be called while the panicking frames are on the stack,
// that is from the deferred function that recovered value.
func newPanicError(value any) *PanicError {
	return &PanicError{Value: value, Stack: debug.Stack()}
}

// Error returns the panic's value as text, without the stack.
func (e *PanicError) Error() string {
	return fmt.Sprintf("panic: %v", e.Value)
}

// Unwrap returns Value if it is an error, and otherwise nil.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// raise panics in the calling goroutine with an error that wraps e and whose
// text has the stack of the first panic, which a crash would not show.
func (e *PanicError) raise() {
	panic(fmt.Errorf("scheduler: %w\n\n%s", e, e.Stack))
}
