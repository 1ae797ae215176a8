package scheduler

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

type loop = func(context.Context, Config[none], iter.Seq[int], Task[none, int, int]) iter.Seq[Result[int, int]]

var loops = map[string]loop{"Map": Map[none, int, int], "Stream": Stream[none, int, int]}

// eachLoop runs test for Map and for Stream, in a bubble in which
// synctest.Wait waits until every goroutine is blocked.
func eachLoop(t *testing.T, test func(t *testing.T, run loop)) {
	for name, run := range loops {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, run) })
		})
	}
}

func run(f func(ctx context.Context, n int) (int, error)) Task[none, int, int] {
	return Task[none, int, int]{Run: func(ctx context.Context, _ none, n int) (int, error) { return f(ctx, n) }}
}

func TestMapYieldsInInputOrder(t *testing.T) {
	var gates [5]chan none // task n waits until task n+1 is done
	for i := range gates {
		gates[i] = make(chan none)
	}
	close(gates[4])
	task := run(func(_ context.Context, n int) (int, error) {
		<-gates[n-10]
		if n > 10 {
			close(gates[n-11])
		}
		return n * n, nil
	})
	inputs := slices.Values([]int{10, 11, 12, 13, 14})
	got := slices.Collect(Map(t.Context(), Config[none]{Workers: 5}, inputs, task))
	want := []Result[int, int]{{0, 10, 100, nil}, {1, 11, 121, nil}, {2, 12, 144, nil}, {3, 13, 169, nil}, {4, 14, 196, nil}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestStreamYieldsEarlyFinishersFirst(t *testing.T) {
	const last = 99
	gate := make(chan none)
	task := run(func(_ context.Context, n int) (int, error) {
		if n == 0 {
			<-gate
		}
		return -n, nil
	})
	var order []int
	for r := range Stream(t.Context(), Config[none]{Workers: 2}, count(last+1), task) {
		if r.Index != r.Input || r.Value != -r.Input || r.Err != nil {
			t.Errorf("result %+v", r)
		}
		if order = append(order, r.Index); len(order) == last {
			close(gate)
		}
	}
	if len(order) != last+1 || order[last] != 0 {
		t.Errorf("order %v, want the blocked task 0 last", order)
	}
}

func TestInputIsPulledOneWindowAhead(t *testing.T) {
	eachLoop(t, func(t *testing.T, run loop) {
		const window, inputs = 5, 20
		pulled := 0 // synctest.Wait orders the accesses
		input := func(yield func(int) bool) {
			for n := range inputs {
				pulled++
				if !yield(n) {
					return
				}
			}
		}
		results := run(t.Context(), Config[none]{Workers: 2, Window: window}, input, noop)
		synctest.Wait()
		if pulled != 0 {
			t.Errorf("%d inputs pulled before the loop", pulled)
		}
		n := 0
		for range results {
			synctest.Wait() // this result counts until the body ends
			if want := min(n+window, inputs); pulled != want {
				t.Errorf("%d inputs pulled while result %d is held, want %d", pulled, n, want)
			}
			n++
		}
		if n != inputs {
			t.Errorf("%d results", n)
		}
	})
}

func TestMillionTasksInFlatMemory(t *testing.T) {
	const window, allowedGrowth, allowedMallocs = 8, 256 << 10, million / 100
	for name, run := range loops {
		t.Run(name, func(t *testing.T) {
			var pulled, yielded atomic.Int64
			input := func(yield func(int) bool) {
				for n := range million {
					if ahead := pulled.Add(1) - yielded.Load(); ahead > window {
						t.Errorf("%d tasks taken and not yielded", ahead)
						return
					}
					if !yield(n) {
						return
					}
				}
			}
			var start, now runtime.MemStats
			n := 0
			for r := range run(t.Context(), Config[none]{Workers: 2, Window: window}, input, noop) {
				if r.Err != nil || r.Value != r.Input {
					t.Fatalf("result %+v", r)
				}
				if n%(million/5) == million/10 { // warm: after 100 000
					runtime.GC()
					runtime.ReadMemStats(&now)
					if start.HeapAlloc == 0 {
						start = now
					}
					if now.HeapAlloc > start.HeapAlloc+allowedGrowth {
						t.Errorf("heap grew from %d to %d bytes by task %d", start.HeapAlloc, now.HeapAlloc, n)
					}
				}
				n++
				yielded.Add(1)
			}
			if n != million {
				t.Errorf("%d results", n)
			}
			if mallocs := now.Mallocs - start.Mallocs; mallocs > allowedMallocs {
				t.Errorf("%d allocations", mallocs)
			}
		})
	}
}

func TestEachLoopStartsAnew(t *testing.T) {
	results := Map(t.Context(), Config[none]{}, count(3), noop)
	first, second := slices.Collect(results), slices.Collect(results)
	if len(first) != 3 || !slices.Equal(first, second) {
		t.Errorf("first %v, second %v", first, second)
	}
	if got := slices.Collect(Map(t.Context(), Config[none]{}, count(0), noop)); got != nil {
		t.Errorf("no inputs gave %v", got)
	}
}

func TestFailureIsTheTasksOwn(t *testing.T) {
	broken := errors.New("broken")
	task := run(func(_ context.Context, n int) (int, error) {
		switch n % 5 {
		case 1:
			return n, broken
		case 2:
			explode("boom")
		case 3:
			explode(broken)
		case 4:
			runtime.Goexit()
		}
		return n, nil
	})
	eachLoop(t, func(t *testing.T, run loop) {
		seen := 0
		for r := range run(t.Context(), Config[none]{Workers: 2}, count(50), task) {
			seen++
			var p *PanicError
			switch isPanic := errors.As(r.Err, &p); r.Input % 5 {
			case 0:
				if r.Value != r.Input || r.Err != nil {
					t.Errorf("sound task: %+v", r)
				}
			case 1:
				if r.Value != r.Input || r.Err != broken {
					t.Errorf("failing task: %+v", r)
				}
			case 2:
				if !isPanic || p.Value != "boom" || p.Error() != "panic: boom" || p.Unwrap() != nil {
					t.Errorf("panicking task: %+v", r)
				} else if !strings.Contains(string(p.Stack), "scheduler.explode(") {
					t.Errorf("the stack does not show the function that panicked:\n%s", p.Stack)
				}
			case 3:
				if !isPanic || !errors.Is(r.Err, broken) {
					t.Errorf("task that panics with an error: %+v", r)
				}
			case 4:
				if r.Err != ErrGoexit {
					t.Errorf("exiting task: %+v", r)
				}
			}
		}
		if seen != 50 {
			t.Errorf("%d results", seen)
		}
	})
}

//go:noinline
func explode(value any) { panic(value) }

func TestCanceledBeforeTheLoop(t *testing.T) {
	eachLoop(t, func(t *testing.T, run loop) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		input := func(func(int) bool) { t.Error("inputs were asked for") }
		for r := range run(ctx, Config[none]{}, input, noop) {
			t.Errorf("result %+v", r)
		}
	})
}

func TestCancelDuringTheLoop(t *testing.T) {
	eachLoop(t, func(t *testing.T, loop loop) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		seen := errors.New("running task saw it")
		task := run(func(ctx context.Context, n int) (int, error) {
			if n == 0 {
				return 0, nil
			}
			<-ctx.Done()
			return 0, seen
		})
		var errs []error
		for r := range loop(ctx, Config[none]{Workers: 2, Window: 6}, count(1000), task) {
			if r.Index == 0 {
				synctest.Wait() // 1 and 2 run, 3 to 5 wait for a worker
				cancel()
			}
			errs = append(errs, r.Err)
		}
		slices.SortFunc(errs, func(a, b error) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		c := context.Canceled
		if want := []error{nil, c, c, c, seen, seen}; !slices.Equal(errs, want) {
			t.Errorf("errors %v, want %v", errs, want)
		}
	})
}

// endless is a task that runs until it is canceled, but for input 0.
func endless(running *atomic.Int64) Task[none, int, int] {
	return run(func(ctx context.Context, n int) (int, error) {
		if n > 0 {
			running.Add(1)
			defer running.Add(-1)
			<-ctx.Done()
		}
		return n, nil
	})
}

func TestLeavingTheLoopEndsTheRest(t *testing.T) {
	eachLoop(t, func(t *testing.T, loop loop) {
		leave := map[string]func(){
			"break": func() {
				var running atomic.Int64
				for range loop(t.Context(), Config[none]{Workers: 3}, count(1000), endless(&running)) {
					synctest.Wait()
					if n := running.Load(); n != 3 {
						t.Errorf("%d tasks run in the loop, want 3", n)
					}
					break
				}
				if n := running.Load(); n != 0 {
					t.Errorf("%d tasks run after break", n)
				}
			},
			"panic": func() {
				var running atomic.Int64
				got := panicOf(func() {
					for range loop(t.Context(), Config[none]{Workers: 3}, count(1000), endless(&running)) {
						synctest.Wait()
						panic("body")
					}
				})
				if n := running.Load(); got != "body" || n != 0 {
					t.Errorf("panicked with %v, %d tasks run", got, n)
				}
			},
		}
		for _, f := range leave {
			f()
		}
	})
}

// spoiled yields 0 to n-1 and then calls end.
func spoiled(n int, end func()) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range count(n) {
			if !yield(i) {
				return
			}
		}
		end()
	}
}

func TestPanicOfInputsReachesTheLoop(t *testing.T) {
	eachLoop(t, func(t *testing.T, run loop) {
		n := 0
		got := panicOf(func() {
			for r := range run(t.Context(), Config[none]{Workers: 2}, spoiled(10, func() { explode("no more") }), noop) {
				if r.Err != nil {
					t.Errorf("result %+v", r)
				}
				n++
			}
		})
		if n != 10 {
			t.Errorf("%d results before the panic, want 10", n)
		}
		var p *PanicError
		if err, ok := got.(error); !ok || !errors.As(err, &p) || p.Value != "no more" {
			t.Fatalf("panicked with %v", got)
		} else if !strings.Contains(err.Error(), "scheduler.explode(") {
			t.Errorf("a crash would not show where it began:\n%v", err)
		}
	})
}

func TestGoexitOfInputsReachesTheLoop(t *testing.T) {
	eachLoop(t, func(t *testing.T, run loop) {
		n, returned := 0, false
		ended := make(chan none)
		go func() {
			defer close(ended)
			for range run(t.Context(), Config[none]{Workers: 2}, spoiled(10, runtime.Goexit), noop) {
				n++
			}
			returned = true
		}()
		<-ended
		if n != 10 || returned {
			t.Errorf("%d results, loop returned: %t", n, returned)
		}
	})
}

func TestNestedLoops(t *testing.T) {
	cfg := Config[none]{Workers: 2}
	sum := run(func(ctx context.Context, n int) (total int, err error) {
		for r := range Stream(ctx, cfg, count(n+1), noop) {
			total += r.Value
		}
		return total, nil
	})
	eachLoop(t, func(t *testing.T, run loop) {
		n := 0
		for r := range run(t.Context(), cfg, count(40), sum) {
			if want := r.Input * (r.Input + 1) / 2; r.Value != want || r.Err != nil {
				t.Errorf("sum to %d is %d, %v; want %d", r.Input, r.Value, r.Err, want)
			}
			n++
		}
		if n != 40 {
			t.Errorf("%d results", n)
		}
	})
}
