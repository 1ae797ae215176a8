package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/plan"
	"github.com/imgpar/imgpar/internal/report"
	"github.com/imgpar/imgpar/internal/transform"
	"github.com/imgpar/imgpar/ops"
)

// runPipeline is a run: plan, schedule, report, exit.
func (a *app) runPipeline(cmd *cobra.Command, p ops.Pipeline, name string, paths []string) error {
	cfg, err := a.configure(cmd, p, name, paths)
	if err != nil {
		return err
	}
	if cfg.List != nil {
		defer cfg.List.Close() // only read
	}
	b := newBrakes()
	defer b.kill()
	todo, err := openPlan(b, cfg)
	if err != nil {
		return err
	}
	files, bytes, _ := todo.Total()
	rep := report.New(report.Config{
		What: name, Progress: report.Progress(a.flags.progress), JSON: a.flags.json, Quiet: a.flags.quiet,
		Workers: a.flags.workers(), Files: files, Bytes: bytes, Ignored: todo.Ignored(),
		Stdout: a.stdout, Stderr: a.stderr,
	})
	release := b.listen(func(first bool) { rep.Say(brakeWords[first]) })
	err = a.work(b, rep, todo)
	release()
	sum, broken := rep.Close()
	switch {
	case err != nil:
		return runError{errors.Join(err, broken)}
	case broken != nil: // stdout is: only people can be told
		fmt.Fprintf(a.stderr, "imgpar: %v\n", broken)
		return statusError(exitFailed)
	}
	return verdict(b, sum)
}

var brakeWords = map[bool]string{
	true:  "stopping: what is in work is finished first; once more stops at once",
	false: "stopping now",
}

// verdict turns the end of a run into an exit status.
func verdict(b *brakes, s report.Summary) error {
	switch {
	case b.interrupted():
		return statusError(exitInterrupted)
	case s.Bad() > 0:
		return statusError(exitFailed)
	}
	return nil
}

// openPlan makes the plan, and ends at once when a signal comes.
func openPlan(b *brakes, cfg plan.Config) (*plan.Plan, error) {
	release := b.listen(func(bool) {})
	defer release()
	todo, err := plan.Open(b.gently, cfg)
	if b.interrupted() {
		return nil, statusError(exitInterrupted)
	}
	return todo, err
}

// work takes every item of the plan to its result.
func (a *app) work(b *brakes, rep *report.Report, todo *plan.Plan) error {
	// A result that cannot be written stops the run gently; rep.Close tells.
	tell := func(res job.Result, bytes int64) {
		if err := rep.Result(res, bytes); err != nil {
			b.stop(err)
		}
		a.failFast(b, res)
	}
	var open []plan.Item
	for it := range todo.Items() {
		if it.Done == nil {
			open = append(open, it)
			continue
		}
		tell(*it.Done, 0)
	}
	if a.flags.dryRun {
		return dryRun(rep, open)
	}
	if len(open) == 0 {
		return nil
	}
	begun := 0
	workers := min(a.flags.workers(), len(open))
	results, end, err := a.start(b, rep, workers, func(yield func(plan.Item) bool) {
		for _, it := range open {
			begun++
			if !yield(it) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	defer end()
	for it, res := range results {
		tell(res, it.Bytes)
	}
	for _, it := range open[begun:] {
		tell(it.Job.End(job.Canceled, stopReason(b)), 0)
	}
	return nil
}

// failFast stops the run at a failure, if that is asked for.
func (a *app) failFast(b *brakes, r job.Result) {
	switch r.Outcome {
	case job.Failed, job.Crashed, job.Timeout:
		if a.flags.failures.fast {
			b.stop(fmt.Errorf("--fail-fast: %s %s", report.Printable(string(r.Input)), r.Outcome))
		}
	}
}

func stopReason(b *brakes) string { return context.Cause(b.gently).Error() }

// dryRun shows what would be done.
func dryRun(rep *report.Report, open []plan.Item) error {
	for _, it := range open {
		_, err := os.Lstat(string(it.Job.Output))
		if err == nil && !it.Job.Overwrite && it.Job.InPlace == nil {
			err = rep.Result(it.Job.End(job.Skipped, transform.ReasonExists), 0)
		} else {
			err = rep.Plan(it.Job)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
