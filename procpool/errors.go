package procpool

import (
	"errors"
	"fmt"
	"syscall"
	"time"
)

// ErrClosed is returned by Do once Close or Kill has been called.
var ErrClosed = errors.New("procpool: the pool is closed")

// ErrKilled is returned by every Do that Kill finds waiting or in flight.
var ErrKilled = errors.New("procpool: the pool was killed")

// ErrBroken is returned by every Do once children die one after another without a task, or
// cannot be started: the pool has given up. The error wraps the last *StartError as well.
var ErrBroken = errors.New("procpool: workers die before they have a task, and no more are started")

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
	return fmt.Sprintf("worker %d %s", e.PID, e.ending()) + attempt(e.Attempts) + quoteLastWords(e.Stderr)
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

// A MemoryError reports a task whose child ran out of memory, at each attempt or at the last:
// it was above Config.MaxRSS and was killed, or its Go runtime gave up. The fields are
// those of the last attempt.
type MemoryError struct {
	PID      int
	Attempts int    // how often the task was tried
	Used     int64  // resident bytes when it was killed; 0 if it died by itself
	Most     int64  // Config.MaxRSS; 0 if it died by itself
	Stderr   string // the end of what the child wrote to its standard error, at most MaxStderr bytes
}

func (e *MemoryError) Error() string {
	s := fmt.Sprintf("worker %d ran out of memory", e.PID)
	if e.Most > 0 {
		s = fmt.Sprintf("worker %d had %d bytes of memory, the limit is %d, and was killed", e.PID, e.Used, e.Most)
	}
	return s + attempt(e.Attempts) + quoteLastWords(e.Stderr)
}

// Unwrap returns syscall.ENOMEM.
func (e *MemoryError) Unwrap() error { return syscall.ENOMEM }

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
	if e.Path == "" { // this program's, which could not be told
		return fmt.Sprintf("cannot start a worker: %v", e.Err)
	}
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

// attempt tells which one it was, from the second on.
func attempt(n int) string {
	switch {
	case n <= 1:
		return ""
	case n == 2:
		return " (2nd attempt)"
	case n == 3:
		return " (3rd attempt)"
	}
	return fmt.Sprintf(" (%dth attempt)", n)
}
