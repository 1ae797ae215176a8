package transform

import (
	"context"
	"errors"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/ops"
)

// errLarger is the error behind job.ReasonLarger.
var errLarger = errors.New(job.ReasonLarger)

// classify turns the error of a job into its outcome and a reason of one line
// that begins with its kind.
func classify(err error) (job.Outcome, string) {
	var (
		read  *job.ReadError
		write *job.WriteError
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
		return job.Failed, write.Error()
	case errors.As(err, &read):
		return job.Failed, read.Error()
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
