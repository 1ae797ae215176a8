package transform

import (
	"bytes"
	"errors"
	"io/fs"
	"os"

	"github.com/imgpar/imgpar/internal/atomicfile"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
)

// errSince and errEdited say that a file is not as the plan saw it.
var (
	errSince  = errors.New("the file changed since it was found")
	errEdited = errors.New(job.ReasonEdited)
)

// checkEnds refuses an output that is the input, or is there already, or cannot
// take the input's place: before anything is decoded.
func checkEnds(j job.Job, t job.Target, in fs.FileInfo) error {
	if j.InPlace != nil {
		if err := atomicfile.CheckReplace(string(t.Output), in, backup(j, t)); err != nil {
			return writeError{err}
		}
		return nil
	}
	out, err := os.Lstat(string(t.Output))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return writeError{err}
	case os.SameFile(in, out), leadsTo(t.Output, in):
		return writeError{errors.New("the output is the input itself")}
	case !out.Mode().IsRegular() && out.Mode()&fs.ModeSymlink == 0:
		return writeError{errors.New("the output exists and is no regular file")}
	case !t.Overwrite:
		atomicfile.Settle(string(t.Output), out)
		return fs.ErrExist
	}
	return nil
}

// leadsTo tells whether a link names the file in.
func leadsTo(name job.Path, in fs.FileInfo) bool {
	fi, err := os.Stat(string(name))
	return err == nil && os.SameFile(in, fi)
}

// backup returns the name under which the original stays, "" if it does not.
func backup(j job.Job, t job.Target) string {
	if j.InPlace.Backup == "" {
		return ""
	}
	return string(t.Output) + j.InPlace.Backup
}

// write writes the output t of an input that was as in describes it.
func write(j job.Job, t job.Target, in fs.FileInfo, data []byte) (notes []string, err error) {
	if j.InPlace != nil {
		return replace(j, t, in, data)
	}
	opt := atomicfile.Options{Overwrite: t.Overwrite}
	if t.State != 0 || t.Intent != nil {
		opt.Before = func(fi fs.FileInfo) error {
			if err := untouched(t, data); err != nil || t.Intent == nil {
				return err
			}
			_ = announce(t.Intent, fi, false) // that the journal is deaf is told when the result is recorded
			return nil
		}
	}
	if j.Carry.Mtime {
		opt.ModTime = in.ModTime()
	}
	err = atomicfile.Write(string(t.Output), data, opt)
	if err == nil || errors.Is(err, errEdited) {
		return nil, err
	}
	// Another than the output may stand in the way: a dangling link for a folder.
	if _, lerr := os.Lstat(string(t.Output)); lerr == nil && errors.Is(err, fs.ErrExist) {
		return nil, fs.ErrExist
	}
	return nil, writeError{err}
}

// untouched tells whether an output that is replaced is as the plan saw it, or
// holds what it is to hold: by another run, or by a worker that was killed
// before it could say so. It comes last before the replacing; what happens in
// the blink between them cannot be known.
func untouched(t job.Target, data []byte) error {
	if t.State == 0 {
		return nil
	}
	out, err := os.Lstat(string(t.Output))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case journal.State(out) == t.State:
		return nil
	case !out.Mode().IsRegular() || out.Size() != int64(len(data)):
		return errEdited
	}
	if have, err := os.ReadFile(string(t.Output)); err != nil || !bytes.Equal(have, data) {
		return errEdited
	}
	return nil
}

// replace is write for an output that is the input.
func replace(j job.Job, t job.Target, in fs.FileInfo, data []byte) (notes []string, err error) {
	r := atomicfile.Replacement{Old: in, Data: data, Backup: backup(j, t)}
	if j.Carry.Mtime {
		r.ModTime = in.ModTime()
	}
	var (
		said  error // what the journal had against it
		after fs.FileInfo
	)
	if t.Intent != nil {
		r.Before = func(fi fs.FileInfo) error {
			after, said = fi, announce(t.Intent, fi, true)
			if said != nil && r.Backup == "" { // nothing would keep the next run from doing it twice
				return errors.New("the journal cannot be written: " + job.Plain(said))
			}
			return nil
		}
	}
	notes, err = atomicfile.Replace(string(t.Output), r)
	if err != nil {
		return nil, writeError{err}
	}
	if said != nil { // late is better than never
		said = announce(t.Intent, after, true)
	}
	if said != nil {
		notes = append(notes, "the next run may work on this file again: the journal cannot be written: "+job.Plain(said))
	}
	return notes, nil
}

// announce tells the journal what a file is going to be.
func announce(to *job.Intent, fi fs.FileInfo, inPlace bool) error {
	r := journal.Record{Key: to.Key, Digest: to.Digest, State: journal.Made(journal.State(fi), to.Input), Outcome: job.OK}
	if inPlace {
		r.State = journal.Identity(fi)
	}
	return journal.AppendTo(string(to.Journal), r, inPlace)
}

// diskFull tells whether an output could not be written for want of space.
func diskFull(err error) bool {
	var w writeError
	return errors.As(err, &w) && atomicfile.IsFull(err)
}
