package main

import (
	"errors"

	"github.com/spf13/pflag"
)

// journalFlags say what a run knows of earlier ones.
type journalFlags struct {
	file        string
	off         bool
	checksum    bool
	retryFailed bool
}

func (f *journalFlags) register(s *pflag.FlagSet) {
	s.StringVar(&f.file, "journal", "", "remember in `FILE` what has been done (default: a file for each output folder in the user's state folder)")
	s.BoolVar(&f.off, "no-journal", false, "neither know nor remember what has been done; existing outputs are skipped all the same")
	s.BoolVar(&f.checksum, "checksum", false, "tell a changed input by its content (default: by its size and time of change)")
	s.BoolVar(&f.retryFailed, "retry-failed", false, "try again what failed in an earlier run (default: only when it has changed)")
}

func (f *journalFlags) check() error {
	if f.off && (f.file != "" || f.checksum || f.retryFailed) {
		return errors.New("--no-journal excludes --journal, --checksum and --retry-failed")
	}
	return nil
}
