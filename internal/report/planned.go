package report

import (
	"fmt"

	"github.com/imgpar/imgpar/internal/job"
)

// Planned is an output that a dry run does not make.
type Planned struct {
	Output job.Path
	Exists string // why it would be left alone; "": it would be written
	Route  string // how it would be made: "splice", "coefficients", "planes" or "pixels"
	Scale  int    // of planes: one sample is decoded for Scale x Scale
	Reason string // why it is no cheaper route
}

// Plan shows the outputs of an input, at least one, that a dry run does not make.
func (r *Report) Plan(input job.Path, outputs []Planned) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sum.Inputs++
	r.sum.Planned++
	if r.cfg.JSON {
		return r.write(lineOfPlan(input, outputs))
	}
	if r.cfg.Quiet {
		return nil
	}
	for _, p := range outputs {
		if p.Exists == "" {
			r.say(fmt.Sprintf("would write %s from %s (%s)", Printable(string(p.Output)), Printable(string(input)), p.how()))
		}
	}
	return nil
}

// how names the route for people.
func (p Planned) how() string {
	switch {
	case p.Scale > 1:
		return fmt.Sprintf("%s at 1/%d", p.Route, p.Scale)
	case p.Reason != "":
		return p.Route + ": " + p.Reason
	}
	return p.Route
}

// reason says why it is not written, or not made in a cheaper way.
func (p Planned) reason() string {
	if p.Exists != "" {
		return p.Exists
	}
	return p.Reason
}
