package runner

import (
	"context"
	"testing"

	"github.com/imgpar/imgpar/internal/job"
)

// untilTold is a runner that ends when somebody is told, and says of what.
type untilTold chan string

func (r untilTold) Run(context.Context, job.Job) job.Result { return job.Result{Reason: <-r} }

// Somebody hears of a goroutine that does not come back.
func TestAGoroutineThatDoesNotEndIsTold(t *testing.T) {
	told := make(chan string)
	r := &awaited{untilTold(told), -overdue, func(input job.Path) { told <- string(input) }}
	if res := r.Run(t.Context(), job.Job{Input: "a.jpg"}); res.Reason != "a.jpg" {
		t.Errorf("told %q", res.Reason)
	}
}
