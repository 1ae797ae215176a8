package main

import (
	"context"
	"os"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/plan"
	"github.com/imgpar/imgpar/internal/report"
	"github.com/imgpar/imgpar/internal/transform"
	"github.com/imgpar/imgpar/scheduler"
)

// foreseen is what would become of an item: outputs, or a result without work.
type foreseen struct {
	outputs []report.Planned
	result  *job.Result
}

// preview shows what would be done, in the order of the plan, by the headers of
// the inputs. It writes nothing.
func (r *batch) preview(q *queue) {
	cfg := scheduler.Config[struct{}]{Workers: r.flags.workers()}
	task := scheduler.Task[struct{}, plan.Item, foreseen]{Run: func(_ context.Context, _ struct{}, it plan.Item) (foreseen, error) {
		if r.gently.Err() != nil {
			return foreseen{result: resultOf(it.Job, job.Canceled, stopReason(r.brakes))}, nil
		}
		return foresee(it.Job), nil
	}}
	for f := range scheduler.Map(r.now, cfg, q.all, task) {
		it := f.Input
		switch {
		case f.Err != nil && r.now.Err() != nil:
			r.cancel(it)
		case f.Err != nil:
			r.tell(it, it.Job.End(job.Crashed, job.OneLine(f.Err.Error())))
		case f.Value.result != nil:
			r.tell(it, *f.Value.result)
		default:
			if err := r.report.Plan(it.Job.Input, f.Value.outputs); err != nil {
				r.stop(err)
			}
		}
	}
}

func resultOf(j job.Job, o job.Outcome, reason string) *job.Result {
	res := j.End(o, reason)
	return &res
}

// foresee says what would become of a job.
func foresee(j job.Job) foreseen {
	outputs := make([]report.Planned, len(j.Targets()))
	var todo []job.Target
	for i, t := range j.Targets() {
		outputs[i].Output, outputs[i].Exists = t.Output, standing(j, t)
		if outputs[i].Exists == "" {
			todo = append(todo, t)
		}
	}
	if len(todo) == 0 {
		return foreseen{result: resultOf(j, job.Skipped, outputs[0].Exists)}
	}
	d, _, reason := transform.Inspect(j)
	if reason != "" {
		return foreseen{result: resultOf(j, job.Failed, reason)}
	}
	left := j // only these are made, and share a decoding
	left.Target, left.Also = todo[0], todo[1:]
	ways := transform.Ways(left, d.Header)
	for i := range outputs {
		if outputs[i].Exists != "" {
			continue
		}
		way := ways[0]
		if ways = ways[1:]; way.Route == "" {
			return foreseen{result: resultOf(j, job.Failed, way.Reason)}
		}
		outputs[i].Route, outputs[i].Scale, outputs[i].Reason = way.Route, way.Scale, way.Reason
	}
	return foreseen{outputs: outputs}
}

// standing says why an output would be left alone, or "".
func standing(j job.Job, t job.Target) string {
	switch _, err := os.Lstat(string(t.Output)); {
	case t.UpToDate:
		return job.ReasonUpToDate
	case err == nil && !t.Overwrite && j.InPlace == nil:
		return job.ReasonExists
	}
	return ""
}
