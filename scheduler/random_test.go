package scheduler

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"
)

// What a task of TestExactlyOneResult does.
const (
	succeed = iota
	fail
	crash
	exit
	failWeight
	cancelAll
)

var errFailed = errors.New("failed")

// trial is one random run: the behaviour and the weight of each input.
type trial struct {
	ledger
	cfg     Config[*scratch]
	does    []int
	weights []int64
	cancel  context.CancelFunc
	taken   int          // by the feeder; read after the loop
	running atomic.Int64 // sum of weights
	over    atomic.Bool  // running was more than the budget
}

func newTrial(t *rapid.T) *trial {
	n := rapid.IntRange(0, 60).Draw(t, "inputs")
	kinds := rapid.SampledFrom([]int{succeed, succeed, succeed, fail, crash, exit, failWeight, cancelAll})
	if rapid.Bool().Draw(t, "uncanceled") {
		kinds = rapid.IntRange(succeed, cancelAll-1)
	}
	tr := &trial{
		does:    rapid.SliceOfN(kinds, n, n).Draw(t, "behaviours"),
		weights: rapid.SliceOfN(rapid.Int64Range(0, 30), n, n).Draw(t, "weights"),
	}
	tr.cfg.Workers = rapid.IntRange(1, 5).Draw(t, "workers")
	tr.cfg.Window = tr.cfg.Workers + rapid.IntRange(0, 6).Draw(t, "spare window")
	tr.cfg.Budget = rapid.Int64Range(0, 20).Draw(t, "budget")
	tr.cfg.Init, tr.cfg.Release = tr.init, tr.release(t)
	return tr
}

func (tr *trial) inputs(yield func(int) bool) {
	for n := range tr.does {
		tr.taken++
		if !yield(n) {
			return
		}
	}
}

func (tr *trial) weight(n int) int64 {
	if tr.does[n] == failWeight {
		panic(n)
	}
	return tr.weights[n]
}

func (tr *trial) run(_ context.Context, s *scratch, n int) (int, error) {
	if s.busy.Swap(true) {
		return 0, errors.New("state is shared")
	}
	defer s.busy.Store(false)
	if b := tr.cfg.Budget; b > 0 {
		w := min(tr.weights[n], b)
		if tr.running.Add(w) > b {
			tr.over.Store(true)
		}
		defer tr.running.Add(-w)
	}
	runtime.Gosched()
	switch tr.does[n] {
	case fail:
		return 0, errFailed
	case crash:
		panic(n)
	case exit:
		runtime.Goexit()
	case cancelAll:
		tr.cancel()
	}
	return n, nil
}

// explained reports whether r is what its task's behaviour leads to.
func (tr *trial) explained(r Result[int, int]) bool {
	if r.Index != r.Input {
		return false
	}
	if errors.Is(r.Err, context.Canceled) {
		return slices.Contains(tr.does, cancelAll)
	}
	var p *PanicError
	switch tr.does[r.Input] {
	case fail:
		return r.Err == errFailed
	case exit:
		return r.Err == ErrGoexit
	case crash:
		return errors.As(r.Err, &p) && p.Value == r.Input
	case failWeight:
		if tr.cfg.Budget > 0 {
			return errors.As(r.Err, &p) && p.Value == r.Input
		}
	}
	return r.Err == nil && r.Value == r.Input
}

// TestExactlyOneResult runs tasks that succeed, fail, panic, exit and cancel
// at random, and leaves some loops early.
func TestExactlyOneResult(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tr := newTrial(t)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		tr.cancel = cancel
		ordered := rapid.Bool().Draw(t, "ordered")
		leaveAfter := rapid.IntRange(1, 120).Draw(t, "leave after")
		run := Stream[*scratch, int, int]
		if ordered {
			run = Map[*scratch, int, int]
		}
		var seen []int
		for r := range run(ctx, tr.cfg, tr.inputs, Task[*scratch, int, int]{Run: tr.run, Weight: tr.weight}) {
			if !tr.explained(r) {
				t.Errorf("behaviour %d gave %+v", tr.does[r.Input], r)
			}
			if seen = append(seen, r.Index); len(seen) == leaveAfter {
				break
			}
		}
		tr.checkSeen(t, seen, ordered, len(seen) == leaveAfter)
		if tr.running.Load() != 0 || tr.over.Load() {
			t.Errorf("weights: %d left, over the budget: %t", tr.running.Load(), tr.over.Load())
		}
		tr.check(t)
	})
}

func (tr *trial) checkSeen(t *rapid.T, seen []int, ordered, left bool) {
	if ordered && !slices.IsSorted(seen) {
		t.Errorf("Map yielded %v", seen)
	}
	slices.Sort(seen)
	if len(slices.Compact(slices.Clone(seen))) != len(seen) {
		t.Errorf("a task has two results: %v", seen)
	}
	if !left && (len(seen) != tr.taken || len(seen) > 0 && seen[len(seen)-1] != tr.taken-1) {
		t.Errorf("%d inputs taken, results %v", tr.taken, seen)
	}
	if !left && !slices.Contains(tr.does, cancelAll) && len(seen) != len(tr.does) {
		t.Errorf("%d of %d inputs were not taken", len(tr.does)-len(seen), len(tr.does))
	}
}
