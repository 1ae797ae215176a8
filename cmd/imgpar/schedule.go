package main

import (
	"context"
	"iter"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/plan"
	"github.com/imgpar/imgpar/internal/report"
	"github.com/imgpar/imgpar/internal/runner"
	"github.com/imgpar/imgpar/internal/transform"
	"github.com/imgpar/imgpar/procpool"
	"github.com/imgpar/imgpar/scheduler"
)

// crew is what works on the items of a run, in its mode.
type crew struct {
	workers   int
	budget    int64                // bytes of memory for all that is in work
	admission admission            // and for each
	pool      *runner.Pool         // of modes with subprocesses; else nil
	newRunner func() runner.Runner // for each worker
}

// worker is what one worker of the scheduler keeps.
type worker struct {
	number int
	runner runner.Runner
}

// hire makes the crew of a run.
func (r *batch) hire(workers int) (*crew, error) {
	f := &r.flags
	c := &crew{workers: workers, newRunner: r.inGoroutine}
	if f.mode == modeSequential {
		return c, nil
	}
	var err error
	if c.budget, c.admission.each, err = f.memory(); err != nil || f.mode == modeGoroutine {
		return c, err
	}
	c.admission.subprocess = f.isolation.perWorker(c.admission.each)
	pool := f.isolation.pool(workers, c.admission.each)
	pool.Started = r.tellIsolation
	c.pool = runner.NewPool(pool)
	if f.mode == modeAuto {
		c.newRunner = func() runner.Runner {
			return runner.Auto(r.inGoroutine(), runner.InSubprocess(c.pool, f.timeout))
		}
		return c, nil
	}
	c.newRunner = func() runner.Runner { return runner.InSubprocess(c.pool, f.timeout) }
	return c, c.pool.Start()
}

// inSubprocess tells whether a job is one for a subprocess from the start.
func (r *batch) inSubprocess(j job.Job) bool {
	return r.flags.mode == modeProc || r.flags.mode == modeAuto && runner.NeedsSubprocess(j)
}

func (r *batch) inGoroutine() runner.Runner {
	return runner.InGoroutine(r.flags.timeout, func(input job.Path) {
		r.report.Say(report.Printable(string(input)) + ": does not end though its time is up; a goroutine can only be waited for, --mode=proc would kill it")
	})
}

// end waits for the workers' end, and tells what became of them.
func (c *crew) end() (procpool.Stats, error) {
	if c.pool == nil {
		return procpool.Stats{}, nil
	}
	return c.pool.Close()
}

// results has the crew work on the items of a queue. The results come in order of
// completion.
func (r *batch) results(q *queue) iter.Seq2[plan.Item, job.Result] {
	if r.flags.mode == modeSequential {
		return sequential(r.now, worker{0, r.crew.newRunner()}, q.all, r.do)
	}
	cfg := scheduler.Config[worker]{
		Workers: r.crew.workers,
		Budget:  r.crew.budget,
		Init:    func(n int) (worker, error) { return worker{n, r.crew.newRunner()}, nil },
	}
	task := scheduler.Task[worker, plan.Item, job.Result]{Run: r.do, Weight: r.weigh}
	return settle(r.brakes, scheduler.Stream(r.now, cfg, q.all, task))
}

// do works on an item, unless the run has been stopped. It has no errors, only
// results.
func (r *batch) do(ctx context.Context, w worker, it plan.Item) (job.Result, error) {
	if r.gently.Err() != nil {
		return it.Job.End(job.Canceled, stopReason(r.brakes)), nil
	}
	r.report.Start(w.number, it.Job.Input)
	defer r.report.End(w.number)
	res, refused := r.crew.admission.refusal(it.Job, r.inSubprocess)
	if !refused {
		res = w.runner.Run(ctx, it.Job)
	}
	if stop := r.failures.limit.first(res); stop != nil {
		r.halt(stop)
	}
	return res, nil
}

// weigh returns the memory that an item takes.
func (r *batch) weigh(it plan.Item) int64 {
	if r.gently.Err() != nil {
		return 0 // it will not be opened
	}
	most, least := transform.Estimate(it.Job)
	r.crew.admission.weighed(it.Job, least)
	return most
}

// sequential does what the scheduler does, without it.
func sequential(ctx context.Context, w worker, items iter.Seq[plan.Item], do func(context.Context, worker, plan.Item) (job.Result, error)) iter.Seq2[plan.Item, job.Result] {
	return func(yield func(plan.Item, job.Result) bool) {
		for it := range items {
			if res, _ := do(ctx, w, it); !yield(it, res) {
				return
			}
		}
	}
}

// settle makes a result of every end that a task can have.
func settle(b *brakes, in iter.Seq[scheduler.Result[plan.Item, job.Result]]) iter.Seq2[plan.Item, job.Result] {
	return func(yield func(plan.Item, job.Result) bool) {
		for r := range in {
			res := r.Value
			switch {
			case r.Err != nil && b.now.Err() != nil:
				res = r.Input.Job.End(job.Canceled, stopReason(b))
			case r.Err != nil:
				res = r.Input.Job.End(job.Crashed, job.OneLine(r.Err.Error()))
			}
			if !yield(r.Input, res) {
				return
			}
		}
	}
}
