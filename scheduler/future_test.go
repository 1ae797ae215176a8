package scheduler

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

var (
	errA = errors.New("a")
	errB = errors.New("b")
)

func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func TestManyWaitForOneFuture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := pending()
		var waiting sync.WaitGroup
		for range 50 {
			waiting.Go(func() {
				if v, err := f.Wait(t.Context()); v != 42 || err != errA {
					t.Errorf("%d, %v", v, err)
				}
			})
		}
		synctest.Wait() // all of them wait
		f.value = 42
		f.settle(errA)
		waiting.Wait()
		<-f.Done()
	})
}

func TestExpiredWaitLosesNothing(t *testing.T) {
	f := pending()
	if v, err := f.Wait(canceled()); v != 0 || err != context.Canceled {
		t.Errorf("before: %d, %v", v, err)
	}
	select {
	case <-f.Done():
		t.Error("done before it was settled")
	default:
	}
	f.value = 42
	f.settle(nil)
	for range 2 {
		if v, err := f.Wait(canceled()); v != 42 || err != nil {
			t.Errorf("after: %d, %v", v, err)
		}
	}
}

func TestFirst(t *testing.T) {
	for _, tt := range []struct {
		name    string
		ctx     context.Context
		futures []*Future[int]
		index   int
		err     error
	}{
		{"no futures", t.Context(), nil, -1, ErrNoFutures},
		{"lowest of those that are done", t.Context(), []*Future[int]{pending(), settled(0, errA), settled(1, nil)}, 1, nil},
		{"done before ctx", canceled(), []*Future[int]{pending(), settled(1, nil)}, 1, nil},
		{"ctx done", canceled(), []*Future[int]{pending(), pending()}, -1, context.Canceled},
	} {
		if i, err := First(tt.ctx, tt.futures...); i != tt.index || err != tt.err {
			t.Errorf("%s: %d, %v; want %d, %v", tt.name, i, err, tt.index, tt.err)
		}
	}
}

func TestFirstWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		futures := []*Future[int]{pending(), pending(), pending()}
		go func() {
			synctest.Wait()
			futures[1].settle(errA)
		}()
		if i, err := First(t.Context(), futures...); i != 1 || err != nil {
			t.Errorf("%d, %v", i, err)
		}
	})
}

func TestFirstError(t *testing.T) {
	for _, tt := range []struct {
		name    string
		ctx     context.Context
		futures []*Future[int]
		index   int
		err     error
	}{
		{"no futures", t.Context(), nil, -1, nil},
		{"all well", t.Context(), []*Future[int]{settled(0, nil), settled(1, nil)}, -1, nil},
		{"all well before ctx", canceled(), []*Future[int]{settled(0, nil), settled(1, nil)}, -1, nil},
		{"an error beside one that is not done", t.Context(), []*Future[int]{settled(0, nil), pending(), settled(0, errB)}, 2, errB},
		{"ctx done", canceled(), []*Future[int]{settled(0, nil), pending()}, -1, context.Canceled},
	} {
		if i, err := FirstError(tt.ctx, tt.futures...); i != tt.index || err != tt.err {
			t.Errorf("%s: %d, %v; want %d, %v", tt.name, i, err, tt.index, tt.err)
		}
	}
}

func TestFirstErrorWaits(t *testing.T) {
	for _, tt := range []struct {
		errs  []error // of futures 0 to 2, which are done in the order 2, 0, 1
		index int
		err   error
	}{
		{[]error{nil, nil, nil}, -1, nil},
		{[]error{errA, errB, nil}, 0, errA},
		{[]error{nil, errB, nil}, 1, errB},
	} {
		synctest.Test(t, func(t *testing.T) {
			futures := []*Future[int]{pending(), pending(), pending()}
			go func() {
				for _, i := range []int{2, 0, 1} {
					synctest.Wait() // each is seen before the next is done
					futures[i].settle(tt.errs[i])
				}
			}()
			if i, err := FirstError(t.Context(), futures...); i != tt.index || err != tt.err {
				t.Errorf("%v: %d, %v", tt.errs, i, err)
			}
		})
	}
}

func TestAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late := pending()
		go func() {
			synctest.Wait()
			late.value = 5
			late.settle(errA)
		}()
		values, err := All(t.Context(), settled(3, nil), late, settled(4, errB), settled(6, nil))
		if !slices.Equal(values, []int{3, 5, 4, 6}) || !errors.Is(err, errA) || !errors.Is(err, errB) || err.Error() != "a\nb" {
			t.Errorf("%v, %v", values, err)
		}
	})
	if values, err := All[int](t.Context()); len(values) != 0 || err != nil {
		t.Errorf("no futures: %v, %v", values, err)
	}
	if values, err := All(canceled(), settled(1, nil), settled(2, nil)); !slices.Equal(values, []int{1, 2}) || err != nil {
		t.Errorf("all done before ctx: %v, %v", values, err)
	}
	if values, err := All(canceled(), settled(1, errA), pending()); values != nil || err != context.Canceled {
		t.Errorf("ctx done: %v, %v", values, err)
	}
}
