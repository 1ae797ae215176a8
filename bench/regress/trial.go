package main

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"text/tabwriter"
)

// most is by how much a ratio may drop.
const most = 0.10

// ratios says, by name, how many times as well imgpar does as somebody else, or one
// way of it as another. More is better.
type ratios map[string]float64

func (r ratios) names() []string { return slices.Sorted(maps.Keys(r)) }

// add takes in more ratios, each of a name that is not there yet, and positive.
func (r ratios) add(more ratios) error {
	for name, v := range more {
		if _, twice := r[name]; twice {
			return fmt.Errorf("%s: measured by two", name)
		}
		if !(v > 0) || math.IsInf(v, 0) {
			return fmt.Errorf("%s: a ratio of %v", name, v)
		}
		r[name] = v
	}
	return nil
}

// source measures ratios. Again measures at least those of the names a second time,
// or returns none if it cannot.
type source struct {
	first func() (ratios, error)
	again func(names []string) (ratios, error)
}

// trial holds what is measured against what was.
type trial struct {
	old, now ratios
	failed   map[string]bool
}

func newTrial(old ratios) *trial {
	return &trial{old: old, now: ratios{}, failed: map[string]bool{}}
}

// run has a source measure, and measure again what has dropped. The better of the two counts.
func (t *trial) run(s source, out io.Writer) error {
	first, err := s.first()
	if err != nil {
		return err
	}
	if err := t.now.add(first); err != nil {
		return err
	}
	var low []string
	for _, name := range first.names() {
		if t.dropped(name) {
			low = append(low, name)
		}
	}
	if len(low) == 0 {
		return nil
	}
	fmt.Fprintf(out, "measured again: %q\n", low)
	second, err := s.again(low)
	if err != nil {
		return err
	}
	for _, name := range low {
		t.now[name] = max(t.now[name], second[name])
		t.failed[name] = t.dropped(name)
	}
	return nil
}

func (t *trial) dropped(name string) bool {
	old, known := t.old[name]
	return known && t.now[name] < old*(1-most)
}

// print writes a table of all that is in the baseline or was measured.
func (t *trial) print(out io.Writer) {
	all := maps.Clone(t.old)
	maps.Copy(all, t.now)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ratio\tbaseline\tnow\tchange")
	for _, name := range all.names() {
		old, known := t.old[name]
		now, measured := t.now[name]
		switch {
		case !measured:
			fmt.Fprintf(w, "%s\t%.2f\t\tnot measured here\n", name, old)
		case !known:
			fmt.Fprintf(w, "%s\t\t%.2f\tnot in the baseline\n", name, now)
		case t.failed[name]:
			fmt.Fprintf(w, "%s\t%.2f\t%.2f\t%+.1f %%, too low\n", name, old, now, 100*(now/old-1))
		default:
			fmt.Fprintf(w, "%s\t%.2f\t%.2f\t%+.1f %%\n", name, old, now, 100*(now/old-1))
		}
	}
	w.Flush()
}

// verdict is an error if a ratio has dropped, or none could be compared.
func (t *trial) verdict() error {
	compared := 0
	var low []string
	for _, name := range t.now.names() {
		if _, known := t.old[name]; known {
			compared++
		}
		if t.failed[name] {
			low = append(low, name)
		}
	}
	switch {
	case compared == 0:
		return errNothing
	case len(low) > 0:
		return fmt.Errorf("more than %.0f %% lower than in the baseline: %q", 100*most, low)
	}
	return nil
}
