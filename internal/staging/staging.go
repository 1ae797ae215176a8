// Package staging stands before and behind the work on a picture: it opens what
// the work reads and writes, and when that is done gives what was made its names.
//
//	stage -> work -> commit
//
// The work itself has no names and opens nothing. It is done by a goroutine, which
// is handed the Input and the Writers, or by another process, which is handed the
// Files and has them as Received. What a process says is not trusted: see Commit.
//
// A stage is all that is known of a job before the work: each file is opened and
// looked at once. So that slow storage keeps nobody waiting, a caller may have more
// stages than it can work on, ReadAhead them, and Pause their clocks.
package staging

import (
	"errors"
	"io/fs"
	"os"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/atomicfile"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
)

// Stage is a job whose ends are open. One of Result, End and Commit ends it, and may
// be called again. It is for one goroutine at a time.
type Stage struct {
	// Short says that the work takes about as long as to hand it to another process. It
	// is set by whoever weighs the work.
	Short bool

	job    job.Job
	clock  clock
	input  *os.File // nil: nothing is wanted, or it has ended
	info   fs.FileInfo
	room   *[headBytes]byte // that head is in; nil: there is none
	head   []byte           // the first bytes of the input
	format codec.Format
	header codec.Header
	flaw   error // of the header
	ends   []*end

	handed bool // to another process
	worked bool // the work was begun
	sum    uint64
}

// end is an output of the job.
type end struct {
	job.Target
	inPlace *job.InPlace // nil: it is not the input
	part    job.Part     // what became of it, once it is decided
	decided bool
	state   uint64              // of what has its name now, as job.Result has it
	temp    *atomicfile.Pending // nil: not begun
	again   func() error        // tells the journal, which has not heard of it; nil: it has
}

// Open opens the input of a job, reads its header, and looks at what it is to
// become. What needs no work, or cannot be done, is decided then.
func Open(j job.Job) *Stage {
	s := &Stage{job: j, clock: startClock()}
	for i, t := range j.Targets() {
		e := &end{Target: t}
		if i == 0 {
			e.inPlace = j.InPlace
		}
		if t.UpToDate {
			e.decide(job.Skipped, job.ReasonUpToDate)
		}
		s.ends = append(s.ends, e)
	}
	if s.Wanted() {
		s.each(s.open())
	}
	if s.Wanted() {
		s.readHead()
	}
	return s
}

// open opens the input and holds the outputs against it. An error is that of all
// of them.
func (s *Stage) open() error {
	f, info, err := codec.Open(string(s.job.Input))
	if err != nil {
		var known *codec.Error
		if !errors.As(err, &known) {
			err = &job.ReadError{Err: err}
		}
		return err
	}
	s.input, s.info = f, info
	if s.job.InPlace != nil && s.job.State != 0 && s.job.State != journal.Identity(info) { // another run may have replaced it
		return &job.WriteError{Err: errSince}
	}
	for _, e := range s.ends {
		if !e.decided {
			e.fail(e.check(info))
		}
	}
	return nil
}

// each fails all that is not decided, if err is not nil.
func (s *Stage) each(err error) {
	for _, e := range s.ends {
		if !e.decided {
			e.fail(err)
		}
	}
}

// Wanted tells whether there is an output to be made.
func (s *Stage) Wanted() bool {
	for _, e := range s.ends {
		if !e.decided {
			return true
		}
	}
	return false
}

// Job is what is to be done.
func (s *Stage) Job() job.Job { return s.job }

// Work is what the worker is to know.
func (s *Stage) Work() job.Work {
	return s.job.Work(s.info.Size(), func(i int) bool { return s.ends[i].decided })
}

// decide says what becomes of an output.
func (e *end) decide(outcome job.Outcome, reason string) {
	e.decided = true
	e.part = job.Part{Outcome: outcome, Reason: reason, Pixels: e.part.Pixels}
}

// fail decides an output by an error, if there is one.
func (e *end) fail(err error) {
	var write *job.WriteError
	switch {
	case err == nil:
	case errors.Is(err, errExists):
		e.decide(job.Skipped, job.ReasonExists)
	case errors.Is(err, errEdited):
		e.decide(job.Skipped, job.ReasonEdited)
	case errors.Is(err, atomicfile.ErrBusy) && !e.Overwrite && e.inPlace == nil: // a moment later it exists
		e.decide(job.Skipped, job.ReasonBusy)
	default:
		e.decide(job.Failed, job.OneLine(err.Error()))
		e.part.DiskFull = errors.As(err, &write) && write.DiskFull
	}
}

// unwritable says that an output cannot be written.
func unwritable(err error) error {
	return &job.WriteError{Err: err, DiskFull: atomicfile.IsFull(err)}
}
