package scheduler

import (
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

func newTestPool[S any](t *testing.T, ctx context.Context, cfg Config[S]) *Pool[S] {
	t.Helper()
	p, err := NewPool(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// settled is the future of a task that returned.
func settled(value int, err error) *Future[int] {
	f := pending()
	f.value = value
	f.settle(err)
	return f
}

// pending is the future of a task that a test settles.
func pending() *Future[int] { return &Future[int]{done: make(chan struct{})} }

func TestSubmitGivesTheResult(t *testing.T) {
	broken := errors.New("broken")
	var l ledger
	p := newTestPool(t, t.Context(), Config[*scratch]{Workers: 2, Init: l.init, Release: l.release(t)})
	well := Submit(p, 0, func(_ context.Context, s *scratch) (string, error) {
		if s.goroutine != goroutine() {
			t.Errorf("state of %s on %s", s.goroutine, goroutine())
		}
		return "value", nil
	})
	failed := Submit(p, 0, func(context.Context, *scratch) (string, error) { return "rest", broken })
	crashed := Submit(p, 0, func(context.Context, *scratch) (int, error) { explode("boom"); return 0, nil })
	exited := Submit(p, 0, func(context.Context, *scratch) (int, error) { runtime.Goexit(); return 0, nil })
	p.Close()

	if v, err := well.Wait(t.Context()); v != "value" || err != nil {
		t.Errorf("well: %q, %v", v, err)
	}
	if v, err := failed.Wait(t.Context()); v != "rest" || err != broken {
		t.Errorf("failed: %q, %v", v, err)
	}
	var pe *PanicError
	if _, err := crashed.Wait(t.Context()); !errors.As(err, &pe) || pe.Value != "boom" || !strings.Contains(string(pe.Stack), "scheduler.explode(") {
		t.Errorf("crashed: %v", err)
	}
	if _, err := exited.Wait(t.Context()); err != ErrGoexit {
		t.Errorf("exited: %v", err)
	}
	l.check(t)
}

func TestSubmitBlocksAtTheWindow(t *testing.T) {
	for _, window := range []int{2, 5} {
		synctest.Test(t, func(t *testing.T) {
			p := newTestPool(t, t.Context(), Config[none]{Workers: 2, Window: window})
			gate := make(chan none)
			var accepted atomic.Int64
			go func() {
				for range window + 3 {
					Submit(p, 0, func(context.Context, none) (int, error) { <-gate; return 0, nil })
					accepted.Add(1)
				}
			}()
			for done := range 4 {
				synctest.Wait()
				if n := int(accepted.Load()); n != window+done {
					t.Errorf("Window %d: %d tasks accepted while %d are done", window, n, done)
				}
				gate <- none{}
			}
			close(gate)
		})
	}
}

func TestCloseWaitsForWhatWasSubmitted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, t.Context(), Config[none]{Workers: 1, Window: 2})
		gate := make(chan none)
		var done atomic.Int64
		task := func(context.Context, none) (int, error) { <-gate; return int(done.Add(1)), nil }
		var futures [3]*Future[int]
		var submitting, closing sync.WaitGroup
		for i := range futures { // the third blocks in Submit
			submitting.Go(func() { futures[i] = Submit(p, 0, task) })
		}
		synctest.Wait()
		for range 2 {
			closing.Go(func() {
				p.Close()
				if n := done.Load(); n != 3 {
					t.Errorf("closed with %d of 3 tasks done", n)
				}
			})
		}
		synctest.Wait()
		if _, err := Submit(p, 0, task).Wait(t.Context()); err != ErrClosed {
			t.Errorf("submitted while closing: %v", err)
		}
		close(gate)
		closing.Wait()
		submitting.Wait()
		if _, err := All(t.Context(), futures[:]...); err != nil {
			t.Error(err)
		}
		if _, err := Submit(p, 0, task).Wait(t.Context()); err != ErrClosed {
			t.Errorf("submitted after Close: %v", err)
		}
	})
}

func TestCancelEndsThePoolsTasks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		p := newTestPool(t, ctx, Config[none]{Workers: 1, Window: 2})
		saw := errors.New("running task saw it")
		gate := make(chan none)
		running := Submit(p, 0, func(ctx context.Context, _ none) (int, error) {
			<-ctx.Done()
			<-gate // the worker is not free yet
			return 0, saw
		})
		queued := Submit(p, 0, func(context.Context, none) (int, error) { return 0, nil })
		var blocked *Future[int]
		var submitting sync.WaitGroup
		submitting.Go(func() {
			blocked = Submit(p, 0, func(context.Context, none) (int, error) { return 0, nil })
		})
		synctest.Wait()
		cancel()
		submitting.Wait()
		if _, err := blocked.Wait(t.Context()); err != context.Canceled {
			t.Errorf("blocked: %v", err)
		}
		close(gate)
		if _, err := running.Wait(t.Context()); err != saw {
			t.Errorf("running: %v", err)
		}
		if _, err := queued.Wait(t.Context()); err != context.Canceled {
			t.Errorf("queued: %v", err)
		}
		if _, err := Submit(p, 0, func(context.Context, none) (int, error) { return 0, nil }).Wait(t.Context()); err != context.Canceled {
			t.Errorf("submitted later: %v", err)
		}
	})
}

func TestPoolAdmitsByWeight(t *testing.T) {
	const budget = 10
	p := newTestPool(t, t.Context(), Config[none]{Workers: 4, Budget: budget})
	var running atomic.Int64
	var futures []*Future[int]
	for i := range 500 {
		w := int64(i % 14)
		futures = append(futures, Submit(p, w, func(context.Context, none) (int, error) {
			w := min(w, budget)
			if sum := running.Add(w); sum > budget {
				t.Errorf("weights of %d run", sum)
			}
			runtime.Gosched()
			running.Add(-w)
			return i, nil
		}))
	}
	negative := Submit(p, -1, func(context.Context, none) (int, error) { return 0, nil })
	values, err := All(t.Context(), futures...)
	if err != nil || !slices.Equal(values, slices.Collect(count(500))) {
		t.Errorf("values %v, error %v", values, err)
	}
	if _, err := negative.Wait(t.Context()); err == nil || err.Error() != "scheduler: weight is -1; it must not be negative" {
		t.Errorf("negative weight: %v", err)
	}
}

func TestPanicOfReleaseReachesClose(t *testing.T) {
	p, err := NewPool(t.Context(), Config[none]{Workers: 1, Release: func(none) { explode("release") }})
	if err != nil {
		t.Fatal(err)
	}
	f := Submit(p, 0, func(context.Context, none) (int, error) { return 7, nil })
	var pe *PanicError
	if got, ok := panicOf(p.Close).(error); !ok || !errors.As(got, &pe) || pe.Value != "release" {
		t.Errorf("Close panicked with %v", got)
	}
	if v, err := f.Wait(t.Context()); v != 7 || err != nil {
		t.Errorf("task: %d, %v", v, err)
	}
}
