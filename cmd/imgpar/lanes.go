package main

import (
	"math/bits"
	"slices"
	"sync"
	"time"

	"github.com/imgpar/imgpar/internal/machine"
	"github.com/imgpar/imgpar/scheduler"
)

// lanes are the jobs that may be on their way at once, each between its stage and its
// result. They are more than the workers where that pays, since a worker is held only
// for the work. It is safe for concurrent use.
type lanes struct {
	most  int
	limit *scheduler.Limit

	mu   sync.Mutex
	pace pace // guarded by mu
}

// maxAhead is the most lanes beyond the workers: enough for 64 files at once to be waited
// for, and for 3,200 files/s where each takes 20 ms.
const maxAhead = 64

// newLanes are those of so many workers, on jobs of so many outputs. subprocess tells that
// work is done in other processes from the start.
func newLanes(workers, outputs int, subprocess bool) *lanes {
	l := &lanes{most: mostLanes(workers, outputs, machine.MaxOpenFiles()), pace: pace{workers: workers}}
	if subprocess {
		l.pace.expect(1)
	}
	l.limit = scheduler.NewLimit(min(l.most, l.pace.lanes()))
	return l
}

// mostLanes returns how many lanes there may be where so many files may be open, 0 if that
// is unknown: those of jobs that are on their way are half of them at the most.
func mostLanes(workers, outputs, files int) int {
	most := workers + maxAhead
	if files == 0 {
		return most
	}
	each := 2 + outputs // an input that is replaced is open twice
	return max(workers, min(most, files/2/each))
}

// took takes in what a job took of its storage, and of a worker, and how many more it
// wants to be on their way for each worker.
func (l *lanes) took(onStorage, onWork time.Duration, ahead int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pace.add(onStorage, onWork, ahead)
	l.limit.Set(min(l.most, l.pace.lanes()))
}

// slow tells whether jobs wait for their storage.
func (l *lanes) slow() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.pace.slow()
}

// What the pace of a run is known by.
const (
	keptPaces  = 16 // jobs that are remembered
	firstPaces = 3  // that say something: the first one of a run finds nothing in memory

	// From here on storage is waited for: less is the CPU time of opening, which is
	// gained by no lane.
	slowStorage = time.Millisecond
)

// pace is how the last jobs have divided their time. The zero value but for workers is
// that of none.
type pace struct {
	workers   int
	onStorage [keptPaces]time.Duration
	onWork    [keptPaces]time.Duration
	seen      int            // jobs
	waited    int            // of those remembered, for slow storage
	ahead     [keptPaces]int // what they want to be on their way beside them, for each worker
}

func (p *pace) add(onStorage, onWork time.Duration, ahead int) {
	at := p.seen % keptPaces
	if p.seen >= keptPaces && p.onStorage[at] >= slowStorage {
		p.waited--
	}
	if onStorage >= slowStorage {
		p.waited++
	}
	p.onStorage[at], p.onWork[at], p.ahead[at] = onStorage, onWork, ahead
	p.seen++
}

// expect says what is wanted until it is known.
func (p *pace) expect(ahead int) {
	for i := range p.ahead {
		p.ahead[i] = ahead
	}
}

// slow tells whether most jobs wait for their storage. It goes by the middle, not by the
// mean: on a machine that has much else to do, one job or another always waits for a CPU.
func (p *pace) slow() bool {
	return p.seen >= firstPaces && 2*p.waited > min(p.seen, keptPaces)
}

// lanes returns how many there should be. On fast storage that is one for each worker, and
// what the last jobs wanted ahead; on slow storage as many as it takes that all workers work,
// to a power of two.
func (p *pace) lanes() int {
	ahead := p.workers * slices.Max(p.ahead[:])
	if p.slow() {
		pays := time.Duration(p.workers) * middle(p.onStorage, p.seen) / max(middle(p.onWork, p.seen), 1)
		ahead = max(ahead, min(1<<bits.Len(uint(min(pays, maxAhead))), maxAhead))
	}
	return p.workers + ahead
}

// middle is the median of those that were seen.
func middle(list [keptPaces]time.Duration, seen int) time.Duration {
	n := min(seen, keptPaces)
	slices.Sort(list[:n])
	return list[n/2]
}
