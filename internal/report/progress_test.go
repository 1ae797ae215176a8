package report

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/rivo/uniseg"

	"github.com/imgpar/imgpar/internal/job"
)

// While the walk goes on, nobody knows of how much something is a part. What
// was counted beside it is believed until the walk has found more, or has ended.
func TestTheTotalGrows(t *testing.T) {
	r, _, stderr := started(Config{Progress: Bar, Workers: 1})
	shows := func(want string, percent bool) {
		t.Helper()
		got := drawn(r, stderr)
		if !strings.Contains(got, want) || strings.Contains(got, "%") != percent || strings.Contains(got, "% [") != percent {
			t.Errorf("%q, want %q, with a percentage: %v", got, want, percent)
		}
	}
	shows(" 0/0+ files, ", false)
	r.Found(3, 300_000)
	told(t, r, job.Result{Outcome: job.OK, InBytes: 100_000})
	shows(" 1/3+ files, ", false)
	r.Total(10, 1_000_000)
	shows("J9% [", true)
	shows(" 1/10 files, ", true)
	r.Found(9, 900_000)
	shows("J8% [", true)
	shows(" 1/12 files, ", true)
	r.Walked(0, false)
	r.Found(1, 300_000) // for a run that watches
	shows(" 1/13 files, ", true)
	shows("J6% [", true)
	closed(t, r)
}

// A run that is counted and finds less, as files may go, ends at what it found.
func TestTheWalkKnowsBetterThanTheCount(t *testing.T) {
	r, _, _ := started(Config{})
	r.Total(10, 1000)
	r.Found(4, 400)
	r.Walked(0, false)
	if got := r.status(false); got != "0/4 files" {
		t.Errorf("%q", got)
	}
	closed(t, r)
}

// What is canceled passes in no time and is no work done.
func TestCanceledIsNoProgress(t *testing.T) {
	r, _, _ := started(Config{})
	told(t, r, job.Result{Outcome: job.Canceled, InBytes: 100}, job.Result{Outcome: job.Skipped, InBytes: 10})
	if r.passed != 10 {
		t.Errorf("%d bytes have passed, want 10", r.passed)
	}
	closed(t, r)
}

// A run that goes on where an earlier one ended passes over half of the tree in
// a second, and then works as slowly as ever.
func TestTheTimeLeftIsGuessedByTheLastSeconds(t *testing.T) {
	start := time.Now()
	r := &Report{sum: newSummary(), start: start}
	r.passed = 5000
	at := func(s int) time.Time { return start.Add(time.Duration(s) * time.Second) }
	if got := r.eta(5000, at(1)); got != ", ETA 1s" {
		t.Errorf("after a second: %q", got)
	}
	for s := 2; s <= 60; s++ {
		r.passed += 10
		r.eta(10000-r.passed, at(s))
	}
	if got, want := r.eta(10000-r.passed, at(60)), ", ETA 7m21s"; got != want { // 4410 bytes at 10 a second
		t.Errorf("after a minute: %q, want %q", got, want)
	}
}

// On a narrow terminal the speed goes before the time left.
func TestTheStatusOfManyFilesOnANarrowTerminal(t *testing.T) {
	r, _, _ := started(Config{})
	r.Total(1_000_000, 1_000_000)
	r.passed, r.sum.Inputs, r.start = 500_000, 500_000, time.Now().Add(-time.Minute)
	if got := r.status(false); got != "500000/1000000 files, ETA 1m0s" || uniseg.StringWidth(" 50% "+got) > 39 {
		t.Errorf("%q", got)
	}
	if got := r.status(true); got != "500000/1000000 files, 0.0 MP/s, ETA 1m0s" {
		t.Errorf("%q", got)
	}
	closed(t, r)
}

func TestStatusIsPrintedOnDemand(t *testing.T) {
	for _, cfg := range []Config{{Quiet: true}, {Progress: None}, {Progress: Bar}} {
		r, _, stderr := started(cfg)
		r.Found(2, 2)
		r.Status()
		if want := "imgpar: gray: 0/2+ files, 0.0 MP/s\n"; !strings.HasSuffix(stderr.String(), want) {
			t.Errorf("%+v: %q, want %q", cfg, stderr, want)
		}
		closed(t, r)
	}
}

// A million files that are up to date pass through here one by one.
func TestAResultWithNothingToTellCostsNoMemory(t *testing.T) {
	r, _, _ := started(Config{Progress: Bar})
	res := job.Result{Input: "a.jpg", Output: "b.jpg", Outcome: job.Skipped, Reason: "up to date"}
	told(t, r, res)
	n := testing.AllocsPerRun(1000, func() {
		r.Found(1, 9)
		if err := r.Result(res, 9); err != nil {
			t.Error(err)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
	if sum := closed(t, r); sum.UpToDate != sum.Inputs || sum.Inputs < 1000 {
		t.Errorf("%+v", sum)
	}
}

func BenchmarkResult(b *testing.B) {
	for _, asJSON := range []bool{false, true} {
		b.Run(fmt.Sprintf("json=%v", asJSON), func(b *testing.B) {
			r := New(Config{Progress: None, JSON: asJSON, Stdout: io.Discard, Stderr: io.Discard})
			res := job.Result{Input: "a.jpg", Output: "b.jpg", Outcome: job.Skipped, Reason: "up to date"}
			for b.Loop() {
				r.Found(1, 9)
				if err := r.Result(res, 9); err != nil {
					b.Fatal(err)
				}
			}
			if _, err := r.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}
