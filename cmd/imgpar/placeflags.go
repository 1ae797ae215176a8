package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/codec"
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
	if f.backup != "" && namesPictures(f.backup) {
		return fmt.Errorf("--backup %q: the backups would be named like pictures, and the next run would work on them", f.backup)
	}
	return nil
}

// namesPictures tells whether the name of a picture, or one without an
// extension, is a picture's with suffix behind it: not only by .png, a.tif is
// one by f.
func namesPictures(suffix string) bool {
	if codec.NamesPicture("name" + suffix) {
		return true
	}
	for _, format := range codec.Formats() {
		for _, ext := range format.Extensions {
			if codec.NamesPicture("name" + ext + suffix) {
				return true
			}
		}
	}
	return false
}
