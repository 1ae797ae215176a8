package transform

import (
	"context"
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// endless is a context that is asked a number of times before it ends.
type endless struct {
	context.Context
	left *int
	err  error
}

func (e endless) Err() error {
	if *e.left--; *e.left < 0 {
		return e.err
	}
	return nil
}

// Wherever the work is when it is stopped, nothing is written.
func TestStoppedAnywhere(t *testing.T) {
	for _, c := range []struct {
		format  codec.Format
		steps   int // at least
		end     error
		outcome job.Outcome
		reason  string
	}{
		{codec.PNG, 6, context.Canceled, job.Canceled, "stopped while in work"},
		{codec.PNG, 6, context.DeadlineExceeded, job.Timeout, "took longer than --timeout allows"},
		{codec.JPEG, 4, context.Canceled, job.Canceled, "stopped while in work"},
		{codec.JPEG, 4, context.DeadlineExceeded, job.Timeout, "took longer than --timeout allows"},
	} {
		folder(t)
		put(t, "a.png", gradient(40, 30), c.format)
		for steps := 0; ; steps++ {
			left := steps
			res := perform(new(Worker), endless{t.Context(), &left, c.end}, todo("a.png", "out/a.png", "resize w=20 | gray | blur 1"))
			if res.Outcome == job.OK {
				if steps < c.steps {
					t.Errorf("the context was asked %d times only", steps)
				}
				break
			}
			if res.Outcome != c.outcome || res.Reason != c.reason || res.OutBytes != 0 {
				t.Errorf("stopped at step %d: %+v", steps, res)
			}
			holds(t, "a.png")
		}
		holds(t, "a.png", "out/a.png")
	}
}
