package plan

import (
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
)

// Record notes in the journal what became of an item that was worked on. Its
// first error is the last: behind it nothing is recorded.
//
// What says nothing of the picture is not recorded, so that the next run tries
// again: what was canceled or skipped, a file that could not be read or written.
func (p *Plan) Record(it Item, res job.Result) error {
	d := it.due
	if d == nil {
		return nil
	}
	source := d.source
	if d.checked {
		source = res.Checksum
	}
	if err := d.record(it.Job, it.Job.Target, d.first, source, firstOf(res)); err != nil {
		return err
	}
	for i, m := range d.also {
		if i >= len(res.Also) {
			break
		}
		if err := d.record(it.Job, it.Job.Also[i], m, source, res.Also[i]); err != nil {
			return err
		}
	}
	return nil
}

// firstOf returns what became of the first output by itself. The reason is that
// of the worst output, and so not always its own.
func firstOf(res job.Result) job.Made {
	m := job.Made{Output: res.Output, Outcome: res.Outcome, Reason: res.Reason, OutBytes: res.OutBytes, State: res.State}
	if len(res.Also) > 0 {
		m.Outcome = res.Primary
	}
	return m
}

func (d *due) record(j job.Job, t job.Target, m mark, source uint64, made job.Made) error {
	if t.UpToDate || d.checked && source == 0 && j.InPlace == nil {
		return nil
	}
	r := journal.Record{Key: m.key, Digest: digest(m.request, source), State: m.ours, Outcome: made.Outcome, Reason: made.Reason}
	if j.InPlace != nil {
		r.Digest = m.request
	}
	switch made.Outcome {
	case job.OK:
		if made.OutBytes == 0 || made.State == 0 { // what is there, if anything is, is not what was written
			return nil
		}
		if j.InPlace != nil { // the file has the record since before it was renamed
			r.State = made.State
			d.journal.Note(r)
			return nil
		}
		r.State = journal.Made(made.State, d.name)
	case job.Failed:
		if job.Passing(made.Reason) {
			return nil
		}
	case job.Crashed, job.Timeout:
		if j.InPlace != nil { // the file may be replaced already, which its intent says
			return nil
		}
	default:
		return nil
	}
	return d.journal.Append(r)
}
