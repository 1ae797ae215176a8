package main

import (
	"context"
	"iter"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/plan"
	"github.com/imgpar/imgpar/internal/transform"
	"github.com/imgpar/imgpar/procpool"
	"github.com/imgpar/imgpar/scheduler"
)

// crew is what works on the items of a run, in its mode.
type crew struct {
	workers   int
	budget    int64         // bytes of memory for all that is in work
	means     means         // and for each
	pool      *lazyPool     // of modes with subprocesses
	newRunner func() runner // for each worker
}

// worker is what one worker of the scheduler keeps.
type worker struct {
	number int
	runner runner
}

// hire makes the crew of a run.
func (r *batch) hire(workers int) (*crew, error) {
	f := &r.flags
	c := &crew{workers: workers, newRunner: r.inGoroutines}
	if f.mode == modeSequential {
		return c, nil
	}
	var err error
	if c.budget, c.means.most, err = f.memory(); err != nil || f.mode == modeGoroutine {
		return c, err
	}
	c.means.worker = f.isolation.perWorker(c.means.most)
	c.pool = &lazyPool{config: f.isolation.poolConfig(workers, c.means.most), started: r.tellIsolation}
	subprocesses := func() (runner, error) {
		pool, err := c.pool.get()
		return &subprocess{pool, f.timeout}, err
	}
	if f.mode == modeAuto {
		c.newRunner = func() runner { return &auto{here: r.inGoroutines(), there: subprocesses} }
		return c, nil
	}
	one, err := subprocesses()
	c.newRunner = func() runner { return one }
	return c, err
}

// inSubprocess tells whether a job is one for a subprocess from the start.
func (r *batch) inSubprocess(j job.Job) bool {
	return r.flags.mode == modeProc || r.flags.mode == modeAuto && !isChecked(string(j.Input))
}

func (r *batch) inGoroutines() runner {
	return &awaited{&inProcess{timeout: r.flags.timeout}, r.flags.timeout, r.report.Say}
}

// end waits for the workers' end, and tells what became of them.
func (c *crew) end() (procpool.Stats, error) {
	if c.pool == nil {
		return procpool.Stats{}, nil
	}
	return c.pool.end()
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
	res, refused := r.crew.means.refusal(it.Job, r.inSubprocess)
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
	r.crew.means.weighed(it.Job, least)
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
