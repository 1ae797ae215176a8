package runner

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/staging"
)

// untilTold is a runner that ends when somebody is told, and says of what.
type untilTold chan string

func (r untilTold) Run(context.Context, *staging.Stage, func()) job.Result {
	return job.Result{Reason: <-r}
}

// Somebody hears of a goroutine that does not come back.
func TestAGoroutineThatDoesNotEndIsTold(t *testing.T) {
	told := make(chan string)
	r := &awaited{untilTold(told), -overdue, func(input job.Path) { told <- string(input) }}
	if res := run(t, r, job.Job{Input: "a.jpg"}); res.Reason != "a.jpg" {
		t.Errorf("told %q", res.Reason)
	}
}

// The work is done when there is no more of it than giving the output its name; work that
// failed is never said to be.
func TestTheWorkIsDoneBeforeTheCommit(t *testing.T) {
	for input, want := range map[string]job.Outcome{"jpeg_444.jpg": job.OK, "broken/not_an_image.jpg": job.Failed} {
		j := picture(t)
		j.Input = job.Path(filepath.Join(fixtures(t), filepath.FromSlash(input)))
		done := 0
		res := InGoroutine(time.Minute, func(job.Path) {}).Run(t.Context(), staged(j), func() {
			done++
			if _, err := os.Lstat(string(j.Output)); err == nil {
				t.Error("the output has its name already")
			}
		})
		if res.Outcome != want || (done == 1) != (want == job.OK) || done > 1 {
			t.Errorf("%s: %s, done %d times", input, res.Outcome, done)
		}
	}
}
