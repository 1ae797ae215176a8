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

// errLarger is the error behind job.ReasonLarger.
var errLarger = errors.New(job.ReasonLarger)

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
		return job.Skipped, job.ReasonExists
	case errors.Is(err, errEdited):
		return job.Skipped, job.ReasonEdited
	case errors.Is(err, errLarger):
		return job.Skipped, job.ReasonLarger
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
