package procpool

import (
	"errors"
	"fmt"
	"time"
)

// ErrClosed is returned by Do once Close or Kill has been called.
var ErrClosed = errors.New("procpool: the pool is closed")

// ErrKilled is returned by every Do that Kill finds waiting or in flight.
var ErrKilled = errors.New("procpool: the pool was killed")

// ErrTooLarge is returned by Do for a payload of more than MaxPayload bytes.
var ErrTooLarge = fmt.Errorf("procpool: the request is larger than %d bytes", MaxPayload)

// ErrTooManyFiles is returned by Do for a task with more than MaxFiles files.
var ErrTooManyFiles = fmt.Errorf("procpool: the task has more than %d files", MaxFiles)

// ExitProtocol is the exit status with which a program should end when Serve returns an
// error. It tells a failure of the protocol from a crash. (It is EX_PROTOCOL of sysexits.)
const ExitProtocol = 76

// A CrashError reports a task whose child died, or did not keep to the protocol and was
// killed for it, at each attempt. The fields are those of the last attempt.
type CrashError struct {
	PID      int
	Attempts int    // how often the task was tried
	ExitCode int    // exit status; -1 if there is none
	Signal   string // the signal that ended the child, such as "SIGKILL"; "" if there is none
	Stderr   string // the end of what the child wrote to its standard error, at most MaxStderr bytes
	Err      error  // what the child did against the protocol; nil if it died by itself
}

func (e *CrashError) Error() string {
	s := fmt.Sprintf("worker %d %s", e.PID, e.ending())
	if e.Attempts > 1 {
		s += fmt.Sprintf(" (%s attempt)", ordinal(e.Attempts))
	}
	return s + quoteLastWords(e.Stderr)
}

// Unwrap returns Err.
func (e *CrashError) Unwrap() error { return e.Err }

func (e *CrashError) ending() string {
	switch {
	case e.Err != nil:
		return e.Err.Error()
	case e.Signal != "":
		return "was killed by " + e.Signal
	case e.ExitCode == ExitProtocol:
		return "gave up, as the protocol failed"
	case e.ExitCode == 0:
		return "exited with status 0 in the middle of a task"
	}
	return fmt.Sprintf("exited with status %d", e.ExitCode)
}

// A TimeoutError reports a task that ran longer than its Timeout. Its child was killed.
type TimeoutError struct {
	PID   int
	After time.Duration // the task's Timeout
}

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("worker %d did not answer within %v and was killed", e.PID, e.After)
}

// Timeout reports true, as net.Error has it.
func (e *TimeoutError) Timeout() bool { return true }

// A RemoteError is the error that the handler returned, or the panic and the stack that
// it was recovered with. The child goes on.
type RemoteError struct {
	Message string
}

func (e *RemoteError) Error() string { return e.Message }

// A StartError reports that there was no child to run a task, nor could one be started.
type StartError struct {
	Path     string // the program
	Attempts int    // how often it was tried in a row
	Stderr   string // the end of what the last child wrote to its standard error
	Err      error  // what the last attempt failed of
}

func (e *StartError) Error() string {
	return fmt.Sprintf("cannot start a worker from %s (%d attempts): %v%s", e.Path, e.Attempts, e.Err, quoteLastWords(e.Stderr))
}

// Unwrap returns Err.
func (e *StartError) Unwrap() error { return e.Err }

func quoteLastWords(stderr string) string {
	words := lastWords(stderr)
	if words == "" {
		return ""
	}
	return fmt.Sprintf("; its last words: %q", words)
}

func ordinal(n int) string {
	switch {
	case n == 2:
		return "2nd"
	case n == 3:
		return "3rd"
	}
	return fmt.Sprintf("%dth", n)
}
