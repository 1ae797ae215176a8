package scheduler

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// A limit is kept, followed up and down while tasks run, and outlives its loop.
func TestLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limit := NewLimit(2)
		var running, most atomic.Int64
		task := Task[struct{}, int, int]{Run: func(_ context.Context, _ struct{}, n int) (int, error) {
			now := running.Add(1)
			most.Store(max(most.Load(), now))
			time.Sleep(time.Second)
			running.Add(-1)
			return n, nil
		}}
		for range 2 {
			got := 0
			for r := range Stream(t.Context(), Config[struct{}]{Workers: 8, Limit: limit}, slices.Values(make([]int, 300)), task) {
				if r.Err != nil {
					t.Fatal(r.Err)
				}
				got++
				want := int64(8)
				switch {
				case got == 100:
					limit.Set(8)
				case got == 200:
					limit.Set(1)
				case got == 220: // those that were waiting for a task have had it
					most.Store(0)
				}
				if got <= 100 {
					want = 2
				} else if got > 220 {
					want = 1
				}
				if n := most.Load(); n > want || got == 150 && n != want {
					t.Fatalf("after %d results %d ran at once, want %d", got, n, want)
				}
			}
			if got != 300 {
				t.Errorf("%d results", got)
			}
			limit.Set(0) // is 1
			if limit.Get() != 1 {
				t.Errorf("a limit of %d", limit.Get())
			}
			limit.Set(2)
			most.Store(0)
		}
	})
}

// Who comes within the limit when the last task has been sent still takes his part of those
// that wait.
func TestLimitRaisedAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limit := NewLimit(1)
		task := Task[struct{}, int, int]{Run: func(_ context.Context, _ struct{}, n int) (int, error) {
			time.Sleep(time.Second)
			return n, nil
		}}
		begun, got := time.Now(), 0
		for range Stream(t.Context(), Config[struct{}]{Workers: 8, Limit: limit}, slices.Values(make([]int, 11)), task) {
			if got++; got == 3 {
				limit.Set(8)
			}
		}
		if took := time.Since(begun); got != 11 || took != 4*time.Second { // 3 one by one, then 8 at once
			t.Errorf("%d results in %v", got, took)
		}
	})
}

// Whoever is beyond the limit ends with the others, in a pool too.
func TestLimitOfAPool(t *testing.T) {
	p, err := NewPool(t.Context(), Config[struct{}]{Workers: 4, Limit: NewLimit(1)})
	if err != nil {
		t.Fatal(err)
	}
	var list []*Future[int]
	for i := range 4 {
		list = append(list, Submit(p, 0, func(context.Context, struct{}) (int, error) { return i, nil }))
	}
	if got, err := All(t.Context(), list...); err != nil || !slices.Equal(got, []int{0, 1, 2, 3}) {
		t.Errorf("%v, %v", got, err)
	}
	p.Close()
}

// No rise is missed, however it falls together with a worker that looks.
func TestLimitThatIsAlwaysMoving(t *testing.T) {
	limit := NewLimit(1)
	var moving sync.WaitGroup
	stop := make(chan struct{})
	moving.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				limit.Set(1 + i%5)
			}
		}
	})
	got := 0
	task := Task[struct{}, int, int]{Run: func(_ context.Context, _ struct{}, n int) (int, error) { return n, nil }}
	for range Stream(t.Context(), Config[struct{}]{Workers: 5, Limit: limit}, slices.Values(make([]int, 20000)), task) {
		got++
	}
	close(stop)
	moving.Wait()
	if got != 20000 {
		t.Errorf("%d results", got)
	}
}
