package main

import (
	"slices"

	"github.com/imgpar/imgpar/bench"
)

// sources are all that the configuration asks for.
func sources(c config, dir string) []source {
	g := &goBenchmarks{rounds: c.rounds, dir: dir}
	list := []source{{
		first: func() (ratios, error) { return g.measure(pairs) },
		again: func(names []string) (ratios, error) {
			return g.measure(slices.DeleteFunc(slices.Clone(pairs), func(p pair) bool { return !slices.Contains(names, p.name) }))
		},
	}}
	measure := func() (ratios, error) {
		r, err := measureImgpar(c.imgpar, dir, c.paths)
		return reportRatios(r), err
	}
	read := func() (ratios, error) {
		r, err := bench.ReadReport(c.report)
		return reportRatios(r), err
	}
	s := source{first: measure, again: func([]string) (ratios, error) { return measure() }}
	if c.report != "" {
		s.first = read
	}
	if c.imgpar == "" {
		s.again = func([]string) (ratios, error) { return nil, nil }
	}
	if c.report != "" || c.imgpar != "" {
		list = append(list, s)
	}
	return list
}
