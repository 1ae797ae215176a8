package runner

import (
	"context"
	"fmt"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/staging"
)

// Auto returns a Runner that has goroutine do what code of ours alone reads, and
// subprocess the rest. What panics in a goroutine, or takes too long, a subprocess has a
// second try at.
func Auto(goroutine, subprocess Runner) Runner { return &auto{goroutine, subprocess} }

type auto struct {
	goroutine, subprocess Runner
}

func (r *auto) Run(ctx context.Context, s *staging.Stage, done func()) job.Result {
	if NeedsSubprocess(s) {
		return r.subprocess.Run(ctx, s, done)
	}
	first := r.goroutine.Run(ctx, s, done)
	if ctx.Err() != nil || first.Outcome != job.Crashed && first.Outcome != job.Timeout {
		return first
	}
	second := r.retry(ctx, again(s.Job(), first), done)
	why := fmt.Sprintf("second try in a worker, after a goroutine %s", failureWords(first))
	if second.Outcome == job.OK {
		second.Notes = append(second.Notes, why)
	} else {
		second.Reason += " (" + why + ")"
	}
	second.Elapsed += first.Elapsed
	return second
}

// retry does a job from its stage on.
func (r *auto) retry(ctx context.Context, j job.Job, done func()) job.Result {
	s := staging.Open(j)
	s.Begin()
	if !s.Wanted() {
		return s.Result()
	}
	return r.subprocess.Run(ctx, s, done)
}

// again is j once more. What its first try has made is made anew, so that one result
// tells of all outputs.
func again(j job.Job, first job.Result) job.Job {
	remake := func(t *job.Target, o job.Outcome) {
		if o == job.OK {
			t.Overwrite, t.State = true, 0 // it is not the file that the plan saw
		}
	}
	remake(&j.Target, first.Primary)
	j.Also = append([]job.Target(nil), j.Also...)
	for i := range j.Also {
		remake(&j.Also[i], first.Also[i].Outcome)
	}
	return j
}

func failureWords(first job.Result) string {
	if first.Outcome == job.Timeout {
		return first.Reason // took longer than
	}
	return "failed of " + first.Reason
}

// NeedsSubprocess tells whether Auto has a subprocess do the work from the start: a library
// reads what the input holds. What is no picture needs none: it is refused, or cannot be
// read at all.
func NeedsSubprocess(s *staging.Stage) bool {
	f := s.Format()
	return f != "" && !f.Checked()
}
