// Package runner does jobs, each on its way from stage to commit: on the goroutine that
// asks (InGoroutine), in a subprocess (InSubprocess), or wherever it is due (Auto). The
// work between is the same function everywhere, transform.Worker.Do.
//
// Both sides of a subprocess are here: Pool starts workers, Serve is what one does.
package runner

import (
	"context"
	"fmt"
	"time"

	"github.com/imgpar/imgpar/internal/job"
)

// Runner does one job after another. It is for one goroutine at a time; runners that
// share a Pool run beside each other.
type Runner interface {
	// Run has no error: whatever goes wrong is the job's Outcome and Reason. When ctx
	// is done the job is canceled, unless its outputs are written already.
	Run(ctx context.Context, j job.Job) job.Result
}

func timeoutReason(d time.Duration) string { return fmt.Sprintf("took longer than %v", d) }
