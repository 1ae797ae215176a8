package staging

import (
	"path/filepath"
	"slices"

	"github.com/imgpar/imgpar/internal/job"
)

// End is Result for work that came to no answer, whatever it was: nothing that it
// made is kept.
func (s *Stage) End(outcome job.Outcome, reason string) job.Result {
	for _, e := range s.ends {
		if !e.decided {
			e.part = job.Part{}
			e.decide(outcome, clip(job.OneLine(reason)))
		}
	}
	return s.Result()
}

// Result is the end of a job of which all is decided.
func (s *Stage) Result() job.Result {
	s.clock.enter(storage)
	s.close()
	var left error
	for _, e := range s.ends {
		if e.temp != nil {
			if err := e.temp.Abort(); err != nil {
				left = err
			}
			e.temp = nil
		}
	}
	res := job.Result{Input: s.job.Input, Output: s.job.Output, Checksum: s.sum}
	if s.worked {
		res.InBytes = s.info.Size()
	}
	s.conclude(&res)
	if left != nil {
		res.Notes = append(res.Notes, left.Error())
	}
	s.clock.enter(waiting)
	res.Elapsed = s.clock.spent[storage] + s.clock.spent[work]
	return res
}

// gravity orders outcomes: that of a job is the gravest of its outputs'.
var gravity = []job.Outcome{job.Skipped, job.OK, job.Failed, job.Canceled, job.Timeout, job.Crashed}

// conclude makes the result of a job of those of its outputs.
func (s *Stage) conclude(res *job.Result) {
	worst := s.ends[0]
	for i, e := range s.ends {
		p := e.part
		if weight(p) > weight(worst.part) {
			worst = e
		}
		res.Pixels = max(res.Pixels, p.Pixels)
		res.DiskFull = res.DiskFull || p.DiskFull
		if i == 0 {
			res.Primary, res.Width, res.Height, res.OutBytes, res.State = p.Outcome, p.Width, p.Height, p.Bytes, e.state
			continue
		}
		res.Also = append(res.Also, job.Made{Output: e.Output, Outcome: p.Outcome, Reason: p.Reason, Width: p.Width, Height: p.Height, OutBytes: p.Bytes, State: e.state})
	}
	res.Outcome, res.Reason, res.Notes = worst.part.Outcome, worst.reason(s.ends), notes(s.ends)
}

// weight orders parts. Of what is skipped, one that exists tells more than one
// that is up to date: nobody knows what it is.
func weight(p job.Part) int {
	n := 2 * slices.Index(gravity, p.Outcome)
	if p.Outcome == job.Skipped && p.Reason != job.ReasonUpToDate {
		n++
	}
	return n
}

// reason is that of e, which decided the outcome, and names it where it is not
// that of all.
func (e *end) reason(ends []*end) string {
	differs := func(other *end) bool {
		return other.part.Outcome != e.part.Outcome || other.part.Reason != e.part.Reason
	}
	if e.part.Outcome == job.OK || e.part.Outcome == job.Skipped || !slices.ContainsFunc(ends, differs) {
		return e.part.Reason
	}
	return e.part.Reason + " (" + e.name() + ")"
}

// name is the base name of the output, as a part of a line.
func (e *end) name() string { return job.OneLine(filepath.Base(string(e.Output))) }

// notes are those of what was made, each once: with the name of its output, unless
// it holds for all.
func notes(ends []*end) (all []string) {
	ends = slices.DeleteFunc(slices.Clone(ends), func(e *end) bool { return e.part.Outcome != job.OK })
	for _, e := range ends {
		for _, n := range e.part.Notes {
			if slices.ContainsFunc(ends, func(other *end) bool { return !slices.Contains(other.part.Notes, n) }) {
				n = e.name() + ": " + n
			}
			if !slices.Contains(all, n) {
				all = append(all, n)
			}
		}
	}
	return all
}

// Bounds of what is told of an output.
const (
	maxText  = 1000 // bytes of a reason, and of a note
	maxNotes = 100
)

// clipped is a part with what it tells within bounds: what a picture calls itself
// may be long.
func clipped(p job.Part) job.Part {
	p.Reason = clip(job.OneLine(p.Reason))
	notes := slices.Clone(p.Notes[:min(len(p.Notes), maxNotes)])
	for i := range notes {
		notes[i] = clip(notes[i])
	}
	p.Notes = notes
	return p
}

func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	return s[:maxText] + "..."
}
