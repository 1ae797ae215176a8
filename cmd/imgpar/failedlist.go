package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/atomicfile"
	"github.com/imgpar/imgpar/internal/report"
)

// failedList is the file of --failed-list: names, each ended by NUL.
//
// They are written as they come, so that a run that is killed leaves what it
// knew. Where the run reads its inputs from the same file, the new list goes to a
// temporary one and takes its place only when every input has had its turn: until
// then, the old one is what is still to be done.
type failedList struct {
	name   string // as given
	w      io.Writer
	file   *os.File // to be closed; nil: standard output
	final  string   // what the file is to replace; "": it stands where it is
	broken bool
}

// openFailedList begins a list. A file of that name is overwritten if it is one.
func (a *app) openFailedList() (*failedList, error) {
	name := a.flags.failures.list
	if name == "-" {
		if a.flags.json {
			return nil, errors.New("--failed-list -: standard output has the lines of --json")
		}
		return &failedList{name: name, w: a.stdout}, nil
	}
	l := &failedList{name: name}
	old, err := os.Stat(name)
	if err == nil && old.Mode().IsRegular() {
		if err := isList(name, old.Size()); err != nil {
			return nil, fmt.Errorf("--failed-list %s: %w", report.Printable(name), err)
		}
		if in := a.listRead(); in != nil && os.SameFile(in, old) {
			if l.final, err = filepath.EvalSymlinks(name); err != nil {
				return nil, runError{fmt.Errorf("--failed-list: %w", err)}
			}
			name = atomicfile.TempName(l.final)
		}
	}
	if l.file, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666); err != nil {
		return nil, runError{fmt.Errorf("--failed-list: %w", err)}
	}
	l.w = l.file
	return l, nil
}

// listRead returns what --files0-from reads, if that is a file.
func (a *app) listRead() fs.FileInfo {
	if a.flags.files0 != "-" {
		fi, _ := os.Stat(a.flags.files0) // if it is not there, it is not the same
		return fi
	}
	f, ok := a.stdin.(*os.File)
	if !ok {
		return nil
	}
	fi, _ := f.Stat()
	return fi
}

// isList refuses to overwrite a file that no list of names can be, such as a
// picture that stands behind the flag by mistake.
func isList(name string, size int64) error {
	if codec.NamesPicture(name) {
		return errors.New("it is named like a picture, and exists")
	}
	if size == 0 {
		return nil
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close() // only read
	end := []byte{1}
	if _, err := f.ReadAt(end, size-1); err != nil {
		return err
	}
	if end[0] != 0 {
		return errors.New("it exists and is no list of names, which ends with NUL")
	}
	return nil
}

// add appends a name. The first error is returned, and nothing is written behind it.
func (l *failedList) add(name string) error {
	if l.broken {
		return nil
	}
	if _, err := l.w.Write(append([]byte(name), 0)); err != nil {
		l.broken = true
		return fmt.Errorf("the list of failures is not complete: %w", err)
	}
	return nil
}

// close ends the list. whole says that every input has had its turn.
func (l *failedList) close(whole bool) error {
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	switch {
	case l.final == "" || err != nil:
	case l.broken || !whole:
		err = errors.Join(os.Remove(l.file.Name()), fmt.Errorf("%s is left as it was: not every input had its turn", report.Printable(l.name)))
	default:
		err = os.Rename(l.file.Name(), l.final)
	}
	return err
}
