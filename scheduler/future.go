package scheduler

import (
	"context"
	"errors"
	"iter"
	"sync"
)

// ErrNoFutures is the error of First when it is given no future to wait for.
var ErrNoFutures = errors.New("scheduler: no futures to wait for")

// Future is the result, to come, of a task handed to [Submit]. Any number of
// goroutines may wait for it.
type Future[Out any] struct {
	done  chan struct{} // closed by settle
	value Out           // value and err are written before done is closed
	err   error
}

func (f *Future[Out]) settle(err error) {
	f.err = err
	close(f.done)
}

// Done returns a channel that is closed when the result is there.
func (f *Future[Out]) Done() <-chan struct{} { return f.done }

// Wait returns the task's value and error, as often as it is called. If ctx is
// done before the task, Wait returns ctx.Err(); the task and its result are
// not touched by that.
func (f *Future[Out]) Wait(ctx context.Context) (Out, error) {
	if err := f.await(ctx); err != nil {
		var zero Out
		return zero, err
	}
	return f.value, f.err
}

// await returns nil when value and err can be read, or else ctx.Err().
func (f *Future[Out]) await(ctx context.Context) error {
	if f.settled() {
		return nil
	}
	select {
	case <-f.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *Future[Out]) settled() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}

// First waits until one future is done, whether well or with an error, and
// returns its index; of several that were done before, the lowest. If ctx is
// done before, the index is -1 and the error ctx.Err(). Without futures it is
// -1 and ErrNoFutures.
func First[Out any](ctx context.Context, futures ...*Future[Out]) (int, error) {
	if len(futures) == 0 {
		return -1, ErrNoFutures
	}
	for i := range completed(ctx, futures) {
		return i, nil
	}
	return -1, ctx.Err()
}

// FirstError waits until one future is done with an error, and returns its
// index and that error, or until all are done well, and returns -1 and nil, as
// it does without futures. If ctx is done before, it returns -1 and ctx.Err().
func FirstError[Out any](ctx context.Context, futures ...*Future[Out]) (int, error) {
	left := len(futures)
	for i := range completed(ctx, futures) {
		if err := futures[i].err; err != nil {
			return i, err
		}
		left--
	}
	if left == 0 {
		return -1, nil
	}
	return -1, ctx.Err()
}

// All waits until every future is done and returns the values in the order of
// the futures, with all their errors joined in that order; nil if there are
// none. If ctx is done before, it returns nil and ctx.Err().
func All[Out any](ctx context.Context, futures ...*Future[Out]) ([]Out, error) {
	values := make([]Out, len(futures))
	var errs []error
	for i, f := range futures {
		if err := f.await(ctx); err != nil {
			return nil, err
		}
		values[i] = f.value
		if f.err != nil {
			errs = append(errs, f.err)
		}
	}
	return values, errors.Join(errs...)
}

// completed yields the index of each future that is done before ctx: first
// those that are so already, then the others as they complete.
func completed[Out any](ctx context.Context, futures []*Future[Out]) iter.Seq[int] {
	return func(yield func(int) bool) {
		var pending []int
		for i, f := range futures {
			if !f.settled() {
				pending = append(pending, i)
			} else if !yield(i) {
				return
			}
		}
		watch(ctx, futures, pending, yield)
	}
}

// watch yields those indexes of pending whose futures are done before ctx.
func watch[Out any](ctx context.Context, futures []*Future[Out], pending []int, yield func(int) bool) {
	ctx, cancel := context.WithCancel(ctx)
	var watching sync.WaitGroup
	defer watching.Wait()
	defer cancel()

	done := make(chan int, len(pending))
	for _, i := range pending {
		watching.Go(func() {
			select {
			case <-futures[i].done:
				done <- i
			case <-ctx.Done():
			}
		})
	}
	for range pending {
		select {
		case i := <-done:
			if !yield(i) {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}
