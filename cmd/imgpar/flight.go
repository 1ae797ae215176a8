package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/plan"
	"github.com/imgpar/imgpar/internal/report"
	"github.com/imgpar/imgpar/internal/runner"
	"github.com/imgpar/imgpar/internal/staging"
	"github.com/imgpar/imgpar/internal/transform"
	"github.com/imgpar/imgpar/procpool"
)

// flight is an item on its way through a crew: staged, admitted, begun, in the hands of a
// worker, committed. Only between the last two it holds a worker, so that storage that is
// slow to open and to rename keeps none of them waiting, if there are enough lanes.
type flight struct {
	plan.Item
	stage   *staging.Stage // nil: nothing is opened
	refused string         // why it is not to be begun; "": it is
}

// open stages the job, if that is not done.
func (f *flight) open() *staging.Stage {
	if f.stage == nil {
		f.stage = staging.Open(f.Job)
	}
	return f.stage
}

// end is the result of an item that is not worked on, wherever it was.
func (f *flight) end(o job.Outcome, reason string) job.Result {
	if f.stage == nil {
		return f.Job.End(o, reason)
	}
	return f.stage.End(o, reason)
}

// weigh stages an item and returns the memory that it takes.
func (r *batch) weigh(f *flight) int64 {
	if r.gently.Err() != nil {
		return 0 // it will not be opened
	}
	s := f.open()
	if !s.Wanted() {
		return 0
	}
	header, flaw := s.Header()
	most, least := transform.Estimate(s.Work(), header, flaw)
	apart := r.inSubprocess(s)
	if f.refused = r.crew.admission.refusal(least, apart); f.refused != "" {
		return 0
	}
	if r.crew.lanes.slow() {
		s.ReadAhead(r.gently)
	}
	s.Short = apart && runner.IsShort(s, most)
	s.Pause()
	return most
}

// do takes an item to its result, unless the run has been stopped. It has no errors,
// only results.
func (r *batch) do(ctx context.Context, _ struct{}, f *flight) (job.Result, error) {
	if r.gently.Err() != nil {
		return f.end(job.Canceled, stopReason(r.brakes)), nil
	}
	s := f.open()
	if f.refused == "" {
		s.Resume()
		s.Begin()
	} else {
		s.End(job.Failed, f.refused)
	}
	if !s.Wanted() {
		return r.judged(s.Result()), nil
	}
	s.Pause()
	w, ok := r.crew.await(r.gently, s.Short)
	if !ok {
		return f.end(job.Canceled, stopReason(r.brakes)), nil
	}
	res := r.inHands(ctx, w, s)
	if r.crew.lanes != nil {
		onStorage, onWork := s.Spent()
		r.crew.lanes.took(onStorage, onWork, r.ahead(s))
	}
	return res, nil
}

// ahead is how many jobs should be on their way for each worker that is at one like s,
// beside that: one where it is a subprocess, which would wait while its next job is
// opened, and if the work is short as many more as wait behind it.
func (r *batch) ahead(s *staging.Stage) int {
	switch {
	case s.Short:
		return procpool.MaxLine
	case r.inSubprocess(s):
		return 1
	}
	return 0
}

// inHands has a worker do a job, which is free again as soon as only the storage has to do
// with it. What failed it holds until that is judged: nothing is to begin behind it if the
// run stops.
func (r *batch) inHands(ctx context.Context, w worker, s *staging.Stage) job.Result {
	shown := w.number < r.crew.workers
	if shown {
		r.report.Start(w.number, s.Job().Input)
	}
	working := true
	done := func() {
		working = false
		if shown {
			r.report.End(w.number)
		}
		r.crew.free(w)
	}
	defer func() {
		if working { // it panicked, and may have left its runner in any state
			w.runner = r.crew.newRunner()
			done()
		}
	}()
	res := r.judged(w.runner.Run(ctx, s, done))
	if working {
		done()
	}
	return res
}

// judged stops the run at a result behind which nothing is to begin. The one who has it
// asks: when it is taken, others may have begun what was to be canceled.
func (r *batch) judged(res job.Result) job.Result {
	switch stop := r.failures.limit.first(res); {
	case stop != nil:
		r.halt(stop)
	case res.DiskFull:
		r.halt(fmt.Errorf("the disk is full: %s", report.Printable(filepath.Dir(string(res.Output)))))
	case res.NoWorker:
		r.halt(errors.New(res.Reason))
	case r.readOnly != nil && res.Outcome == job.Failed && strings.HasPrefix(res.Reason, "unwritable: "):
		r.halt(r.readOnly)
	}
	return res
}
