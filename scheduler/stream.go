package scheduler

import (
	"context"
	"iter"
	"runtime"
)

// Task says how an input is worked on. Its functions are called by several
// workers at once.
type Task[S, In, Out any] struct {
	// Run works on one input, with the state of its worker, which is its own
	// until it returns. ctx ends when the context of Map or Stream does, and
	// when the loop is left.
	Run func(ctx context.Context, state S, in In) (Out, error)

	// Weight is what in counts for against Config.Budget while it runs. It is
	// called on the worker before admission, so it may do I/O; without a
	// Budget it is not called. nil means 0. A negative weight or a panic is
	// the task's error.
	Weight func(in In) int64
}

// Result is what became of one input.
type Result[In, Out any] struct {
	Index int   // of Input, counted from 0
	Input In    // as it was taken
	Value Out   // what Run returned, even beside an error
	Err   error // of Run or Init, a *PanicError, ErrGoexit, or the context's
}

// Map runs task on each input and yields the results in the order of the
// inputs. In all else it is like [Stream].
func Map[S, In, Out any](ctx context.Context, cfg Config[S], inputs iter.Seq[In], task Task[S, In, Out]) iter.Seq[Result[In, Out]] {
	return newPlan(ctx, cfg, inputs, task, true).each
}

// Stream runs task on each input and yields the results as the tasks complete.
// It panics if cfg is not valid or task.Run is nil.
//
// Nothing starts before the loop over the returned sequence does; each such
// loop takes the inputs anew. The inputs iterator runs on a goroutine of its
// own, beside the loop body. It is asked for an input only when a place of the
// window is vacant.
//
// When ctx is done, no further input is taken. Tasks that run can see it by
// their context, tasks that were taken and not started yield ctx.Err(), and
// the loop ends. Breaking out of the loop cancels what runs and returns when
// it has ended. Neither can interrupt the inputs iterator: if that may block
// for long, let it watch a context too.
//
// If the inputs iterator panics, the tasks taken before still yield their
// results. Then, all workers having ended, the loop panics with an error that
// wraps a *PanicError. If it calls runtime.Goexit, so does the loop.
func Stream[S, In, Out any](ctx context.Context, cfg Config[S], inputs iter.Seq[In], task Task[S, In, Out]) iter.Seq[Result[In, Out]] {
	return newPlan(ctx, cfg, inputs, task, false).each
}

// plan is the arguments of Map or Stream, for any number of loops.
type plan[S, In, Out any] struct {
	ctx     context.Context
	cfg     Config[S] // with defaults
	inputs  iter.Seq[In]
	task    Task[S, In, Out]
	ordered bool
}

func newPlan[S, In, Out any](ctx context.Context, cfg Config[S], inputs iter.Seq[In], task Task[S, In, Out], ordered bool) *plan[S, In, Out] {
	if err := cfg.Validate(); err != nil {
		panic(err)
	}
	if task.Run == nil {
		panic("scheduler: Task.Run is nil")
	}
	return &plan[S, In, Out]{ctx, cfg.withDefaults(), inputs, task, ordered}
}

// each is the iterator that Map and Stream return.
func (p *plan[S, In, Out]) each(yield func(Result[In, Out]) bool) {
	f := newFlow(p)
	f.consume(yield)
	if fault := f.fault.Load(); fault != nil {
		fault.raise()
	}
	if f.exited {
		runtime.Goexit()
	}
}
