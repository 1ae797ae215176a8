package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/staging"
	"github.com/imgpar/imgpar/internal/transform"
	"github.com/imgpar/imgpar/procpool"
)

// runner does one job after another. Each worker has its own. All stage the job,
// have the work done, and commit what was made.
type runner interface {
	Run(context.Context, job.Job) job.Result
}

// inProcess is the runner of goroutine mode.
type inProcess struct {
	worker  transform.Worker
	timeout time.Duration
}

// Run asks the job to end in time. A goroutine cannot be made to.
func (r *inProcess) Run(ctx context.Context, j job.Job) job.Result {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	s := staging.Open(j)
	if !s.Wanted() {
		return s.Result()
	}
	res := s.Commit(r.worker.Do(ctx, s.Work(), s.Input(), s.Writers()))
	if res.Outcome == job.Timeout {
		res.Reason = timeoutReason(r.timeout)
	}
	return res
}

// subprocess is the runner of proc mode. All workers share the pool.
type subprocess struct {
	pool    *procpool.Pool
	timeout time.Duration
}

// The files of any job can go along with a task.
const _ = uint(procpool.MaxFiles - (1 + job.MaxOutputs))

// Run has the job done by a child, whatever becomes of the child.
func (r *subprocess) Run(ctx context.Context, j job.Job) job.Result {
	s := staging.Open(j)
	if !s.Wanted() {
		return s.Result()
	}
	files := s.Files()
	if !s.Wanted() {
		return s.Result()
	}
	payload, err := job.EncodeWork(s.Work())
	if err != nil {
		return s.End(job.Crashed, err.Error())
	}
	data, err := r.pool.Do(ctx, procpool.Task{Payload: payload, Files: files, Timeout: r.timeout})
	if err != nil {
		res := s.End(r.blame(ctx, err))
		res.NoWorker = errors.Is(err, procpool.ErrBroken)
		return res
	}
	answer, err := job.DecodeAnswer(data)
	if err != nil {
		return s.End(job.Crashed, "the worker went wrong: "+err.Error())
	}
	return s.Commit(answer)
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

func timeoutReason(d time.Duration) string { return fmt.Sprintf("took longer than %v", d) }
