package main

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"
)

// sizeFlags bound the bytes of the outputs.
type sizeFlags struct {
	target       int64
	skipIfLarger bool
}

func (f *sizeFlags) register(s *pflag.FlagSet) {
	s.Var((*size)(&f.target), "target-size", "write files of at most `SIZE`, such as 300K for 300,000 bytes: JPEGs by as much less quality as that takes, what is larger in other formats fails")
	s.BoolVar(&f.skipIfLarger, "skip-if-larger", false, "where an output would have more bytes than its input, of the same format, write the input's bytes as they are; not with --icc, --meta or --strip-gps, which take out what they would bring back")
}

// leastTarget is the smallest --target-size, bytes: tables and headers alone are
// more than half of it.
const leastTarget = 1000

// check refuses sizes that no picture has, and what cannot be had together.
func (f *sizeFlags) check(lossless string) error {
	switch {
	case f.target == 0:
		return nil
	case f.target < leastTarget:
		return fmt.Errorf("--target-size %d: want at least %d bytes, such as 300K", f.target, leastTarget)
	case lossless == losslessRequire:
		return errors.New("--target-size asks for new coding, --lossless=require forbids it")
	}
	return nil
}
