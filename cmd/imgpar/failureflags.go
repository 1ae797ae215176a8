package main

import (
	"github.com/spf13/pflag"
)

// failureFlags say when a run with failures stops, and where they are listed.
type failureFlags struct {
	fast bool
	most string
	list string
}

func (f *failureFlags) register(s *pflag.FlagSet) {
	s.BoolVar(&f.fast, "fail-fast", false, "stop at the first failure (default: go on with the rest)")
	s.StringVar(&f.most, "max-failures", "", "stop at more than `N` failures, or N% of the inputs (default: go on)")
	s.StringVar(&f.list, "failed-list", "", "write the names of what failed to `FILE`, as --files0-from reads them")
}

func (f *failureFlags) check() error { return nil }
