package main

import (
	"context"
	"iter"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/plan"
	"github.com/imgpar/imgpar/internal/report"
	"github.com/imgpar/imgpar/internal/runner"
	"github.com/imgpar/imgpar/internal/staging"
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
	idle      chan worker          // those that do not work
	spare     chan worker          // those that only wait behind others, with short work; see procpool.Task
	lanes     *lanes               // nil in sequential mode
}

// worker is one of as many as may work at once, or a spare one.
type worker struct {
	number int // from crew.workers on: of a spare one
	runner runner.Runner
}

// hire makes the crew of a run whose jobs have so many outputs each.
func (r *batch) hire(workers, outputs int) (*crew, error) {
	f := &r.flags
	c := &crew{workers: workers, newRunner: r.inGoroutine}
	defer c.employ()
	if f.mode == modeSequential {
		return c, nil
	}
	c.lanes = newLanes(workers, outputs, f.mode == modeProc)
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

// employ makes the workers.
func (c *crew) employ() {
	c.idle = make(chan worker, c.workers)
	spare := 0
	if c.pool != nil {
		spare = c.workers * (procpool.MaxLine - 1)
	}
	c.spare = make(chan worker, spare)
	for n := range c.workers + spare {
		c.free(worker{n, c.newRunner()})
	}
}

// free makes w one that does not work.
func (c *crew) free(w worker) {
	if w.number < c.workers {
		c.idle <- w
	} else {
		c.spare <- w
	}
}

// await waits for a worker, until ctx is done, or a spare one where that does.
func (c *crew) await(ctx context.Context, short bool) (w worker, ok bool) {
	var spare chan worker
	if short {
		spare = c.spare
	}
	select {
	case w = <-c.idle:
	case w = <-spare:
	case <-ctx.Done():
		return worker{}, false
	}
	if ctx.Err() != nil {
		c.free(w)
		return worker{}, false
	}
	return w, true
}

// inSubprocess tells whether a job is one for a subprocess from the start.
func (r *batch) inSubprocess(s *staging.Stage) bool {
	return r.flags.mode == modeProc || r.flags.mode == modeAuto && runner.NeedsSubprocess(s)
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
		return sequential(r.now, q.flights, r.do)
	}
	cfg := scheduler.Config[struct{}]{
		Workers: r.crew.lanes.most,
		Limit:   r.crew.lanes.limit,
		Budget:  r.crew.budget,
	}
	task := scheduler.Task[struct{}, *flight, job.Result]{Run: r.do, Weight: r.weigh}
	return settle(r.brakes, scheduler.Stream(r.now, cfg, q.flights, task))
}

// sequential does what the scheduler does, without it.
func sequential(ctx context.Context, flights iter.Seq[*flight], do func(context.Context, struct{}, *flight) (job.Result, error)) iter.Seq2[plan.Item, job.Result] {
	return func(yield func(plan.Item, job.Result) bool) {
		for f := range flights {
			if res, _ := do(ctx, struct{}{}, f); !yield(f.Item, res) {
				return
			}
		}
	}
}

// settle makes a result of every end that a task can have.
func settle(b *brakes, in iter.Seq[scheduler.Result[*flight, job.Result]]) iter.Seq2[plan.Item, job.Result] {
	return func(yield func(plan.Item, job.Result) bool) {
		for r := range in {
			res := r.Value
			switch {
			case r.Err != nil && b.now.Err() != nil:
				res = r.Input.end(job.Canceled, stopReason(b))
			case r.Err != nil:
				res = r.Input.end(job.Crashed, job.OneLine(r.Err.Error()))
			}
			if !yield(r.Input.Item, res) {
				return
			}
		}
	}
}
