package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// defaultBackup is added to the names of originals by a --backup that says
// nothing else.
const defaultBackup = ".orig"

// placeFlags say whether the inputs are replaced.
type placeFlags struct {
	in     bool
	backup string
	yes    bool
}

func (f *placeFlags) register(s *pflag.FlagSet) {
	s.BoolVar(&f.in, "in-place", false, "replace the inputs; needs --backup or --yes")
	s.StringVar(&f.backup, "backup", "", "with --in-place: keep each original beside it, with `SUFFIX` added to its name (without a value: "+defaultBackup+")")
	s.Lookup("backup").NoOptDefVal = defaultBackup
	s.BoolVar(&f.yes, "yes", false, "with --in-place: replace the inputs for good")
}

func (f *placeFlags) check() error {
	switch {
	case !f.in && (f.backup != "" || f.yes):
		return errors.New("--backup and --yes belong to --in-place")
	case f.in && f.backup == "" && !f.yes:
		return hintError{errors.New("--in-place replaces the originals"), "--backup keeps them as NAME" + defaultBackup + ", --yes does without"}
	case strings.ContainsAny(f.backup, "/\\\x00"):
		return fmt.Errorf("--backup %q: want a part of a name, without slashes", f.backup)
	}
	return nil
}
