package scheduler

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/semaphore"
)

// job is what a worker works on: a place of the window in Map and Stream, a
// submission in a Pool.
type job[S any] interface {
	weigh() int64
	run(ctx context.Context, state S) error
	finish(err error) // called once for each job, and never blocks
}

// crew is the set of workers that Map, Stream and Pool share.
type crew[S any] struct {
	cfg     Config[S] // with defaults
	ctx     context.Context
	budget  *semaphore.Weighted // nil without a Budget
	jobs    chan job[S]         // closed by whoever sends to it; the workers then end
	ending  chan struct{}       // closed when jobs is closed and empty, for those who do not take any
	drained sync.Once

	working sync.WaitGroup             // one for each worker
	fault   atomic.Pointer[PanicError] // the first panic that was no task's
}

// newCrew starts cfg.Workers workers, which end when jobs is closed.
func newCrew[S any](ctx context.Context, cfg Config[S], queue int) *crew[S] {
	c := &crew[S]{cfg: cfg, ctx: ctx, jobs: make(chan job[S], queue), ending: make(chan struct{})}
	if cfg.Budget > 0 {
		c.budget = semaphore.NewWeighted(cfg.Budget)
	}
	c.working.Add(cfg.Workers)
	for number := range cfg.Workers {
		go c.work(number)
	}
	return c
}

// next waits for a job that a worker is to take. There may be no more.
func (c *crew[S]) next(number int) (j job[S], ok bool) {
	if !c.cfg.Limit.await(number, c.ending) {
		return nil, false
	}
	if j, ok = <-c.jobs; !ok {
		c.drained.Do(func() { close(c.ending) })
	}
	return j, ok
}

// work is the life of a worker. A job that panics or calls Goexit ends this
// goroutine and its state; the worker then goes on with a new one of each.
func (c *crew[S]) work(number int) {
	w := worker[S]{crew: c, number: number}
	ended := false
	defer func() {
		if v := recover(); v != nil {
			c.fault.CompareAndSwap(nil, newPanicError(v))
		}
		if ended {
			c.working.Done()
			return
		}
		go c.work(number)
	}()
	defer w.release()
	for j, ok := c.next(number); ok; j, ok = c.next(number) {
		if !w.do(j) {
			return
		}
	}
	ended = true
}

// worker is the part of a crew that belongs to one goroutine.
type worker[S any] struct {
	*crew[S]
	number int
	state  S
	ready  bool // state was made and not released
}

// do brings j to its one result and reports whether the state is still sound.
func (w *worker[S]) do(j job[S]) (sound bool) {
	err := ErrGoexit // unless attempt returns or panics
	defer func() {
		if v := recover(); v != nil {
			err = newPanicError(v)
		}
		j.finish(err)
	}()
	err = w.attempt(j)
	return true
}

func (w *worker[S]) attempt(j job[S]) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if !w.ready {
		if err := w.init(); err != nil {
			return err
		}
	}
	if w.budget != nil {
		admitted, err := w.admit(j.weigh())
		if err != nil {
			return err
		}
		defer w.budget.Release(admitted)
	}
	return j.run(w.ctx, w.state)
}

// admit waits until weight fits into the budget and returns what was taken of
// it. A weightless job takes no part in the queue.
func (w *worker[S]) admit(weight int64) (int64, error) {
	if weight < 0 {
		return 0, fmt.Errorf("scheduler: weight is %d; it must not be negative", weight)
	}
	if weight == 0 {
		return 0, w.ctx.Err()
	}
	weight = min(weight, w.cfg.Budget)
	return weight, w.budget.Acquire(w.ctx, weight)
}

func (w *worker[S]) init() error {
	if w.cfg.Init != nil {
		state, err := w.cfg.Init(w.number)
		if err != nil {
			return fmt.Errorf("scheduler: state of worker %d: %w", w.number, err)
		}
		w.state = state
	}
	w.ready = true
	return nil
}

func (w *worker[S]) release() {
	if w.ready && w.cfg.Release != nil {
		w.cfg.Release(w.state)
	}
}
