package transform

import (
	"path/filepath"
	"slices"

	"github.com/imgpar/imgpar/internal/job"
)

// gravity orders outcomes: that of a job is the gravest of its outputs'.
var gravity = []job.Outcome{job.Skipped, job.OK, job.Failed, job.Canceled, job.Timeout, job.Crashed}

// conclude makes the result of a job of those of its outputs.
func conclude(outs []*output, res *job.Result) {
	worst := outs[0]
	for i, o := range outs {
		r := &o.res
		if weight(r) > weight(&worst.res) {
			worst = o
		}
		res.Pixels = max(res.Pixels, r.Pixels)
		res.DiskFull = res.DiskFull || r.DiskFull
		if i == 0 {
			res.Primary, res.Width, res.Height, res.OutBytes = r.Outcome, r.Width, r.Height, r.OutBytes
			continue
		}
		res.Also[i-1] = job.Made{Output: o.Output, Outcome: r.Outcome, Reason: r.Reason, Width: r.Width, Height: r.Height, OutBytes: r.OutBytes}
	}
	res.Outcome, res.Reason, res.Notes = worst.res.Outcome, worst.reason(outs), notes(outs)
}

// weight orders results. Of what is skipped, one that exists tells more than one
// that is up to date: nobody knows what it is.
func weight(r *job.Result) int {
	n := 2 * slices.Index(gravity, r.Outcome)
	if r.Outcome == job.Skipped && r.Reason != job.ReasonUpToDate {
		n++
	}
	return n
}

// reason is that of o, which decided the outcome, and names it where it is not
// that of all.
func (o *output) reason(outs []*output) string {
	differs := func(other *output) bool {
		return other.res.Outcome != o.res.Outcome || other.res.Reason != o.res.Reason
	}
	if o.res.Outcome == job.OK || o.res.Outcome == job.Skipped || !slices.ContainsFunc(outs, differs) {
		return o.res.Reason
	}
	return o.res.Reason + " (" + o.name() + ")"
}

// name is the base name of the output, as a part of a line.
func (o *output) name() string { return job.OneLine(filepath.Base(string(o.Output))) }

// notes are those of what was made, each once: with the name of its output, unless
// it holds for all.
func notes(outs []*output) (all []string) {
	outs = slices.DeleteFunc(slices.Clone(outs), func(o *output) bool { return o.res.Outcome != job.OK })
	for _, o := range outs {
		for _, n := range o.res.Notes {
			if slices.ContainsFunc(outs, func(other *output) bool { return !slices.Contains(other.res.Notes, n) }) {
				n = o.name() + ": " + n
			}
			if !slices.Contains(all, n) {
				all = append(all, n)
			}
		}
	}
	return all
}
