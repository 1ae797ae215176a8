package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/imgpar/imgpar/internal/journal"
	"github.com/imgpar/imgpar/internal/plan"
	"github.com/imgpar/imgpar/internal/report"
	"github.com/imgpar/imgpar/ops"
)

// countAfter is how long a walk may go on before the inputs are counted beside
// the work, for showing how far it is.
const countAfter = time.Second

// batch is a run: the work on what a plan finds.
type batch struct {
	*app
	*brakes
	plan     *plan.Plan
	report   *report.Report
	failures *failures
	crew     *crew  // nil until there is work
	forgets  bool   // the journal takes no more records
	begun    func() // says that there is work
	readOnly error  // why the next output that cannot be written ends the run; nil: it does not
}

// runPipeline is a run: configure, open the journal, plan, schedule, report, exit.
func (a *app) runPipeline(cmd *cobra.Command, p ops.Pipeline, name string, paths []string) error {
	cfg, err := a.configure(cmd, p, name, paths)
	if err != nil {
		return err
	}
	defer cfg.List.Close() // only read
	if err := a.checkIsolation(); err != nil {
		return err
	}
	b := newBrakes()
	defer b.kill()
	if cfg.Journal, err = a.openJournal(cfg); err != nil {
		return err
	}
	defer a.closeJournal(cfg.Journal)
	defer b.listen(func(bool) {})() // until there is a report to say it, and behind that
	w, err := a.openWatch(b, cfg)
	if err != nil {
		return err
	}
	defer w.close()
	todo, err := openPlan(b, cfg)
	if err != nil {
		return err
	}
	failures, err := a.followFailures()
	if err != nil {
		return err
	}
	working := make(chan struct{})
	r := &batch{app: a, brakes: b, plan: todo, failures: failures, begun: sync.OnceFunc(func() { close(working) }), report: report.New(report.Config{
		What: name, Progress: report.Progress(a.flags.progress), JSON: a.flags.json, Quiet: a.flags.quiet,
		Workers: a.flags.workers(), Stdout: a.stdout, Stderr: a.stderr,
	})}
	if !a.flags.json && !a.flags.dryRun { // which tell of every input
		todo.PassOver(func(files int, bytes int64) {
			r.report.UpToDate(files, bytes)
			r.failures.passed(files)
		})
	}
	release := b.listen(func(first bool) { r.report.Say(brakeWords[first]) })
	forget := onStatusSignal(r.report.Status)
	counted := r.count(cfg, working)
	err = r.everything(w)
	counted()
	forget()
	release()
	_ = cfg.List.Close() // --failed-list may replace it, which Windows allows for no open file
	return r.end(err)
}

var brakeWords = map[bool]string{
	true:  "stopping: what is in work is finished first; once more stops at once",
	false: "stopping now",
}

// openPlan makes the plan, and ends at once when a signal comes.
func openPlan(b *brakes, cfg plan.Config) (*plan.Plan, error) {
	todo, err := plan.Open(b.gently, cfg)
	if b.interrupted() {
		return nil, statusError(exitInterrupted)
	}
	return todo, err
}

// closeJournal says what cannot be helped any more.
func (a *app) closeJournal(j *journal.Journal) {
	if err := j.Close(); err != nil {
		fmt.Fprintf(a.stderr, "imgpar: the journal may not be complete: %v\n", err)
	}
}

// count finds out the total, if the plan does not know it and has not found it
// soon, there is work, and somebody looks. Where all is up to date, the run is as
// soon at its end as the count would be. The returned function ends that.
func (r *batch) count(cfg plan.Config, working <-chan struct{}) (end func()) {
	if files, bytes, known := r.plan.Total(); known {
		r.report.Total(files, bytes)
		return func() {}
	}
	if !r.report.Shown() {
		return func() {}
	}
	ctx, cancel := context.WithCancel(r.gently)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		late := time.After(countAfter)
		select {
		case <-ctx.Done():
			return
		case <-working:
		}
		select {
		case <-ctx.Done():
			return
		case <-late:
		}
		if files, bytes, err := plan.Count(ctx, cfg); err == nil { // else the run says what is wrong
			r.report.Total(files, bytes)
		}
	}()
	return func() {
		cancel()
		<-ended
	}
}

// end ends the run and turns it into an exit status.
func (r *batch) end(failed error) error {
	if r.crew != nil {
		stats, err := r.crew.end()
		if err != nil {
			r.report.Say("end the workers: " + err.Error())
		}
		r.report.Workers(report.Deaths{Crashed: stats.Crashes, Timeout: stats.Timeouts, Memory: stats.Memory})
	}
	if err := r.failures.close(r.plan.Cut()); err != nil {
		r.report.Say(err.Error())
	}
	if failed != nil {
		r.report.Error(failed)
	}
	sum, broken := r.report.Close()
	switch {
	case broken != nil: // stdout is: only people can be told
		fmt.Fprintf(r.stderr, "imgpar: %v\n", broken)
		return statusError(exitFailed)
	case failed != nil:
		return statusError(exitFailed)
	case r.interrupted():
		return statusError(exitInterrupted)
	case sum.Bad() > 0:
		return statusError(exitFailed)
	}
	return nil
}
