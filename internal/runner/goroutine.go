package runner

import (
	"context"
	"time"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/staging"
	"github.com/imgpar/imgpar/internal/transform"
)

// overdue is how long after its time is up a goroutine is waited for in silence.
const overdue = 10 * time.Second

// InGoroutine returns a Runner that works where it is called. A job is asked to end after
// timeout; a goroutine cannot be made to. late is called with the input of a job that
// does not, 10 s later and on another goroutine.
func InGoroutine(timeout time.Duration, late func(input job.Path)) Runner {
	return &awaited{&goroutine{timeout: timeout}, timeout, late}
}

type goroutine struct {
	worker  transform.Worker
	timeout time.Duration
}

func (r *goroutine) Run(ctx context.Context, s *staging.Stage, done func()) job.Result {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	s.Working()
	res := commit(s, r.worker.Do(ctx, s.Work(), s.Input(), s.Writers()), done)
	if res.Outcome == job.Timeout {
		res.Reason = timeoutReason(r.timeout)
	}
	return res
}

// awaited tells of a job that does not come back. The run waits for it: to go on without
// it would leave its memory taken, and a file that it might still write.
type awaited struct {
	Runner
	timeout time.Duration
	late    func(input job.Path)
}

func (r *awaited) Run(ctx context.Context, s *staging.Stage, done func()) job.Result {
	late := time.AfterFunc(r.timeout+overdue, func() { r.late(s.Job().Input) })
	defer late.Stop()
	return r.Runner.Run(ctx, s, done)
}
