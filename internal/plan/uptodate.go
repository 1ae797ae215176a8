package plan

import (
	"io/fs"
	"os"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
)

// asBefore ends the reason of what failed in an earlier run, and is not tried.
const asBefore = " (as before; --retry-failed tries again)"

// due is what Record needs of an item that is worked on.
type due struct {
	journal *journal.Journal
	name    uint64 // hash of the input's absolute name
	checked bool   // the source is known by its content
	source  uint64 // the input's state, or content if that was read
	first   mark
	also    []mark
}

// mark is a target in the journal.
type mark struct {
	key     uint64
	request uint64
	ours    uint64 // state of an earlier output, which is replaced; in place: of the input
}

// finding is what the journal says of a target.
type finding struct {
	settled bool // nothing is to be done, for this reason:
	outcome job.Outcome
	reason  string
}

// undone is what is to be worked on.
var undone finding

// look asks the journal whether an item that src is said of is to be worked on,
// and notes in it what is to be recorded then. It may be called by several
// goroutines at once.
func (c *Config) look(it *Item, src fs.FileInfo) {
	if c.Journal == nil || it.Done != nil {
		return
	}
	l := looking{Config: c, ledger: c.ledger, src: src, input: string(it.Job.Input), peers: it.peers}
	if l.ledger == nil {
		with := c.withLedger()
		if l.ledger = with.ledger; l.ledger == nil {
			return
		}
	}
	l.due.journal, l.due.checked = c.Journal, c.Job.Checksum
	if !c.Job.Checksum {
		l.due.source, l.read = journal.State(src), true
	}
	l.due.name = l.key(it.Job.Input)
	if it.Job.InPlace != nil {
		l.due.name = l.realKey(it.Job.Input)
		l.inPlace(it)
	} else {
		l.beside(it)
	}
	if it.Done == nil {
		due := l.due
		it.due = &due
	}
}

// looking is one look.
type looking struct {
	*Config
	*ledger
	src   fs.FileInfo
	input string
	due   due
	peers func(input uint64) bool
	read  bool // due.source is known
	lost  bool // it cannot be: the work will tell why
}

// inPlace decides an input that is replaced. Its state after that is its own,
// so that it is the same file still, and nothing is done to it twice.
func (l *looking) inPlace(it *Item) {
	m := l.mark(&it.Job.Target)
	m.key, m.ours = l.due.name, journal.Identity(l.src)
	l.due.first = m
	rec, known := l.Journal.Lookup(m.key)
	if known && rec.Digest == m.request && rec.State == m.ours {
		if f := l.found(rec); f.settled {
			it.end(f.outcome, f.reason)
			return
		}
	}
	it.Job.State = m.ours
	it.Job.Intent = l.intent(m.key, m.request, 0)
}

// intent has the work say what a file is going to be; nil: there is nowhere to.
func (l *looking) intent(key, digest, input uint64) *job.Intent {
	file := l.Journal.File()
	if file == "" {
		return nil
	}
	return &job.Intent{Journal: job.Path(file), Key: key, Digest: digest, Input: input}
}

// intended is the key of an intent to replace an output, beside that of its
// record. There are two: the one that tells of what is there is not written over.
func intended(key uint64, second bool) uint64 {
	if second {
		return journal.Hash(key, 2)
	}
	return journal.Hash(key, 1)
}

// beside decides an input whose outputs are other files.
func (l *looking) beside(it *Item) {
	first := l.target(&it.Job.Target, &l.due.first)
	if len(it.Job.Also) == 0 {
		if first.settled {
			it.end(first.outcome, first.reason)
		}
		return
	}
	all, settled := []finding{first}, first.settled
	l.due.also = make([]mark, len(it.Job.Also))
	for i := range it.Job.Also {
		f := l.target(&it.Job.Also[i], &l.due.also[i])
		all, settled = append(all, f), settled && f.settled
	}
	if settled {
		it.settle(all)
	} else {
		it.leaveOut(all)
	}
}

// settle ends an item of which nothing is to be done: with the first
// failure, if there is one.
func (it *Item) settle(all []finding) {
	worst := all[0]
	for _, f := range all {
		if worst.outcome == job.Skipped && f.outcome != job.Skipped {
			worst = f
		}
	}
	it.end(worst.outcome, worst.reason)
	for i := range it.Done.Also {
		it.Done.Also[i].Outcome, it.Done.Also[i].Reason = all[i+1].outcome, all[i+1].reason
	}
}

// leaveOut marks the targets that are up to date. Those that failed before are
// tried again with the others.
func (it *Item) leaveOut(all []finding) {
	it.Job.UpToDate = all[0].reason == job.ReasonUpToDate
	for i := range it.Job.Also {
		it.Job.Also[i].UpToDate = all[i+1].reason == job.ReasonUpToDate
	}
}

func (l *looking) mark(t *job.Target) mark {
	return mark{key: l.key(t.Output), request: request(l.terms, l.due.name, t)}
}

// target decides one output. Where it is there as this program left it, and is
// no longer what is asked for, it may be replaced: if it was made of the same
// input, or of another of this run whose output is called something else now.
func (l *looking) target(t *job.Target, m *mark) finding {
	*m = l.mark(t)
	rec, known := l.Journal.Lookup(m.key)
	if !known {
		return undone
	}
	whole, second := false, false
	out, err := os.Lstat(string(t.Output))
	if err == nil && rec.State != l.made(out) { // a run may have been killed behind the replacing
		for _, nth := range []bool{false, true} {
			if meant, ok := l.Journal.Lookup(intended(m.key, nth)); ok && meant.State == l.made(out) {
				rec, second = meant, !nth
			}
		}
	}
	switch {
	case err != nil: // gone
	case rec.State == l.made(out):
		m.ours, whole = rec.State, true
	case rec.Outcome == job.OK && out.Size() == 0 && out.Mode().IsRegular():
		m.ours = l.made(out) // as a power failure leaves it
	case t.Overwrite:
	case rec.State != 0 && journal.SameState(rec.State, l.made(out)):
		if l.peers == nil || !l.peers(rec.State) {
			return finding{true, job.Skipped, job.ReasonForeign}
		}
		m.ours = rec.State
	case rec.State != 0:
		return finding{true, job.Skipped, job.ReasonEdited}
	default: // it failed, and somebody else has made one
		return undone
	}
	f := undone
	if !t.Overwrite && (whole || rec.Outcome != job.OK) && l.same(rec, t, m) {
		f = l.found(rec)
	}
	if !t.Overwrite && m.ours != 0 && f.reason != job.ReasonUpToDate {
		t.Overwrite, t.State = true, journal.State(out)
	}
	if t.Overwrite {
		if source, ok := l.source(); ok {
			t.Intent = l.intent(intended(m.key, second), digest(m.request, source), l.due.name)
		}
	}
	return f
}

func (l *looking) made(out fs.FileInfo) uint64 { return journal.Made(journal.State(out), l.due.name) }

// found is the end of what is asked for again.
func (l *looking) found(rec journal.Record) finding {
	switch {
	case rec.Outcome == job.OK:
		return finding{true, job.Skipped, job.ReasonUpToDate}
	case l.RetryFailed:
		return undone
	}
	return finding{true, rec.Outcome, rec.Reason + asBefore}
}

// same tells whether a record is of what is asked for. What was made without
// --on-damage=salvage is what it would be with it.
func (l *looking) same(rec journal.Record, t *job.Target, m *mark) bool {
	source, ok := l.source()
	if !ok {
		return false
	}
	if rec.Digest == digest(m.request, source) {
		return true
	}
	return rec.Outcome == job.OK && l.terms != l.strict && rec.Digest == digest(request(l.strict, l.due.name, t), source)
}

// source is the input's state or, with --checksum, the hash of its content,
// which is read for that once.
func (l *looking) source() (uint64, bool) {
	if !l.read && !l.lost {
		f, err := os.Open(l.input)
		if err == nil {
			l.due.source, err = journal.Content(f)
			f.Close() // only read
		}
		l.read, l.lost = err == nil, err != nil
	}
	return l.due.source, l.read
}
