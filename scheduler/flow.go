package scheduler

import (
	"context"
	"iter"
)

// flow is one loop over a plan. A slot goes round in it: from vacant by the
// feeder to the workers, from them by done to the consumer, and back.
type flow[S, In, Out any] struct {
	*crew[S]
	cancel context.CancelFunc

	// vacant has room for all slots. The consumer sends to it and closes it.
	vacant chan *slot[S, In, Out]

	// done carries the slots with a result: one channel for all in order of
	// completion, or one for each slot in order of input. There is room for
	// every slot, so workers never block. The feeder closes them.
	done []chan *slot[S, In, Out]

	ended  chan struct{} // closed by the feeder, after the workers have ended
	exited bool          // the inputs panicked or called Goexit; read after ended
}

// slot is a place of the window and the job that occupies it.
type slot[S, In, Out any] struct {
	task   *Task[S, In, Out]
	result Result[In, Out]
	done   chan<- *slot[S, In, Out]
}

func (s *slot[S, In, Out]) weigh() int64 {
	if s.task.Weight == nil {
		return 0
	}
	return s.task.Weight(s.result.Input)
}

func (s *slot[S, In, Out]) run(ctx context.Context, state S) (err error) {
	s.result.Value, err = s.task.Run(ctx, state, s.result.Input)
	return err
}

func (s *slot[S, In, Out]) finish(err error) {
	s.result.Err = err
	s.done <- s
}

func newFlow[S, In, Out any](p *plan[S, In, Out]) *flow[S, In, Out] {
	ctx, cancel := context.WithCancel(p.ctx)
	window, lanes := p.cfg.Window, 1
	if p.ordered {
		lanes = window
	}
	f := &flow[S, In, Out]{
		crew:   newCrew(ctx, p.cfg, window),
		cancel: cancel,
		vacant: make(chan *slot[S, In, Out], window),
		done:   make([]chan *slot[S, In, Out], lanes),
		ended:  make(chan struct{}),
	}
	for i := range f.done {
		f.done[i] = make(chan *slot[S, In, Out], window/lanes)
	}
	slots := make([]slot[S, In, Out], window)
	for i := range slots {
		slots[i] = slot[S, In, Out]{task: &p.task, done: f.done[i%lanes]}
		f.vacant <- &slots[i]
	}
	go f.supply(p.inputs)
	return f
}

// supply is the feeder's goroutine: it feeds the workers, waits for their end,
// and tells the consumer.
func (f *flow[S, In, Out]) supply(inputs iter.Seq[In]) {
	f.exited = true // unless feed returns; a panic is told by fault
	defer func() {
		if v := recover(); v != nil {
			f.fault.CompareAndSwap(nil, newPanicError(v))
		}
		close(f.jobs)
		f.working.Wait()
		for _, done := range f.done {
			close(done)
		}
		close(f.ended)
	}()
	f.feed(inputs)
	f.exited = false
}

// feed makes a job of each input, having a vacant slot before it asks for one.
func (f *flow[S, In, Out]) feed(inputs iter.Seq[In]) {
	s := f.next()
	if s == nil {
		return
	}
	index := 0
	for in := range inputs {
		s.result.Index, s.result.Input = index, in
		f.jobs <- s
		index++
		if s = f.next(); s == nil {
			return
		}
	}
}

// next waits for a vacant slot; nil means that no more input is wanted. It
// need not watch the context: when that is done, the tasks in the slots end,
// and the consumer hands on or gives up.
func (f *flow[S, In, Out]) next() *slot[S, In, Out] {
	s, ok := <-f.vacant
	if !ok || f.ctx.Err() != nil {
		return nil
	}
	return s
}

// consume yields the results. However it ends, nothing runs any more after it.
func (f *flow[S, In, Out]) consume(yield func(Result[In, Out]) bool) {
	defer func() {
		f.cancel()
		close(f.vacant)
		<-f.ended
	}()
	for i := 0; ; i++ {
		s, ok := <-f.done[i%len(f.done)]
		if !ok {
			return
		}
		result := s.result
		s.result = Result[In, Out]{} // so that the slot keeps nothing alive
		if !yield(result) {
			return
		}
		f.vacant <- s
	}
}
