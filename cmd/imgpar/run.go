package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/spf13/cobra"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/machine"
	"github.com/imgpar/imgpar/internal/plan"
	"github.com/imgpar/imgpar/internal/report"
	"github.com/imgpar/imgpar/internal/transform"
	"github.com/imgpar/imgpar/ops"
	"github.com/imgpar/imgpar/procpool"
	"github.com/imgpar/imgpar/scheduler"
)

// runPipeline is a run: plan, schedule, report, exit.
func (a *app) runPipeline(cmd *cobra.Command, p ops.Pipeline, name string, paths []string) error {
	cfg, err := a.configure(cmd, p, name, paths)
	if err != nil {
		return err
	}
	b := newBrakes()
	defer b.kill()
	todo, err := makePlan(b, cfg)
	if err != nil {
		return err
	}
	rep := report.New(report.Config{
		What: name, Progress: report.Progress(a.flags.progress), JSON: a.flags.json, Quiet: a.flags.quiet,
		Workers: a.flags.workers(), Files: len(todo.Items), Bytes: todo.Bytes, Ignored: todo.Ignored,
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

// configure makes a plan's configuration of the command line, and refuses one
// that makes no sense.
func (a *app) configure(cmd *cobra.Command, p ops.Pipeline, name string, paths []string) (plan.Config, error) {
	f := &a.flags
	if err := errors.Join(f.check(), f.checkNames(cmd.Flags())); err != nil {
		return plan.Config{}, err
	}
	format, err := outputFormat(f.format, p)
	if err != nil {
		return plan.Config{}, err
	}
	if f.files0 != "" {
		more, err := a.readNames(f.files0)
		if err != nil {
			return plan.Config{}, err
		}
		paths = append(paths, more...)
	} else if len(paths) == 0 {
		paths = []string{"."}
	}
	suffix := f.suffix
	if !cmd.Flags().Changed("suffix") {
		suffix = "_" + name
	}
	c := plan.Config{
		Paths: paths, Out: f.out, Suffix: suffix, InPlace: f.inPlace, Format: format,
		Include: f.include, Exclude: f.exclude,
		Job: job.Job{Pipeline: p.String(), Quality: f.quality, MaxPixels: f.maxPixels, Overwrite: f.overwrite},
	}
	return c, c.Validate()
}

// outputFormat is the one of --format or of the pipeline's last convert.
func outputFormat(flag string, p ops.Pipeline) (codec.Format, error) {
	name := p.Format()
	if name == "" {
		return codec.Format(flag), nil
	}
	f, err := codec.ParseFormat(name)
	if err != nil {
		return "", fmt.Errorf("convert: %w", err)
	}
	if flag != "" && flag != string(f) {
		return "", fmt.Errorf("the pipeline converts to %s, --format says %s", f, flag)
	}
	return f, nil
}

// readNames reads names that end with NUL, as find -print0 writes them.
func (a *app) readNames(file string) ([]string, error) {
	r := a.stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, fmt.Errorf("--files0-from: %w", err)
		}
		defer f.Close() // only read
		r = f
	}
	data, err := io.ReadAll(bufio.NewReader(r))
	if err != nil {
		return nil, fmt.Errorf("--files0-from: %w", err)
	}
	var names []string
	for _, n := range bytes.Split(data, []byte{0}) {
		if len(n) > 0 {
			names = append(names, string(n))
		}
	}
	return names, nil
}

// makePlan walks the paths, and ends at once when a signal comes.
func makePlan(b *brakes, cfg plan.Config) (*plan.Plan, error) {
	release := b.listen(func(bool) {})
	defer release()
	todo, err := plan.Make(b.gently, cfg)
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
	for _, it := range todo.Items {
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
		if a.flags.failFast {
			b.stop(fmt.Errorf("--fail-fast: %s %s", report.Printable(string(r.Input)), r.Outcome))
		}
	}
}

func stopReason(b *brakes) string { return context.Cause(b.gently).Error() }

// dryRun shows what would be done.
func dryRun(rep *report.Report, open []plan.Item) error {
	for _, it := range open {
		_, err := os.Lstat(string(it.Job.Output))
		if err == nil && !it.Job.Overwrite && !it.Job.InPlace {
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

// worker is what one worker of the scheduler keeps.
type worker struct {
	number int
	runner runner
}

// start begins the work on items in the chosen mode. The results come in order
// of completion; end is to be called when they are taken.
func (a *app) start(b *brakes, rep *report.Report, workers int, items iter.Seq[plan.Item]) (results iter.Seq2[plan.Item, job.Result], end func(), err error) {
	newRunner, end, err := a.runners(rep, workers)
	if err != nil {
		return nil, nil, err
	}
	do := func(ctx context.Context, w worker, it plan.Item) (job.Result, error) {
		if b.gently.Err() != nil {
			return it.Job.End(job.Canceled, stopReason(b)), nil
		}
		rep.Start(w.number, it.Job.Input)
		defer rep.End(w.number)
		return w.runner.Run(ctx, it.Job), nil
	}
	if a.flags.mode == modeSequential {
		return sequential(b.now, worker{0, newRunner()}, items, do), end, nil
	}
	budget := a.flags.mem
	if budget == 0 {
		if budget, err = machine.MemoryBudget(); err != nil {
			end()
			return nil, nil, err
		}
	}
	cfg := scheduler.Config[worker]{
		Workers: workers,
		Budget:  budget,
		Init:    func(n int) (worker, error) { return worker{n, newRunner()}, nil },
	}
	task := scheduler.Task[worker, plan.Item, job.Result]{
		Run: do,
		Weight: func(it plan.Item) int64 {
			if b.gently.Err() != nil {
				return 0 // it will not be opened
			}
			return transform.Estimate(it.Job)
		},
	}
	return settle(b, scheduler.Stream(b.now, cfg, items, task)), end, nil
}

// sequential does what the scheduler does, without it.
func sequential(ctx context.Context, w worker, items iter.Seq[plan.Item], do func(context.Context, worker, plan.Item) (job.Result, error)) iter.Seq2[plan.Item, job.Result] {
	return func(yield func(plan.Item, job.Result) bool) {
		for it := range items {
			if res, _ := do(ctx, w, it); !yield(it, res) { // do has no errors, only results
				return
			}
		}
	}
}

// settle makes a result of every end that a task can have.
func settle(b *brakes, in iter.Seq[scheduler.Result[plan.Item, job.Result]]) iter.Seq2[plan.Item, job.Result] {
	return func(yield func(plan.Item, job.Result) bool) {
		for r := range in {
			res := r.Value
			switch {
			case r.Err != nil && b.now.Err() != nil:
				res = r.Input.Job.End(job.Canceled, stopReason(b))
			case r.Err != nil:
				res = r.Input.Job.End(job.Crashed, job.OneLine(r.Err.Error()))
			}
			if !yield(r.Input, res) {
				return
			}
		}
	}
}

// runners returns a maker of runners for the chosen mode, one for each worker,
// and what ends them.
func (a *app) runners(rep *report.Report, workers int) (newRunner func() runner, end func(), err error) {
	if a.flags.mode != modeProc {
		return func() runner { return &inProcess{timeout: a.flags.timeout} }, func() {}, nil
	}
	pool, err := procpool.New(procpool.Config{Workers: workers})
	if err != nil {
		return nil, nil, err
	}
	end = func() {
		if err := pool.Close(); err != nil {
			rep.Say("end the workers: " + err.Error())
		}
	}
	return func() runner { return &subprocess{pool, a.flags.timeout} }, end, nil
}
