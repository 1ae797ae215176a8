package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/report"
)

// auto is the runner of auto mode: what code of ours alone reads is worked on here, in a
// goroutine, and the rest by a worker. What panics here, or takes too long, a worker has
// a second try at.
type auto struct {
	here  runner
	there func() (runner, error) // of the workers, which the first call starts
}

func (r *auto) Run(ctx context.Context, j job.Job) job.Result {
	if !isChecked(string(j.Input)) {
		return r.hand(ctx, j)
	}
	first := r.here.Run(ctx, j)
	if ctx.Err() != nil || first.Outcome != job.Crashed && first.Outcome != job.Timeout {
		return first
	}
	second := r.hand(ctx, again(j, first))
	why := fmt.Sprintf("second try in a worker, after a goroutine %s", failureWords(first))
	if second.Outcome == job.OK {
		second.Notes = append(second.Notes, why)
	} else {
		second.Reason += " (" + why + ")"
	}
	second.Elapsed += first.Elapsed
	return second
}

// hand gives the job to a worker.
func (r *auto) hand(ctx context.Context, j job.Job) job.Result {
	worker, err := r.there()
	if err != nil {
		return j.End(job.Failed, job.OneLine(job.NoWorker+err.Error()))
	}
	return worker.Run(ctx, j)
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

// isChecked tells whether what a file holds is read by code of ours alone. What is no
// picture is: it is refused, or is none to be read.
func isChecked(name string) bool {
	if fi, err := os.Stat(name); err != nil || !fi.Mode().IsRegular() { // opening a pipe would wait for a writer
		return true
	}
	f, err := os.Open(name)
	if err != nil {
		return true
	}
	defer f.Close() // only read
	head := make([]byte, sniffed)
	n, err := f.ReadAt(head, 0)
	if n == 0 && err != nil {
		return true
	}
	format, known := codec.Sniff(head[:n])
	return !known || format.Checked()
}

// overdue is how long after its time is up a goroutine is waited for in silence.
const overdue = 10 * time.Second

// awaited is a runner on a goroutine, which can be asked to end and not be made to: it
// says of which file a goroutine does not come back. The run waits for it. To go on
// without it would leave its memory taken, and a file that it might still write.
type awaited struct {
	runner
	timeout time.Duration
	say     func(string)
}

func (r *awaited) Run(ctx context.Context, j job.Job) job.Result {
	late := time.AfterFunc(r.timeout+overdue, func() {
		r.say(report.Printable(string(j.Input)) + ": does not end though its time is up; a goroutine can only be waited for, --mode=proc would kill it")
	})
	defer late.Stop()
	return r.runner.Run(ctx, j)
}
