package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/imgpar/imgpar/internal/job"
)

func TestTheSummaryAddsUp(t *testing.T) {
	r, _, _ := started(Config{})
	r.Walked(7, false)
	for n, o := range job.Outcomes {
		for range n + 1 {
			told(t, r, job.Result{Input: "a", Outcome: o, Reason: "r", Pixels: 10, InBytes: 3, OutBytes: 2})
		}
	}
	sum := closed(t, r)
	total := 0
	for n, o := range job.Outcomes {
		if sum.Counts[o] != n+1 {
			t.Errorf("%d %s, want %d", sum.Counts[o], o, n+1)
		}
		total += n + 1
	}
	if sum.Inputs != total || sum.InBytes != 3*int64(total) || sum.OutBytes != 2*int64(total) || sum.Ignored != 7 || sum.Elapsed <= 0 {
		t.Errorf("%+v, want %d inputs", sum, total)
	}
	if sum.Pixels != 10 { // of what was made only
		t.Errorf("%d pixels, want 10", sum.Pixels)
	}
	if sum.Bad() != 3+4+5 {
		t.Errorf("%d are bad, want the failed, crashed and timeout", sum.Bad())
	}
}

func TestSummaryForPeople(t *testing.T) {
	sum := newSummary()
	sum.Elapsed = 2 * time.Second
	check := func(want ...string) {
		t.Helper()
		if got := sum.text("gray"); !slices.Equal(got, want) {
			t.Errorf("%q\nwant %q", got, want)
		}
	}
	check("gray: 0 pictures: 0 ok in 2.00 s (0.0 files/s, 0.0 MP/s, 0.0 MB/s)")
	sum.add(job.Result{Outcome: job.OK, Pixels: 3e6, InBytes: 5e6})
	check("gray: 1 picture: 1 ok in 2.00 s (0.5 files/s, 1.5 MP/s, 2.5 MB/s)")
	sum.add(job.Result{Outcome: job.Canceled})
	sum.add(job.Result{Outcome: job.Failed})
	sum.Ignored = 1
	check("gray: 3 pictures: 1 ok, 1 failed, 1 canceled in 2.00 s (1.5 files/s, 1.5 MP/s, 2.5 MB/s)",
		"1 other file ignored: hidden, not named like pictures, or outputs of an earlier run")
	sum.add(job.Result{Outcome: job.Skipped, Reason: "exists"})
	sum.add(job.Result{Outcome: job.Skipped, Reason: "up to date"})
	sum.Ignored, sum.Cut = 0, true
	check("gray: 5 pictures: 1 ok, 2 skipped (1 up to date), 1 failed, 1 canceled in 2.00 s (2.5 files/s, 1.5 MP/s, 2.5 MB/s)",
		"the folders were not read to their end: there may be more pictures")
	sum.Elapsed = 0
	if got := sum.text("gray")[0]; strings.Contains(got, "Inf") || strings.Contains(got, "NaN") {
		t.Errorf("in no time: %s", got)
	}
}

func TestNotesAreGatheredAndCapped(t *testing.T) {
	sum := newSummary()
	for i := range 3 {
		sum.add(job.Result{Input: job.Path(fmt.Sprintf("%d.jpg", i)), Outcome: job.OK, Notes: []string{"not kept: EXIF", fmt.Sprintf("note %d", i)}})
	}
	want := []string{"note: 3 pictures, such as 0.jpg: not kept: EXIF", "note: 0.jpg: note 0", "note: 1.jpg: note 1", "note: 2.jpg: note 2"}
	if got := sum.noteLines(); !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
	for i := 3; i < maxNotes; i++ {
		sum.add(job.Result{Input: "x", Outcome: job.OK, Notes: []string{fmt.Sprintf("note %d", i)}})
	}
	got := sum.noteLines()
	if len(got) != maxNotes+1 || got[maxNotes] != "note: and 1 other note; --json has them all" {
		t.Errorf("%d lines, the last %q", len(got), got[len(got)-1])
	}
	sum.add(job.Result{Input: "x", Outcome: job.OK, Notes: []string{"zz"}})
	if got := sum.noteLines(); got[maxNotes] != "note: and 2 other notes; --json has them all" {
		t.Errorf("the last is %q", got[maxNotes])
	}
}

// Of a million pictures each may have notes of its own.
func TestNotesAreBounded(t *testing.T) {
	sum := newSummary()
	for i := range 2 * keptNotes {
		sum.add(job.Result{Input: "x", Outcome: job.OK, Notes: []string{fmt.Sprintf("note %d", i), "all"}})
	}
	got := sum.noteLines()
	if want := "note: and more than 9990 other notes; --json has them all"; len(sum.notes) != keptNotes || got[maxNotes] != want {
		t.Errorf("%d notes, the last line %q, want %q", len(sum.notes), got[maxNotes], want)
	}
	if want := "note: 20000 pictures, such as x: all"; got[0] != want {
		t.Errorf("%q, want %q", got[0], want)
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0.00 s", 420 * time.Millisecond: "0.42 s", 12345 * time.Millisecond: "12.3 s", 200*time.Second + 400*time.Millisecond: "3m20s", 3 * time.Hour: "3h0m0s",
	} {
		if got := span(d); got != want {
			t.Errorf("%v is %s, want %s", d, got, want)
		}
	}
}

func TestWhatIsUpToDateIsCountedAtOnce(t *testing.T) {
	r, _, _ := started(Config{})
	told(t, r, job.Result{Input: "a", Outcome: job.OK})
	r.UpToDate(1000, 7)
	told(t, r, job.Result{Input: "b", Outcome: job.Skipped, Reason: job.ReasonUpToDate})
	sum := closed(t, r)
	if sum.Inputs != 1002 || sum.Counts[job.Skipped] != 1001 || sum.UpToDate != 1001 || sum.Counts[job.OK] != 1 {
		t.Errorf("%+v", sum)
	}
}

func TestDeathsOfWorkersAreToldApart(t *testing.T) {
	r, out, errs := started(Config{JSON: true})
	r.Workers(Deaths{Crashed: 3, Memory: 1})
	closed(t, r)
	if want := "imgpar: subprocesses that died over a picture: 3 crashed, 1 took too much memory\n"; !strings.Contains(errs.String(), want) {
		t.Errorf("%s\nwant %s", errs, want)
	}
	if want := `"worker_deaths":{"crashed":3,"timeout":0,"memory":1}}`; !strings.Contains(out.String(), want) {
		t.Errorf("%s\nwant %s", out, want)
	}
	r, out, errs = started(Config{JSON: true})
	r.Workers(Deaths{})
	closed(t, r)
	if strings.Contains(errs.String(), "died") || strings.Contains(out.String(), "worker_deaths") {
		t.Errorf("nobody died: %s%s", out, errs)
	}
}
