package staging

import (
	"errors"
	"io/fs"
	"os"

	"github.com/imgpar/imgpar/internal/atomicfile"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
)

// errSince, errEdited and errExists say that a file is not as the plan saw it.
var (
	errSince  = errors.New("the file changed since it was found")
	errEdited = errors.New(job.ReasonEdited)
	errExists = errors.New(job.ReasonExists)
)

// check refuses an output that is the input, or is there already, or cannot take
// the input's place: before anything is decoded.
func (e *end) check(in fs.FileInfo) error {
	name := string(e.Output)
	if e.inPlace != nil {
		if err := atomicfile.CheckReplace(name, in, e.backup()); err != nil {
			return unwritable(err)
		}
		return nil
	}
	out, err := os.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return unwritable(err)
	case os.SameFile(in, out), leadsTo(name, in):
		return unwritable(errors.New("the output is the input itself"))
	case !out.Mode().IsRegular() && out.Mode()&fs.ModeSymlink == 0:
		return unwritable(errors.New("the output exists and is no regular file"))
	case !e.Overwrite:
		atomicfile.Settle(name, out)
		return errExists
	}
	return nil
}

// leadsTo tells whether a link names the file in.
func leadsTo(name string, in fs.FileInfo) bool {
	fi, err := os.Stat(name)
	return err == nil && os.SameFile(in, fi)
}

// backup returns the name under which the original stays, "" if it does not.
func (e *end) backup() string {
	if e.inPlace.Backup == "" {
		return ""
	}
	return string(e.Output) + e.inPlace.Backup
}

// untouched tells whether an output that is replaced is as the plan saw it, or
// holds what it is to hold, which made describes: by another run, or by one that
// was killed before it could say so. It comes last before the replacing; what
// happens in the blink between them cannot be known.
func (e *end) untouched(made fs.FileInfo) error {
	if e.State == 0 {
		return nil
	}
	name := string(e.Output)
	out, err := os.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case journal.State(out) == e.State:
		return nil
	}
	if same, err := atomicfile.SameBytes(e.temp.File.Name(), name, made, out); err != nil || !same {
		return errEdited
	}
	return nil
}
