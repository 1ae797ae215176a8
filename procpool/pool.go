// Package procpool runs tasks in supervised child processes.
//
// A Pool keeps warm children, by default one per CPU and each the same program run again
// with the argument "worker", where main calls [Serve]. [Pool.Do] sends the bytes of a
// request, and open files, to a free child and returns the bytes of its answer. What happens
// inside a child stays there.
//
// # What a task can do to its child
//
//   - A child that dies, or answers what is no answer, fails the task it is on and no
//     other. The task is tried once more, on a freshly started child; then it is a
//     [CrashError], and the pool does not try it again.
//   - The same goes for one that runs out of memory, as its heap may have been full of
//     earlier work: a [MemoryError] says that its Go runtime gave up, or that it had more
//     than [Config.MaxRSS] resident. Children that have a task are asked for that every
//     100 ms, in which one may grow by 30 to 500 MB, as the machine goes: a hard limit is
//     the system's to give (RLIMIT_DATA). A child that the kernel kills for memory cannot
//     be told from one that somebody kills: that is a CrashError with the signal SIGKILL.
//   - A task that runs longer than its timeout, or whose context ends, has its child
//     killed with all of its process group, whatever the child is busy with, and is not
//     tried again. A task without a timeout waits as long as its child lives and keeps
//     silent, in the middle of an answer too.
//
// Each child that has ended counts once in [Stats].
//
// # When children are replaced
//
//   - After a death of a task: at once.
//   - After a death without a task, or a start that failed: at once the first time, 10 ms
//     after the second in a row, and then after pauses that double up to 1 s. A task hears
//     of it ([StartError]) after 3 starts in a row that failed, if there is no other child.
//   - Never again ([ErrBroken]), after 10 children in a row for each worker that did not
//     start, or died within a minute of their start without ever having a task, if no
//     child is left. Only an answer breaks the row. Deaths of a task are not in it.
//   - After [Config.MaxTasks] tasks, at [Config.MaxAge] and beyond [Config.RecycleRSS],
//     between two tasks. The first two are drawn for each child from (3/4 of it, all of it],
//     so that children which start together are not replaced together. What it has
//     resident a child is asked for at most every 100 ms.
//
// # What a child can do to its parent
//
//   - Memory: for each child a result of at most [Config.MaxResult] bytes ([MaxPayload],
//     64 MiB, unless it is set), for which no more than twice what has arrived, or 1 MiB,
//     is allocated; an error text of at most 64 KiB; 64 KiB of buffers; and 16 KiB of what
//     it prints, of which the last [MaxStderr] bytes are part of the errors, with the line
//     "fatal error: ..." of a Go program if that was earlier. A larger frame is not read:
//     the child is killed.
//   - Time: what it prints is kept away from the terminal and read at no more than 64 KiB
//     each millisecond.
//   - A child that says anything between two tasks is killed before it gets another, which
//     is nobody's crash. (Not on Windows, where it is the crash of that task.)
//   - Open files that it sends are dropped by the kernel.
//
// # How children end
//
//   - No child outlives its parent, however the parent ends: a child exits when its link
//     ends, even in the middle of a task, and on Linux the kernel kills it.
//   - Every child is reaped, and killed even if it left its process group or is stopped;
//     what it started in that group is killed with it. (Windows has no such group: there,
//     only the child itself is.)
//   - Close gives an idle child 2 s ([Config.Grace]) to end by itself, then as much again
//     after an interrupt, and kills it.
//
// A payload, in either direction, has at most [MaxPayload] bytes, and a task at most
// [MaxFiles] files.
package procpool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// maxAttempts is how often a task is tried whose child crashes.
const maxAttempts = 2

// A Task is one request.
type Task struct {
	// Payload is what the handler gets, at most MaxPayload bytes. Do only reads it, and
	// does not keep it.
	Payload []byte

	// Files go along with the payload, at most MaxFiles. The child gets descriptors of
	// its own of the same open files, which share their offset with these: a second
	// attempt finds it where the first left it. Do does not close them, and does not
	// keep them.
	Files []*os.File

	// Timeout is how long one attempt may take from sending the request to receiving the
	// answer; 0 means any time. Waiting for a free child does not count.
	Timeout time.Duration
}

// A Pool keeps children and gives tasks to them. Its methods are safe for concurrent use.
// It must be ended with Close or Kill.
type Pool struct {
	config Config
	idle   chan *slot        // slots that nobody uses; has room for all
	starts chan startRequest // closed by end
	quit   chan struct{}     // closed by stop: start no more children, wait for none

	tasks      sync.WaitGroup // calls of Do; Add happens under mu while not closed
	background sync.WaitGroup // supervisors and renewals
	spawner    sync.WaitGroup

	counts
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

	from := p.idle
	var failed error // the attempt before
	for attempt := 1; ; attempt++ {
		s, err := p.acquire(ctx, from)
		if err != nil {
			return nil, afterFailure(err, failed)
		}
		p.watch()
		result, err := s.child.do(ctx, t)
		if again := p.attribute(err, attempt); !again || attempt == maxAttempts {
			p.release(s, err)
			return result, err
		}
		failed = err
		from = p.replace(s)
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

// acquire waits for a slot with a child, first at from. A task does not fail for a child
// that cannot be started while there are others, nor for one that died before it was sent.
func (p *Pool) acquire(ctx context.Context, from chan *slot) (*slot, error) {
	for {
		s, err := p.receive(ctx, from)
		switch {
		case err != nil:
			return nil, err
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
			return s, nil
		}
	}
}

func (p *Pool) receive(ctx context.Context, from chan *slot) (*slot, error) {
	var err error
	select {
	case <-p.broken:
		err = p.verdict
	default:
		select {
		case s := <-from:
			return s, nil
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
	return nil, err
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

// release gives s back after a task that ended with err.
func (p *Pool) release(s *slot, err error) {
	s.failures = 0
	switch err.(type) {
	case nil, *RemoteError, unsentError:
		p.settleLost(s.child)
		if p.spent(s.child) {
			p.recycle(s)
			return
		}
		p.idle <- s
	default:
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
