package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"syscall"
	"time"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/plan"
	"github.com/imgpar/imgpar/internal/report"
)

// patience is how long the work waits for as many items as there are workers,
// so that it begins no more processes than are needed.
const patience = 50 * time.Millisecond

// queue is the items that need work, as they are found. One goroutine at a time
// takes from it.
type queue struct {
	ahead []plan.Item // taken from open already
	open  <-chan plan.Item
}

// next waits for an item; there may be no more.
func (q *queue) next() (it plan.Item, ok bool) {
	if len(q.ahead) > 0 {
		it, q.ahead = q.ahead[0], q.ahead[1:]
		return it, true
	}
	it, ok = <-q.open
	return it, ok
}

// all yields what is left.
func (q *queue) all(yield func(plan.Item) bool) {
	for it, ok := q.next(); ok && yield(it); it, ok = q.next() {
	}
}

// flights are all, on their way.
func (q *queue) flights(yield func(*flight) bool) {
	for it := range q.all {
		if !yield(&flight{Item: it}) {
			return
		}
	}
}

// gather looks ahead for so many items, if they come soon, and returns how many
// there are.
func (q *queue) gather(most int) int {
	late := time.After(patience)
	for len(q.ahead) < most {
		select {
		case it, ok := <-q.open:
			if !ok {
				return len(q.ahead)
			}
			q.ahead = append(q.ahead, it)
		case <-late:
			return most // as far as is known
		}
	}
	return most
}

// work takes every item to its result. It may be called again with others. The
// error says why no work is possible; the items are canceled then.
func (r *batch) work(items iter.Seq[plan.Item]) error {
	q := &queue{open: r.find(items)}
	err := r.process(q)
	if err != nil {
		r.stop(err)
	}
	for it := range q.all { // left when the work ends early
		r.cancel(it)
	}
	return err
}

func (r *batch) process(q *queue) error {
	first, ok := q.next()
	if !ok {
		return nil
	}
	q.ahead = append(q.ahead, first)
	r.begun()
	if r.flags.dryRun {
		r.preview(q)
		return nil
	}
	if err := r.ready(q); err != nil {
		return err
	}
	for it, res := range r.results(q) {
		r.finished(it, res)
	}
	return nil
}

// ready makes ready for work, if that is not done.
func (r *batch) ready(q *queue) (err error) {
	if r.crew != nil {
		return nil
	}
	if err := r.checkOut(); err != nil {
		return err
	}
	workers := r.flags.workers()
	if usesWorkers(r.flags.mode) && !r.flags.watch {
		workers = q.gather(workers)
	}
	r.crew, err = r.hire(workers, len(q.ahead[0].Job.Targets()))
	return err
}

// outError says why nothing can be written below a folder.
type outError struct {
	out string
	error
}

func (e outError) Error() string {
	return fmt.Sprintf("--out %s: %s", report.Printable(e.out), job.Plain(e.error))
}

func (e outError) Unwrap() error { return e.error }

// checkOut returns an error if nothing at all can be written below --out. What is
// there already may be all that is asked for; then no more than the first output
// that cannot be written ends a run on a file system that is read-only.
func (r *batch) checkOut() error {
	out := r.flags.out
	err := writable(out)
	if err == nil {
		return nil
	}
	err = outError{out, err}
	switch {
	case holdsNothing(out):
		return err
	case errors.Is(err, syscall.EROFS):
		r.readOnly = err
	}
	return nil
}

// find takes the items of a plan as fast as they are worked on. Those that are
// decided already, and when the run stops all, get their result here; the others
// are sent. The channel is closed when all are found.
func (r *batch) find(items iter.Seq[plan.Item]) <-chan plan.Item {
	open := make(chan plan.Item, r.flags.workers())
	go func() {
		defer close(open)
		for it := range items {
			r.report.Found(1, it.Bytes)
			switch {
			case it.Done != nil:
				r.tell(it, *it.Done)
				continue
			case r.gently.Err() != nil:
				r.cancel(it)
				continue
			}
			select {
			case open <- it:
			case <-r.gently.Done():
				r.cancel(it)
			}
		}
		r.report.Walked(r.plan.Ignored(), r.plan.Cut())
	}()
	return open
}

func (r *batch) cancel(it plan.Item) { r.tell(it, it.Job.End(job.Canceled, stopReason(r.brakes))) }

// finished takes in the result of work.
func (r *batch) finished(it plan.Item, res job.Result) {
	if !r.forgets {
		if err := r.plan.Record(it, res); err != nil {
			r.forgets = true
			r.report.Say("what is done is no longer remembered: " + job.OneLine(err.Error()))
		}
	}
	r.tell(it, res)
}

// tell takes in the result of any item. The two goroutines of a run call it.
func (r *batch) tell(it plan.Item, res job.Result) {
	if err := r.report.Result(res, it.Bytes); err != nil {
		r.stop(err) // gently; the report's end tells
	}
	warning, stop := r.failures.take(it, res)
	if warning != nil {
		r.report.Say(warning.Error())
	}
	if stop != nil {
		r.halt(stop)
	}
}

// halt stops the run gently, and says why if nothing has stopped it yet.
func (r *batch) halt(why error) {
	if r.gently.Err() != nil {
		return
	}
	r.stop(why)
	if context.Cause(r.gently) == why {
		r.report.Say("stopping: " + why.Error())
	}
}

func stopReason(b *brakes) string { return context.Cause(b.gently).Error() }
