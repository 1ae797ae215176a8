package runner

import (
	"context"
	"fmt"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// Auto returns a Runner that has goroutine do what code of ours alone reads, and
// subprocess the rest. What panics in a goroutine, or takes too long, a subprocess has a
// second try at.
func Auto(goroutine, subprocess Runner) Runner { return &auto{goroutine, subprocess} }

type auto struct {
	goroutine, subprocess Runner
}

func (r *auto) Run(ctx context.Context, j job.Job) job.Result {
	if NeedsSubprocess(j) {
		return r.subprocess.Run(ctx, j)
	}
	first := r.goroutine.Run(ctx, j)
	if ctx.Err() != nil || first.Outcome != job.Crashed && first.Outcome != job.Timeout {
		return first
	}
	second := r.subprocess.Run(ctx, again(j, first))
	why := fmt.Sprintf("second try in a worker, after a goroutine %s", failureWords(first))
	if second.Outcome == job.OK {
		second.Notes = append(second.Notes, why)
	} else {
		second.Reason += " (" + why + ")"
	}
	second.Elapsed += first.Elapsed
	return second
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

// sniffed is how many bytes of a file tell its format.
const sniffed = 16

// NeedsSubprocess tells whether Auto has a subprocess do the job from the start: a library
// reads what the input holds. What is no picture needs none: it is refused, or cannot be
// read at all.
func NeedsSubprocess(j job.Job) bool {
	f, _, err := codec.Open(string(j.Input))
	if err != nil {
		return false
	}
	defer f.Close() // only read
	head := make([]byte, sniffed)
	n, _ := f.ReadAt(head, 0) // of nothing, nothing is known
	format, known := codec.Sniff(head[:n])
	return known && !format.Checked()
}
