package report

import (
	"fmt"
	"time"
)

// mark is how far the run was at a time.
type mark struct {
	at     time.Time
	passed int64 // bytes
}

// Found adds inputs that were found, and their bytes.
func (r *Report) Found(files int, bytes int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.found.files += files
	r.found.bytes += bytes
}

// Total says how many inputs there are going to be, and of how many bytes,
// before all of them are found.
func (r *Report) Total(files int, bytes int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.total, r.counted = extent{files, bytes}, true
}

// Walked says that all inputs are found, and how many other files were passed
// over. If the search was cut short, there may be more.
func (r *Report) Walked(ignored int, cut bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.walked = true
	r.sum.Ignored, r.sum.Cut = ignored, cut
}

// whole is the inputs of the run, or those that are found so far. The caller
// holds mu.
func (r *Report) whole() (e extent, known bool) {
	if r.walked || !r.counted {
		return r.found, r.walked
	}
	return extent{max(r.total.files, r.found.files), max(r.total.bytes, r.found.bytes)}, true
}

// Status prints how the run goes, whatever progress is shown.
func (r *Report) Status() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.say(r.cfg.What + ": " + r.status(true))
}

// status is the run in one line: what is done, in full how fast, and how much
// longer it takes. The caller holds mu.
func (r *Report) status(full bool) string {
	whole, known := r.whole()
	more := ""
	if !known {
		more = "+"
	}
	s := fmt.Sprintf("%d/%d%s files", r.sum.Inputs, whole.files, more)
	if full {
		s += fmt.Sprintf(", %.1f MP/s", float64(r.sum.Pixels)/1e6/max(time.Since(r.start).Seconds(), 1e-3))
	}
	if bad := r.sum.Bad(); bad > 0 {
		s += fmt.Sprintf(", %d failed", bad)
	}
	if known {
		s += r.eta(whole.bytes-r.passed, time.Now())
	}
	return s
}

// eta says how long so many bytes take, if that can be said.
func (r *Report) eta(left int64, now time.Time) string {
	if r.marks[0].at.IsZero() {
		r.marks[0].at, r.marks[1].at = r.start, r.start
	}
	if now.Sub(r.marks[1].at) >= ratePeriod {
		r.marks[0], r.marks[1] = r.marks[1], mark{now, r.passed}
	}
	from := r.marks[0]
	done := r.passed - from.passed
	if done <= 0 || left <= 0 {
		return ""
	}
	eta := now.Sub(from.at).Seconds() * float64(left) / float64(done)
	if eta >= maxETA.Seconds() {
		return ""
	}
	return ", ETA " + time.Duration(eta*1e9).Round(time.Second).String()
}
