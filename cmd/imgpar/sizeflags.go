package main

import (
	"errors"

	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/codec"
)

// sizeFlags bound the bytes of the outputs.
type sizeFlags struct {
	target       int64
	skipIfLarger bool
}

func (f *sizeFlags) register(s *pflag.FlagSet) {
	s.Var((*size)(&f.target), "target-size", "write JPEGs of at most `SIZE`, such as 300K, by as much less quality as that takes")
	s.BoolVar(&f.skipIfLarger, "skip-if-larger", false, "where an output would have more bytes than its input, write the input's bytes as they are")
}

// check refuses what would leave an input's bytes under a name of another format.
func (f *sizeFlags) check(format codec.Format) error {
	if f.skipIfLarger && format != "" {
		return errors.New("--skip-if-larger keeps the input's bytes, and so its format: it excludes --format and convert")
	}
	return nil
}
