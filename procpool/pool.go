package procpool

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// maxAttempts is how often a task is tried whose child crashes.
const maxAttempts = 2

// A Pool keeps children and gives tasks to them. Its methods are safe for concurrent use.
// It must be ended with Close or Kill.
type Pool struct {
	config Config
	idle   chan *slot        // slots that nobody uses; has room for all
	places chan *child       // places in the lines of children, for whoever waits for one
	starts chan startRequest // closed by end
	quit   chan struct{}     // closed by stop: start no more children, wait for none

	tasks      sync.WaitGroup // calls of Do; Add happens under mu while not closed
	background sync.WaitGroup // supervisors and renewals
	spawner    sync.WaitGroup

	counts
	alone  atomic.Int64  // tasks that wait for an idle child and are not short
	losses atomic.Int64  // children that came to nothing since the last answer
	broken chan struct{} // closed by tried

	mu       sync.Mutex
	verdict  error           // guarded by mu until broken is closed; what Do returns from then on
	children map[*child]bool // guarded by mu; not yet reaped
	watching bool            // guarded by mu; watchAll runs
	closed   bool            // guarded by mu; Do takes no more tasks
	ending   bool            // guarded by mu; children are ended as soon as they start

	stop func()       // closes quit, once
	end  func() error // ends the children, once
}

// New returns a pool whose children start in the background. Children that cannot be
// started are reported by Do. The error is that of cfg.Validate.
func New(cfg Config) (*Pool, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	p := &Pool{
		config:   cfg,
		idle:     make(chan *slot, cfg.Workers),
		places:   make(chan *child),
		starts:   make(chan startRequest),
		quit:     make(chan struct{}),
		broken:   make(chan struct{}),
		children: make(map[*child]bool),
	}
	p.stop = sync.OnceFunc(func() { close(p.quit) })
	p.end = sync.OnceValue(p.endChildren)
	p.spawner.Go(func() { spawn(p.starts) })
	for range cfg.Workers {
		p.renew(new(slot), p.idle)
	}
	return p, nil
}

// Do runs t on the next free child and returns the handler's result, which the caller
// owns. The error is
//   - a *RemoteError if the handler returned an error or panicked,
//   - a *CrashError if the child crashed at the second attempt as well as at the first, or
//     a *MemoryError if it was for want of memory at the second,
//   - a *TimeoutError if t.Timeout ran out,
//   - ctx.Err() if ctx ended first; a child that is on the task is killed,
//   - a *StartError if there is no child and none can be started, in which case it may
//     also wrap the *CrashError or *MemoryError of a first attempt,
//   - ErrBroken, with such a *StartError, if the pool has given up,
//   - an error that says why t.Files cannot be passed; the child has nothing of it,
//   - ErrTooLarge, ErrTooManyFiles, ErrClosed or ErrKilled.
func (p *Pool) Do(ctx context.Context, t Task) ([]byte, error) {
	if len(t.Payload) > MaxPayload {
		return nil, ErrTooLarge
	}
	if len(t.Files) > MaxFiles {
		return nil, ErrTooManyFiles
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !p.begin() {
		return nil, ErrClosed
	}
	defer p.tasks.Done()

	short := t.short()
	from := p.idle
	var failed error // the attempt before
	for attempt := 1; ; {
		c, err := p.acquire(ctx, from, short)
		if err != nil {
			return nil, afterFailure(err, failed)
		}
		p.watch()
		result, err := c.do(ctx, t)
		short = false // from now on it has a child alone
		if err == errDisplaced {
			continue
		}
		if again := p.attribute(err, attempt); !again || attempt == maxAttempts {
			p.release(c, err)
			return result, err
		}
		failed = err
		from = p.replace(c.slot)
		attempt++
	}
}

// attribute counts how an attempt ended, and reports whether another may end otherwise.
func (p *Pool) attribute(err error, attempt int) (again bool) {
	switch e := err.(type) {
	case nil, *RemoteError:
		p.answered.Add(1)
		p.losses.Store(0)
	case *CrashError:
		p.crashes.Add(1)
		e.Attempts = attempt
		return true
	case *MemoryError:
		p.memory.Add(1)
		e.Attempts = attempt
		return true
	case *TimeoutError:
		p.timeouts.Add(1)
	case unsentError: // the child has nothing of it
	default:
		if err != ErrKilled {
			p.canceled.Add(1)
		}
	}
	return false
}

// begin reports whether the pool takes tasks, and counts one if it does.
func (p *Pool) begin() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.tasks.Add(1)
	return true
}

// acquire waits for a child, first at from, and gives it a task. A task does not fail for a
// child that cannot be started while there are others, nor for one that died before it was sent.
func (p *Pool) acquire(ctx context.Context, from chan *slot, short bool) (*child, error) {
	if !short && from == p.idle {
		p.alone.Add(1)
		defer p.alone.Add(-1)
	}
	for {
		s, c, err := p.receive(ctx, from, short)
		switch {
		case err != nil:
			return nil, err
		case c != nil:
			return c, nil
		case s.child == nil:
			err := s.err
			p.renew(s, p.idle)
			if !p.anyWorking() {
				return nil, err
			}
			from = p.idle
		case !s.child.quiet():
			p.replaceLost(s, from)
		default:
			s.child.take(short)
			p.offer(s.child)
			return s.child, nil
		}
	}
}

// receive waits for a slot or, for a short task, a child that it is given to.
func (p *Pool) receive(ctx context.Context, from chan *slot, short bool) (s *slot, c *child, err error) {
	var places chan *child
	if short {
		if s, c := p.atOnce(); s != nil || c != nil {
			return s, c, nil
		}
		places = p.places
	}
	select {
	case <-p.broken:
		err = p.verdict
	default:
		select {
		case s := <-from:
			return s, nil, nil
		case c := <-places:
			return nil, c, nil
		case <-ctx.Done():
			err = ctx.Err()
		case <-p.quit:
			err = ErrKilled
		case <-p.broken:
			err = p.verdict
		}
	}
	if from != p.idle {
		p.abandon(from)
	}
	return nil, nil, err
}

// replace renews s, whose child died of a task, for its holder alone: the result sends s
// once more, with a fresh child.
func (p *Pool) replace(s *slot) chan *slot {
	s.failures = 0
	fresh := make(chan *slot, 1)
	p.renew(s, fresh)
	return fresh
}

// abandon leaves to others the slot that replace promised.
func (p *Pool) abandon(fresh <-chan *slot) {
	p.background.Go(func() { p.idle <- <-fresh })
}

// release takes a task from a child, that has ended with err.
func (p *Pool) release(c *child, err error) {
	s := c.slot
	switch err.(type) {
	case nil, *RemoteError, unsentError:
		p.offer(c)
		last, retired := c.leave(p.spent(c))
		if !last {
			return
		}
		s.failures = 0
		p.settleLost(c)
		if retired {
			p.recycle(s)
			return
		}
		p.idle <- s
		if len(p.idle) == 0 {
			runtime.Gosched() // to who waited for it: the child is to go on before what follows from its answer
		}
	default:
		s.failures = 0
		p.renew(s, p.idle)
	}
}

// afterFailure adds to an error the attempt before it, if that failed and the error says
// why there was no other.
func afterFailure(err, failed error) error {
	_, start := errors.AsType[*StartError](err)
	if failed != nil && (start || errors.Is(err, ErrBroken)) {
		return fmt.Errorf("%w; then %w", failed, err)
	}
	return err
}

// PIDs returns the process numbers of the children that have started and are not yet
// reaped, in increasing order.
func (p *Pool) PIDs() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	pids := make([]int, 0, len(p.children))
	for c := range p.children {
		pids = append(pids, c.pid())
	}
	slices.Sort(pids)
	return pids
}
