package staging

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/atomicfile"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
)

// Commit gives what was made its names, the file that replaces the input last, and
// not if another output failed. Of another process nothing is believed that can be
// seen: what is no answer to the Work, or says another size than a file has, is
// from a process that has lost its way, and nothing that it made is kept.
func (s *Stage) Commit(a job.Answer) job.Result {
	s.clock.enter(storage)
	if s.handed {
		if err := s.doubt(a); err != nil {
			return s.End(job.Crashed, "the worker went wrong: "+err.Error())
		}
	}
	s.sum = a.Checksum
	s.close() // what is open cannot be replaced everywhere
	for i, e := range s.ends {
		if e.decided {
			continue
		}
		e.part = clipped(a.Parts[i])
		if e.part.DiskFull && s.handed {
			e.part.DiskFull = e.temp != nil && !e.temp.HasRoom(room)
		}
		e.decided = e.part.Outcome != job.OK
	}
	first := s.ends[0]
	for _, e := range s.ends {
		if !e.decided && e.inPlace == nil {
			e.commit()
		}
	}
	if !first.decided && first.inPlace != nil {
		if s.anotherFailed() {
			first.decide(job.Skipped, "not replaced: another output failed")
		} else {
			first.commit()
		}
	}
	return s.Result()
}

// room is what a disk that is said to be full must have, to be none, in bytes: one
// process is not believed that all further files will fail.
const room = 1 << 20

// doubt holds an answer against the work and the files.
func (s *Stage) doubt(a job.Answer) error {
	if err := a.Check(s.Work()); err != nil {
		return err
	}
	for i, e := range s.ends {
		if e.decided || a.Parts[i].Outcome != job.OK {
			continue
		}
		fi, err := e.temp.File.Stat()
		if err != nil {
			return err
		}
		if fi.Size() != a.Parts[i].Bytes {
			return fmt.Errorf("it wrote %d bytes and says %d", fi.Size(), a.Parts[i].Bytes)
		}
		if e.inPlace != nil {
			if err := s.doubtPicture(e, a.Parts[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// doubtPicture reads the header of what is to replace the input, which may have no
// other copy. What stands behind the header can only be believed.
func (s *Stage) doubtPicture(e *end, p job.Part) error {
	made, err := codec.ReadHeader(e.temp.File, p.Bytes, math.MaxInt64)
	if err != nil {
		return fmt.Errorf("it wrote what is no picture: %w", err)
	}
	want := codec.Format(e.Format)
	if want == "" {
		want = s.Format()
	}
	if made.Format != want {
		return fmt.Errorf("it wrote %s and was to write %s", made.Format, want)
	}
	if w, h := made.Displayed(); w != p.Width || h != p.Height {
		return fmt.Errorf("it wrote a picture of %dx%d pixels and says %dx%d", w, h, p.Width, p.Height)
	}
	return nil
}

func (s *Stage) anotherFailed() bool {
	for _, e := range s.ends[1:] {
		if o := e.part.Outcome; o != job.OK && o != job.Skipped {
			return true
		}
	}
	return false
}

// beginNew begins an output that is a file of its own.
func (s *Stage) beginNew(e *end) (err error) {
	opt := atomicfile.Options{Overwrite: e.Overwrite, Folders: &folders}
	if e.State != 0 || e.Intent != nil {
		opt.Before = func(fi fs.FileInfo) error {
			if err := e.untouched(fi); err != nil || e.Intent == nil {
				return err
			}
			_ = announce(e.Intent, fi, false) // that the journal is deaf is told when the result is recorded
			return nil
		}
	}
	if s.job.Carry.Mtime {
		opt.ModTime = s.info.ModTime()
	}
	e.temp, err = atomicfile.Create(string(e.Output), opt)
	return err
}

// commit gives an output its name.
func (e *end) commit() {
	notes, err := e.temp.Commit()
	e.temp = nil
	switch {
	case err == nil:
		e.decided = true
		e.part.Notes = append(e.part.Notes, notes...)
		e.look()
		e.catchUp()
	case errors.Is(err, errEdited):
		e.fail(errEdited)
	case e.inPlace == nil && errors.Is(err, fs.ErrExist) && isThere(string(e.Output)): // and not another in its way
		e.fail(errExists)
	default:
		e.fail(unwritable(err))
	}
}

// look notes the state of what was just made, for the journal. Not before it is closed
// and has its name: some network file systems set the time of change when it is closed.
func (e *end) look() {
	fi, err := os.Lstat(string(e.Output))
	switch {
	case err != nil: // taken away already
	case e.inPlace != nil:
		e.state = journal.Identity(fi)
	default:
		e.state = journal.State(fi)
	}
}

func isThere(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

// announce tells the journal what a file is going to be.
func announce(to *job.Intent, fi fs.FileInfo, inPlace bool) error {
	r := journal.Record{Key: to.Key, Digest: to.Digest, State: journal.Made(journal.State(fi), to.Input), Outcome: job.OK}
	if inPlace {
		r.State = journal.Identity(fi)
	}
	return journal.AppendTo(string(to.Journal), r, inPlace)
}
