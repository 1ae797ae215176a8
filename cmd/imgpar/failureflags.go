package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

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
	s.StringVar(&f.most, "max-failures", "", fmt.Sprintf("stop at more than `N` failures, or at more than N%% of the inputs done, once these are %d (default: go on; 0 is --fail-fast)", percentFrom))
	s.StringVar(&f.list, "failed-list", "", "write the names of what failed, crashed or timed out to `FILE` (-: standard output), as --files0-from reads them")
}

func (f *failureFlags) check() error {
	if f.fast && f.most != "" {
		return errors.New("--fail-fast and --max-failures exclude each other")
	}
	_, err := f.limit()
	return err
}

// limit returns the most failures that a run goes on with.
func (f *failureFlags) limit() (limit, error) {
	if f.fast {
		return limit{name: "--fail-fast", files: 0, percent: -1}, nil
	}
	l := limit{name: "--max-failures " + f.most, files: -1, percent: -1}
	if f.most == "" {
		return l, nil
	}
	text, isPercent := strings.CutSuffix(f.most, "%")
	n, err := strconv.ParseFloat(text, 64)
	switch whole := n == float64(int(n)); {
	case err != nil, strings.Trim(text, "0123456789.") != "", !isPercent && !whole, isPercent && n > 100:
		return l, fmt.Errorf("--max-failures %s: want a number of inputs from 0, or a part of them from 0%% to 100%%", f.most)
	case isPercent && n > 0:
		l.percent = n
	default:
		l.files = int(n)
	}
	return l, nil
}
