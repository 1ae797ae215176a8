package runner

import (
	"context"
	"errors"
	"time"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/staging"
	"github.com/imgpar/imgpar/procpool"
)

// InSubprocess returns a Runner whose work is done by a worker of pool, which is killed
// if it takes longer than timeout. The first job starts the pool; if that fails all fail,
// for job.NoWorker.
func InSubprocess(pool *Pool, timeout time.Duration) Runner {
	return &subprocess{pool, timeout}
}

type subprocess struct {
	pool    *Pool
	timeout time.Duration
}

// The files of any job can go along with a task.
const _ = uint(procpool.MaxFiles - (1 + job.MaxOutputs))

// What short work is at the most. To hand a job to a worker and to take its answer takes
// about 0.1 ms, a picture of 64x64 pixels as much.
const (
	shortBytes = 64 << 10 // of the input
	shortSide  = 256      // pixels of its width and height
	shortNeed  = 2 << 20  // bytes of memory: what is made of it is small as well
)

// IsShort tells whether the work on s, which takes so many bytes of memory, is short. It
// goes by what the input says of itself: one that lies keeps others waiting, no more.
func IsShort(s *staging.Stage, need int64) bool {
	h, flaw := s.Header()
	return flaw == nil && len(s.Job().Targets()) == 1 && s.Size() <= shortBytes &&
		h.Width <= shortSide && h.Height <= shortSide && need <= shortNeed
}

// Run has the work done by a worker, whatever becomes of the worker.
func (r *subprocess) Run(ctx context.Context, s *staging.Stage, done func()) job.Result {
	pool, err := r.pool.get()
	if err != nil {
		return s.End(job.Failed, job.NoWorker+err.Error())
	}
	s.Working()
	data, err := pool.Do(ctx, procpool.Task{Payload: job.EncodeWork(s.Work()), Files: s.Files(), Timeout: r.timeout, Short: s.Short})
	if err != nil {
		res := s.End(r.blame(ctx, err))
		res.NoWorker = errors.Is(err, procpool.ErrBroken)
		return res
	}
	answer, err := job.DecodeAnswer(data)
	if err != nil {
		return s.End(job.Crashed, "the worker went wrong: "+err.Error())
	}
	return commit(s, answer, done)
}

// blame makes an outcome and a reason of an error of the pool.
func (r *subprocess) blame(ctx context.Context, err error) (job.Outcome, string) {
	var (
		timeout *procpool.TimeoutError
		crash   *procpool.CrashError
		memory  *procpool.MemoryError
		remote  *procpool.RemoteError
		start   *procpool.StartError
	)
	switch {
	case errors.As(err, &timeout):
		return job.Timeout, timeoutReason(r.timeout)
	case ctx.Err() != nil, errors.Is(err, procpool.ErrKilled), errors.Is(err, procpool.ErrClosed):
		return job.Canceled, "stopped while in work"
	}
	// A picture that killed its worker has two tries: if there is none for the second, it is not known to be the cause.
	if !errors.As(err, &start) && (errors.As(err, &crash) || errors.As(err, &memory) || errors.As(err, &remote)) {
		return job.Crashed, err.Error()
	}
	return job.Failed, job.NoWorker + err.Error()
}
