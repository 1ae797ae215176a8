package main

import (
	"context"
	"iter"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/machine"
	"github.com/imgpar/imgpar/internal/plan"
	"github.com/imgpar/imgpar/internal/report"
	"github.com/imgpar/imgpar/internal/transform"
	"github.com/imgpar/imgpar/procpool"
	"github.com/imgpar/imgpar/scheduler"
)

// worker is what one worker of the scheduler keeps.
type worker struct {
	number int
	runner runner
}

// start begins the work on items in the chosen mode. The results come in order
// of completion; end is to be called when they are taken.
func (a *app) start(b *brakes, rep *report.Report, workers int, items iter.Seq[plan.Item]) (results iter.Seq2[plan.Item, job.Result], end func(), err error) {
	newRunner, end, err := a.runners(rep, workers)
	if err != nil {
		return nil, nil, err
	}
	do := func(ctx context.Context, w worker, it plan.Item) (job.Result, error) {
		if b.gently.Err() != nil {
			return it.Job.End(job.Canceled, stopReason(b)), nil
		}
		rep.Start(w.number, it.Job.Input)
		defer rep.End(w.number)
		return w.runner.Run(ctx, it.Job), nil
	}
	if a.flags.mode == modeSequential {
		return sequential(b.now, worker{0, newRunner()}, items, do), end, nil
	}
	budget := a.flags.mem
	if budget == 0 {
		if budget, err = machine.MemoryBudget(); err != nil {
			end()
			return nil, nil, err
		}
	}
	cfg := scheduler.Config[worker]{
		Workers: workers,
		Budget:  budget,
		Init:    func(n int) (worker, error) { return worker{n, newRunner()}, nil },
	}
	task := scheduler.Task[worker, plan.Item, job.Result]{
		Run: do,
		Weight: func(it plan.Item) int64 {
			if b.gently.Err() != nil {
				return 0 // it will not be opened
			}
			return transform.Estimate(it.Job)
		},
	}
	return settle(b, scheduler.Stream(b.now, cfg, items, task)), end, nil
}

// sequential does what the scheduler does, without it.
func sequential(ctx context.Context, w worker, items iter.Seq[plan.Item], do func(context.Context, worker, plan.Item) (job.Result, error)) iter.Seq2[plan.Item, job.Result] {
	return func(yield func(plan.Item, job.Result) bool) {
		for it := range items {
			if res, _ := do(ctx, w, it); !yield(it, res) { // do has no errors, only results
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

// runners returns a maker of runners for the chosen mode, one for each worker,
// and what ends them.
func (a *app) runners(rep *report.Report, workers int) (newRunner func() runner, end func(), err error) {
	if a.flags.mode != modeProc {
		return func() runner { return &inProcess{timeout: a.flags.timeout} }, func() {}, nil
	}
	pool, err := procpool.New(procpool.Config{Workers: workers})
	if err != nil {
		return nil, nil, err
	}
	end = func() {
		if err := pool.Close(); err != nil {
			rep.Say("end the workers: " + err.Error())
		}
	}
	return func() runner { return &subprocess{pool, a.flags.timeout} }, end, nil
}
