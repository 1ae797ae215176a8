package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/machine"
	"github.com/imgpar/imgpar/internal/plan"
	"github.com/imgpar/imgpar/internal/runner"
)

func TestWhatAPictureMayTake(t *testing.T) {
	const gb = 1_000_000_000
	for what, c := range map[string]struct {
		most, worker int64
		need         int64
		subprocess   bool
		want         string
	}{
		"more than there is":            {81 * gb / 10, 0, 123 * gb / 10, false, "too-large: needs about 12.3 GB of memory, and a picture may take 8.1 GB; --mem raises that"},
		"all there is":                  {8 * gb, 0, 8 * gb, false, ""},
		"a subprocess may take less":    {8 * gb, gb / 2, gb, true, "too-large: needs about 1.1 GB of memory, and a subprocess may take 500.0 MB; --worker-mem raises that"},
		"which is nothing to others":    {8 * gb, gb / 2, gb, false, ""},
		"enough for a subprocess":       {8 * gb, gb, gb - runner.RuntimeBytes, true, ""},
		"a subprocess takes from --mem": {8 * gb, 20 * gb, 9 * gb, true, "too-large: needs about 9.0 GB of memory, and a picture may take 8.0 GB; --mem raises that"},
		"no limit":                      {0, 0, 1 << 60, true, ""},
	} {
		m := &admission{each: c.most, subprocess: c.worker}
		if got := m.refusal(c.need, c.subprocess); got != c.want {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
}

// --mem says what is in work at once. What one picture may take it only raises.
func TestWhatMemSays(t *testing.T) {
	machines, err := machine.MemoryBudget()
	if err != nil {
		t.Fatal(err)
	}
	const little = 9 * 10 // percent: what is free changes
	for _, c := range []struct{ mem, together, one int64 }{{0, machines, machines}, {1000, 1000, machines}, {1 << 60, 1 << 60, 1 << 60}} {
		together, one, err := (&flags{mem: c.mem}).memory()
		if err != nil || together < c.together/100*little || one < c.one/100*little || together > c.together/little*100 || one > c.one/little*100 {
			t.Errorf("--mem %d: %d together and %d each, %v; want %d and %d", c.mem, together, one, err, c.together, c.one)
		}
	}
}

// A job that is refused is not begun, and its result is one like any other's.
func TestWhatIsTooLargeForTheMachineIsNotBegun(t *testing.T) {
	picture, err := filepath.Abs("../../testdata/images/png_rgb8.png")
	if err != nil {
		t.Fatal(err)
	}
	item := plan.Item{Job: job.Job{Input: job.Path(picture), MaxPixels: codec.MaxPixels, Target: job.Target{Output: "o.png", Pipeline: "gray"}}}
	begun := 0
	r, _ := batchOf(t, func(_ context.Context, j job.Job) job.Result {
		begun++
		return j.End(job.OK, "")
	}, 1, noLimit)
	for what, set := range map[string]func(){
		"machine":    func() { r.crew.admission.each, r.crew.admission.subprocess = 1000, 0 },
		"subprocess": func() { r.crew.admission.each, r.crew.admission.subprocess, r.flags.mode = 1<<50, 1000, modeProc },
	} {
		r.flags.mode = modeGoroutine
		set()
		f := &flight{Item: item}
		if n := r.weigh(f); n != 0 {
			t.Errorf("%s: %d bytes for what will not be begun", what, n)
		}
		res, err := r.do(t.Context(), struct{}{}, f)
		if err != nil || begun > 0 || res.Outcome != job.Failed || res.Primary != job.Failed || res.Input != item.Job.Input || !strings.HasPrefix(res.Reason, "too-large: needs about ") {
			t.Errorf("%s: begun %d times: %+v, %v", what, begun, res, err)
		}
	}
	r.flags.mode = modeGoroutine
	f := &flight{Item: item}
	if n := r.weigh(f); n < 1000 {
		t.Errorf("%d bytes", n)
	}
	if res, err := r.do(t.Context(), struct{}{}, f); err != nil || begun != 1 || res.Outcome != job.OK {
		t.Errorf("begun %d times: %+v, %v", begun, res, err)
	}
}
