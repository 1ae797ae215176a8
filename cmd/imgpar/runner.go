package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/imgpar/imgpar/internal/atomicfile"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/transform"
	"github.com/imgpar/imgpar/procpool"
)

// runner does one job after another. Each worker has its own.
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
	res := r.worker.Do(ctx, j)
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

// Run has the job done by a child, whatever becomes of the child.
func (r *subprocess) Run(ctx context.Context, j job.Job) job.Result {
	start := time.Now()
	res, err := r.ask(ctx, j)
	if err == nil {
		return res
	}
	res = r.blame(ctx, j, err)
	res.Elapsed = time.Since(start)
	if err := discard(j); err != nil {
		res.Notes = append(res.Notes, "a temporary file may be left: "+job.Plain(err))
	}
	return res
}

// discard removes what a child that was killed while writing has left of the files
// that a job makes.
func discard(j job.Job) error {
	var err error
	for _, t := range j.Targets() {
		err = errors.Join(err, atomicfile.Discard(string(t.Output)))
	}
	if j.InPlace != nil && j.InPlace.Backup != "" {
		err = errors.Join(err, atomicfile.Discard(string(j.Output)+j.InPlace.Backup))
	}
	return err
}

func (r *subprocess) ask(ctx context.Context, j job.Job) (job.Result, error) {
	payload, err := job.EncodeJob(j)
	if err != nil {
		return job.Result{}, err
	}
	answer, err := r.pool.Do(ctx, procpool.Task{Payload: payload, Timeout: r.timeout})
	if err != nil {
		return job.Result{}, err
	}
	return job.DecodeResult(answer)
}

// blame makes a result of an error of the pool.
func (r *subprocess) blame(ctx context.Context, j job.Job, err error) job.Result {
	var timeout *procpool.TimeoutError
	switch {
	case errors.As(err, &timeout):
		return j.End(job.Timeout, timeoutReason(r.timeout))
	case ctx.Err() != nil, errors.Is(err, procpool.ErrKilled), errors.Is(err, procpool.ErrClosed):
		return j.End(job.Canceled, "stopped while in work")
	}
	return j.End(job.Crashed, job.OneLine(err.Error()))
}

func timeoutReason(d time.Duration) string { return fmt.Sprintf("took longer than %v", d) }
