package scheduler

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// scratch is a state that tells whether it is used as it should be.
type scratch struct {
	worker    int
	goroutine string
	busy      atomic.Bool
	released  bool
}

// ledger makes scratches and remembers them.
type ledger struct {
	mu   sync.Mutex
	made []*scratch // guarded by mu
}

func (l *ledger) init(worker int) (*scratch, error) {
	s := &scratch{worker: worker, goroutine: goroutine()}
	l.mu.Lock()
	l.made = append(l.made, s)
	l.mu.Unlock()
	return s, nil
}

// check reports states that were not released exactly once, by their maker.
func (l *ledger) check(t interface{ Errorf(string, ...any) }) {
	for _, s := range l.made {
		if !s.released {
			t.Errorf("a state of worker %d was not released", s.worker)
		}
	}
}

func (l *ledger) release(t interface{ Errorf(string, ...any) }) func(*scratch) {
	return func(s *scratch) {
		if s.released || s.goroutine != goroutine() {
			t.Errorf("state of worker %d released before: %t; by %s, made by %s", s.worker, s.released, goroutine(), s.goroutine)
		}
		s.released = true
	}
}

// goroutine returns the calling goroutine's name in stack traces.
func goroutine() string {
	buf := make([]byte, 64)
	name, _, _ := bytes.Cut(buf[:runtime.Stack(buf, false)], []byte(" ["))
	return string(name)
}

func TestStateBelongsToOneTaskAtATime(t *testing.T) {
	var l ledger
	cfg := Config[*scratch]{Workers: 4, Init: l.init, Release: l.release(t)}
	task := Task[*scratch, int, int]{Run: func(_ context.Context, s *scratch, n int) (int, error) {
		if s.busy.Swap(true) || s.released || s.goroutine != goroutine() {
			t.Errorf("state of worker %d is not this task's alone", s.worker)
		}
		runtime.Gosched()
		s.busy.Store(false)
		return s.worker, nil
	}}
	for r := range Stream(t.Context(), cfg, count(2000), task) {
		if r.Err != nil || r.Value < 0 || r.Value > 3 {
			t.Errorf("result %+v", r)
		}
	}
	if n := len(l.made); n < 1 || n > 4 {
		t.Errorf("%d states for 4 workers", n)
	}
	l.check(t)
}

func TestEachWorkerHasItsNumber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l ledger
		cfg := Config[*scratch]{Workers: 3, Init: l.init, Release: l.release(t)}
		together := make(chan none)
		task := Task[*scratch, int, int]{Run: func(_ context.Context, s *scratch, n int) (int, error) {
			<-together
			return s.worker, nil
		}}
		go func() {
			synctest.Wait()
			close(together)
		}()
		var workers []int
		for r := range Stream(t.Context(), cfg, count(3), task) {
			workers = append(workers, r.Value)
		}
		if slices.Sort(workers); !slices.Equal(workers, []int{0, 1, 2}) {
			t.Errorf("workers %v", workers)
		}
		l.check(t)
	})
}

func TestStateIsReplacedAfterPanicAndGoexit(t *testing.T) {
	var l ledger
	cfg := Config[*scratch]{Workers: 1, Init: l.init, Release: l.release(t)}
	var used []*scratch
	task := Task[*scratch, int, int]{Run: func(_ context.Context, s *scratch, n int) (int, error) {
		used = append(used, s)
		switch n {
		case 1:
			panic("half-written")
		case 2:
			runtime.Goexit()
		case 3:
			return 0, errors.New("an error leaves the state alone")
		}
		return 0, nil
	}}
	for range Map(t.Context(), cfg, count(5), task) {
	}
	l.check(t)
	for _, s := range l.made {
		if s.worker != 0 {
			t.Errorf("the only worker was given number %d", s.worker)
		}
	}
	a, b, c := l.made[0], l.made[1], l.made[2]
	if want := []*scratch{a, a, b, c, c}; len(l.made) != 3 || !slices.Equal(used, want) {
		t.Errorf("%d states made, used %v, want %v", len(l.made), used, want)
	}
}

func TestInitErrorIsTheTasksOwn(t *testing.T) {
	noMemory := errors.New("no memory")
	var calls, released int
	cfg := Config[int]{
		Workers: 1,
		Init: func(int) (int, error) {
			switch calls++; calls {
			case 1:
				return 0, noMemory
			case 2:
				panic("init")
			case 3:
				runtime.Goexit()
			}
			return calls, nil
		},
		Release: func(int) { released++ },
	}
	task := Task[int, int, int]{Run: func(_ context.Context, call, _ int) (int, error) { return call, nil }}
	got := slices.Collect(Map(t.Context(), cfg, count(5), task))
	if len(got) != 5 || calls != 4 || released != 1 {
		t.Fatalf("%d results, %d calls of Init, %d of Release", len(got), calls, released)
	}
	if err := got[0].Err; !errors.Is(err, noMemory) || err.Error() != "scheduler: state of worker 0: no memory" {
		t.Errorf("task 0: %v", err)
	}
	var p *PanicError
	if !errors.As(got[1].Err, &p) || p.Value != "init" || got[2].Err != ErrGoexit {
		t.Errorf("tasks 1 and 2: %v, %v", got[1].Err, got[2].Err)
	}
	if got[3].Err != nil || got[3].Value != 4 || got[4].Value != 4 {
		t.Errorf("tasks after Init worked: %+v", got[3:])
	}
}

func TestPanicOfReleaseReachesTheLoop(t *testing.T) {
	cfg := Config[none]{Workers: 2, Release: func(none) { explode("release") }}
	n := 0
	got := panicOf(func() {
		for range Map(t.Context(), cfg, count(10), noop) {
			n++
		}
	})
	var p *PanicError
	if err, ok := got.(error); !ok || !errors.As(err, &p) || p.Value != "release" || n != 10 {
		t.Errorf("panicked with %v after %d results", got, n)
	}
}

func TestRunningWeightsStayWithinTheBudget(t *testing.T) {
	const budget = 100
	var running, tasks atomic.Int64
	weight := func(n int) int64 { return int64(n*37%160) + 1 } // some heavier than the budget
	task := Task[none, int, int]{
		Weight: weight,
		Run: func(_ context.Context, _ none, n int) (int, error) {
			w := weight(n)
			beside := tasks.Add(1) - 1
			if sum := running.Add(min(w, budget)); sum > budget || w >= budget && beside != 0 {
				t.Errorf("task of weight %d: sum %d, %d other tasks", w, sum, beside)
			}
			runtime.Gosched()
			running.Add(-min(w, budget))
			tasks.Add(-1)
			return n, nil
		},
	}
	n := 0
	for r := range Stream(t.Context(), Config[none]{Workers: 8, Budget: budget}, count(5000), task) {
		if r.Err != nil {
			t.Error(r.Err)
		}
		n++
	}
	if n != 5000 {
		t.Errorf("%d results", n)
	}
}

// A heavy task waits for those that run. Those that ask after it must not
// overtake it, unless they are weightless.
func TestHeavyTaskIsNotOvertaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		weights := []int64{40, 1000, 10, 0}
		ask, end := make([]chan none, 4), make([]chan none, 4)
		for i := range 4 {
			ask[i], end[i] = make(chan none), make(chan none)
		}
		started := make(chan int, 4)
		task := run(func(_ context.Context, n int) (int, error) {
			started <- n
			<-end[n]
			return n, nil
		})
		task.Weight = func(n int) int64 {
			<-ask[n]
			return weights[n]
		}
		step := func(gate chan none, wantStarted ...int) {
			close(gate)
			synctest.Wait()
			var got []int
			for len(started) > 0 {
				got = append(got, <-started)
			}
			if !slices.Equal(got, wantStarted) {
				t.Errorf("started %v, want %v", got, wantStarted)
			}
		}
		go func() {
			step(ask[0], 0)
			step(ask[1])
			step(ask[2])
			step(ask[3], 3)
			step(end[0], 1)
			step(end[1], 2)
			step(end[2])
			step(end[3])
		}()
		for r := range Stream(t.Context(), Config[none]{Workers: 4, Budget: 100}, count(4), task) {
			if r.Err != nil {
				t.Error(r.Err)
			}
		}
	})
}

func TestBadWeightIsTheTasksError(t *testing.T) {
	task := noop
	task.Weight = func(n int) int64 {
		switch n % 4 {
		case 1:
			explode("weight")
		case 2:
			return -7
		case 3:
			runtime.Goexit()
		}
		return 60
	}
	n := 0
	for r := range Stream(t.Context(), Config[none]{Workers: 4, Budget: 100}, count(400), task) {
		n++
		var p *PanicError
		switch r.Input % 4 {
		case 0:
			if r.Err != nil || r.Value != r.Input {
				t.Errorf("sound weight: %+v", r)
			}
		case 1:
			if !errors.As(r.Err, &p) || !strings.Contains(string(p.Stack), "scheduler.explode(") {
				t.Errorf("panicking weight: %+v", r)
			}
		case 2:
			if r.Err == nil || r.Err.Error() != "scheduler: weight is -7; it must not be negative" {
				t.Errorf("negative weight: %+v", r)
			}
		case 3:
			if r.Err != ErrGoexit {
				t.Errorf("exiting weight: %+v", r)
			}
		}
	}
	if n != 400 {
		t.Errorf("%d results", n)
	}
}

func TestPanickingTaskGivesItsWeightBack(t *testing.T) {
	task := run(func(_ context.Context, n int) (int, error) {
		if n%2 == 0 {
			runtime.Goexit()
		}
		panic(n)
	})
	task.Weight = func(int) int64 { return 1 << 40 }
	n := 0
	for r := range Stream(t.Context(), Config[none]{Workers: 3, Budget: 10}, count(100), task) {
		var p *PanicError
		if even := r.Input%2 == 0; even && r.Err != ErrGoexit || !even && !errors.As(r.Err, &p) {
			t.Errorf("result %+v", r)
		}
		n++
	}
	if n != 100 {
		t.Errorf("%d results", n)
	}
}

func TestTaskWaitingForAdmissionIsCanceled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		task := run(func(ctx context.Context, n int) (int, error) {
			<-ctx.Done()
			return n, nil
		})
		task.Weight = func(int) int64 { return 10 }
		go func() {
			synctest.Wait() // one runs, one waits for admission
			cancel()
		}()
		var ran, canceled int
		for r := range Stream(ctx, Config[none]{Workers: 2, Window: 2, Budget: 10}, count(100), task) {
			switch r.Err {
			case nil:
				ran++
			case context.Canceled:
				canceled++
			}
		}
		if ran != 1 || canceled != 1 {
			t.Errorf("%d ran, %d were canceled; want 1 and 1", ran, canceled)
		}
	})
}

func TestTaskWithoutWeightIsWeightless(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		together := make(chan none)
		var running atomic.Int64
		task := run(func(_ context.Context, n int) (int, error) {
			running.Add(1)
			<-together
			return n, nil
		})
		go func() {
			synctest.Wait()
			if n := running.Load(); n != 3 {
				t.Errorf("%d tasks run at once, want 3", n)
			}
			close(together)
		}()
		got := slices.Collect(Map(t.Context(), Config[none]{Workers: 3, Budget: 1}, count(3), task))
		if want := []Result[int, int]{{0, 0, 0, nil}, {1, 1, 1, nil}, {2, 2, 2, nil}}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestWeightIsNotAskedWithoutABudget(t *testing.T) {
	task := noop
	task.Weight = func(int) int64 { panic("asked") }
	for r := range Map(t.Context(), Config[none]{}, count(10), task) {
		if r.Err != nil {
			t.Error(r.Err)
		}
	}
}
