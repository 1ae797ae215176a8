package scheduler

import (
	"sync"
	"sync/atomic"
)

// Limit is how many workers take tasks, at least one. It changes while they work: more
// of them pay where tasks wait for something other than a processor. Its methods are
// safe for concurrent use, and it may serve one Config after another.
type Limit struct {
	n atomic.Int64

	mu     sync.Mutex
	raised chan struct{} // guarded by mu; closed when n has grown
}

// NewLimit returns a limit of n workers.
func NewLimit(n int) *Limit {
	l := &Limit{raised: make(chan struct{})}
	l.Set(n)
	return l
}

// Set makes the limit n, or 1 if that is less. A worker beyond it ends its task, and
// may take one more if it waits for one.
func (l *Limit) Set(n int) {
	next := int64(max(n, 1))
	if l.n.Load() == next {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.n.Swap(next) < next {
		close(l.raised)
		l.raised = make(chan struct{})
	}
}

// Get returns the limit.
func (l *Limit) Get() int { return int(l.n.Load()) }

// await waits until the worker of that number is within the limit. It reports false
// when ending is closed before.
func (l *Limit) await(number int, ending <-chan struct{}) bool {
	for l != nil && int64(number) >= l.n.Load() {
		l.mu.Lock()
		raised := l.raised
		within := int64(number) < l.n.Load()
		l.mu.Unlock()
		if within {
			return true
		}
		select {
		case <-raised:
		case <-ending:
			return false
		}
	}
	return true
}
