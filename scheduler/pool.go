package scheduler

import (
	"context"
	"errors"
	"sync"
)

// ErrClosed is the error of a task submitted to a Pool after Close.
var ErrClosed = errors.New("scheduler: pool is closed")

// Pool is a set of workers for tasks that come one by one, from any number of
// goroutines. NewPool makes it, and Close must be called to end it.
type Pool[S any] struct {
	*crew[S]
	cancel context.CancelFunc

	mu         sync.Mutex
	closed     bool           // guarded by mu
	submitting sync.WaitGroup // added to under mu while not closed
	closeJobs  sync.Once      // jobs is closed when submitting is down to 0
}

// NewPool starts the workers of a Pool. When ctx is done, running tasks can
// see it by their context, and tasks that have not started end with ctx.Err().
// The error is that of [Config.Validate].
func NewPool[S any](ctx context.Context, cfg Config[S]) (*Pool[S], error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	ctx, cancel := context.WithCancel(ctx)
	// A worker holds one task, so the queue holds the rest of the window.
	return &Pool[S]{crew: newCrew(ctx, cfg, cfg.Window-cfg.Workers), cancel: cancel}, nil
}

// Close takes no more tasks, waits until those that were submitted are done,
// and ends the workers. It may be called more than once, and beside Submit, but
// not by a task of the pool. To stop early, cancel the context of NewPool first.
func (p *Pool[S]) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.submitting.Wait()
	p.closeJobs.Do(func() { close(p.jobs) })
	p.working.Wait()
	p.cancel()
	if fault := p.fault.Load(); fault != nil {
		fault.raise()
	}
}

// Submit hands run to a worker of p, with what it counts for against
// Config.Budget while it runs (a negative one is the task's error; without a
// Budget, weight is not looked at).
//
// While Config.Window tasks are submitted and not done, Submit blocks until
// there is room or the pool's context is done. So a task must not submit to its
// own pool: if all workers did, none would make room.
//
// The future is never nil. After Close its error is ErrClosed, after the end of
// the pool's context that context's error.
func Submit[S, Out any](p *Pool[S], weight int64, run func(ctx context.Context, state S) (Out, error)) *Future[Out] {
	s := &submission[S, Out]{
		future: Future[Out]{done: make(chan struct{})},
		weight: weight,
		task:   run,
	}
	if err := p.enqueue(s); err != nil {
		s.finish(err)
	}
	return &s.future
}

func (p *Pool[S]) enqueue(j job[S]) error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return ErrClosed
	}
	p.submitting.Add(1)
	p.mu.Unlock()
	defer p.submitting.Done()
	select {
	case p.jobs <- j:
		return nil
	case <-p.ctx.Done():
		return p.ctx.Err()
	}
}

// submission is a future and the job that settles it.
type submission[S, Out any] struct {
	future Future[Out]
	weight int64
	task   func(ctx context.Context, state S) (Out, error)
}

func (s *submission[S, Out]) weigh() int64 { return s.weight }

func (s *submission[S, Out]) run(ctx context.Context, state S) (err error) {
	s.future.value, err = s.task(ctx, state)
	return err
}

func (s *submission[S, Out]) finish(err error) {
	s.task = nil // so that the future keeps nothing of it alive
	s.future.settle(err)
}
