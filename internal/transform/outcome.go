package transform

import (
	"context"
	"errors"
	"io/fs"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/ops"
)

// readError and writeError say on which side the system failed.
type (
	readError  struct{ error }
	writeError struct{ error }
)

func (e readError) Unwrap() error  { return e.error }
func (e writeError) Unwrap() error { return e.error }

// Reasons of outputs that are skipped.
const (
	ReasonExists   = "exists"          // there already
	ReasonUpToDate = "up to date"      // there already, and what would be written
	ReasonLarger   = "would be larger" // a file that is not replaced, by --skip-if-larger

	// ReasonEdited is that of one that was to be replaced as it was when the run
	// came upon it.
	ReasonEdited = "exists: changed since it was written"
)

// errLarger is the error behind ReasonLarger.
var errLarger = errors.New(ReasonLarger)

// classify turns the error of a job into its outcome and a reason of one line
// that begins with its kind.
func classify(err error) (job.Outcome, string) {
	var (
		read  readError
		write writeError
		file  *codec.Error
		limit *ops.LimitError
		size  *codec.SizeError
	)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return job.Timeout, "took longer than --timeout allows"
	case errors.Is(err, context.Canceled):
		return job.Canceled, "stopped while in work"
	case errors.As(err, &write):
		return job.Failed, "unwritable: " + job.Plain(write.error)
	case errors.As(err, &read):
		return job.Failed, "unreadable: " + job.Plain(read.error)
	case errors.Is(err, fs.ErrExist):
		return job.Skipped, ReasonExists
	case errors.Is(err, errEdited):
		return job.Skipped, ReasonEdited
	case errors.Is(err, errLarger):
		return job.Skipped, ReasonLarger
	case errors.As(err, &size):
		return job.Failed, "too-large: " + size.Error()
	case errors.As(err, &file):
		return job.Failed, job.OneLine(file.Error())
	case errors.As(err, &limit) && (limit.Width < 1 || limit.Height < 1): // nothing would be left
		return job.Failed, "unsupported: " + job.OneLine(limit.Error())
	case errors.As(err, &limit):
		return job.Failed, "too-large: " + job.OneLine(limit.Error())
	}
	return job.Failed, job.OneLine(err.Error())
}
