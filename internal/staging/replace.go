package staging

import (
	"errors"
	"io/fs"

	"github.com/imgpar/imgpar/internal/atomicfile"
	"github.com/imgpar/imgpar/internal/job"
)

// beginReplacement begins an output that takes the input's place. The journal
// hears of it right before that; where it does not, what has no backup stays.
func (s *Stage) beginReplacement(e *end) (err error) {
	r := atomicfile.Replacement{Old: s.info, Backup: e.backup()}
	if s.job.Carry.Mtime {
		r.ModTime = s.info.ModTime()
	}
	if e.Intent != nil {
		r.Before = func(fi fs.FileInfo) error {
			err := announce(e.Intent, fi, true)
			if err != nil && r.Backup == "" { // nothing would keep the next run from doing it twice
				return errors.New("the journal cannot be written: " + job.Plain(err))
			}
			if err != nil {
				e.again = func() error { return announce(e.Intent, fi, true) }
			}
			return nil
		}
	}
	e.temp, err = atomicfile.Replace(string(e.Output), r)
	return err
}

// catchUp tells the journal of a file that was replaced, if it has not heard of
// that: late is better than never.
func (e *end) catchUp() {
	if e.again == nil {
		return
	}
	if err := e.again(); err != nil {
		e.part.Notes = append(e.part.Notes, "the next run may work on this file again: the journal cannot be written: "+job.Plain(err))
	}
}
