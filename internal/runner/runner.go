// Package runner does the work on jobs that are staged, and ends them: on the goroutine
// that asks (InGoroutine), in a subprocess (InSubprocess), or wherever it is due (Auto).
// The work is the same function everywhere, transform.Worker.Do.
//
// Both sides of a subprocess are here: Pool starts workers, Serve is what one does.
package runner

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/staging"
)

// Runner works on one stage after another. It is for one goroutine at a time, runners
// that share a Pool run beside each other; from the call of done on, another goroutine
// may have it.
type Runner interface {
	// Run does the work on s, which has begun and wants it, and ends s. It has no
	// error: whatever goes wrong is the job's Outcome and Reason. When ctx is done the
	// job is canceled, unless its outputs are written already.
	//
	// done is called when all is made well and only the storage has still to do with
	// it. Where something went wrong it is not called.
	Run(ctx context.Context, s *staging.Stage, done func()) job.Result
}

// commit ends a stage by the answer to its work.
func commit(s *staging.Stage, a job.Answer, done func()) job.Result {
	if !slices.ContainsFunc(a.Parts, func(p job.Part) bool { return p.Outcome != job.OK && p.Outcome != "" }) {
		done()
	}
	return s.Commit(a)
}

func timeoutReason(d time.Duration) string { return fmt.Sprintf("took longer than %v", d) }
