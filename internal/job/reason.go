package job

import (
	"errors"
	"io/fs"
	"os"
	"strings"
)

// Reasons of outputs that are skipped.
const (
	ReasonExists   = "exists"                               // there already
	ReasonEdited   = "exists: changed since it was written" // by somebody else than imgpar
	ReasonForeign  = "exists: made of another input"
	ReasonBusy     = "another process is writing it" // an output that is not to be replaced
	ReasonUpToDate = "up to date"                    // there already, and what would be written
	ReasonLarger   = "would be larger"               // a file that is not replaced, by --skip-if-larger
)

// Passing tells whether a failure is the system's and not the picture's.
func Passing(reason string) bool {
	for _, prefix := range []string{"unreadable: ", "unwritable: ", NoWorker} {
		if strings.HasPrefix(reason, prefix) {
			return true
		}
	}
	return false
}

// NoWorker begins the reason of a file for which no process could be had.
const NoWorker = "no subprocess for it: "

// Plain returns what the system said of a file, in one line, without the call
// and the name: a result names its file already.
func Plain(err error) string {
	var (
		path *fs.PathError
		link *os.LinkError
	)
	switch {
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return OneLine(err.Error())
}

// OneLine joins the lines of a reason.
func OneLine(s string) string { return strings.ReplaceAll(s, "\n", "; ") }

// ReadError is the error of an input that the system does not let be read, and
// WriteError that of an output that cannot be written. Their texts are reasons.
type (
	ReadError  struct{ Err error }
	WriteError struct {
		Err      error
		DiskFull bool // there is no space left, or the quota is used up
	}
)

func (e *ReadError) Error() string  { return "unreadable: " + Plain(e.Err) }
func (e *WriteError) Error() string { return "unwritable: " + Plain(e.Err) }
func (e *ReadError) Unwrap() error  { return e.Err }
func (e *WriteError) Unwrap() error { return e.Err }
