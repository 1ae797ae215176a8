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
)

func TestWhatAPictureMayTake(t *testing.T) {
	const gb = 1_000_000_000
	missing := "too-large: needs about 12.3 GB of memory, and 8.1 GB can be had; --mem raises that"
	for what, c := range map[string]struct {
		m    *means
		need int64
		want string
	}{
		"more than there is":               {&means{available: 81 * gb / 10}, 123 * gb / 10, missing},
		"all there is":                     {&means{available: 8 * gb}, 8 * gb, ""},
		"more than the budget":             {&means{available: 8 * gb}, 7 * gb, ""},
		"a small --mem refuses nothing":    {&means{available: 8 * gb, mem: 1000}, 7 * gb, ""},
		"and hides nothing":                {&means{available: 81 * gb / 10, mem: 1000}, 123 * gb / 10, missing},
		"a large --mem is trusted":         {&means{available: 8 * gb, mem: 20 * gb}, 12 * gb, ""},
		"up to what it says":               {&means{available: 2 * gb, mem: 4 * gb}, 5 * gb, "too-large: needs about 5.0 GB of memory, and 4.0 GB can be had; --mem raises that"},
		"a subprocess may take less":       {&means{available: 8 * gb, worker: gb / 2}, gb, "too-large: needs about 1.0 GB of memory, and a subprocess may take 500.0 MB; --worker-mem raises that"},
		"enough for a subprocess":          {&means{available: 8 * gb, worker: gb}, gb, ""},
		"--mem is nothing to a subprocess": {&means{available: 8 * gb, mem: 20 * gb, worker: gb}, 2 * gb, "too-large: needs about 2.0 GB of memory, and a subprocess may take 1.0 GB; --worker-mem raises that"},
		"nobody knows":                     {&means{}, 1 << 60, ""},
		"nothing":                          {&means{available: 1}, 0, ""},
	} {
		if got := c.m.reason(c.need); got != c.want {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
	budget, err := machine.MemoryBudget()
	if n := available(); err != nil || n <= budget {
		t.Errorf("%d bytes can be had, of which %d are the budget: %v", n, budget, err)
	}
}

// A job that is refused is not begun, and its result is one like any other's.
func TestWhatIsTooLargeForTheMachineIsNotBegun(t *testing.T) {
	picture, err := filepath.Abs("../../testdata/images/png_rgb8.png")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	item := plan.Item{Job: job.Job{Input: job.Path(picture), MaxPixels: codec.MaxPixels, Target: job.Target{Output: "o.png", Pipeline: "gray"}}}
	begun := 0
	r, _ := batchOf(t, func(_ context.Context, j job.Job) job.Result {
		begun++
		return j.End(job.OK, "")
	}, 1, noLimit)
	for what, set := range map[string]func(*means){
		"machine":    func(m *means) { m.available = 1000 },
		"subprocess": func(m *means) { m.available, m.worker = 1<<50, 1000 },
	} {
		r.means.available, r.means.worker = 0, 0
		set(&r.means)
		if n := r.weigh(item); n < 1000 {
			t.Fatalf("%s: %d bytes", what, n)
		}
		res, err := r.do(t.Context(), worker{0, r.crew.newRunner()}, item)
		if err != nil || begun > 0 || res.Outcome != job.Failed || res.Primary != job.Failed || res.Input != item.Job.Input || !strings.HasPrefix(res.Reason, "too-large: needs about 0.") {
			t.Errorf("%s: begun %d times: %+v, %v", what, begun, res, err)
		}
	}
	r.means.available, r.means.worker = 1<<50, 0
	r.weigh(item)
	if res, err := r.do(t.Context(), worker{0, r.crew.newRunner()}, item); err != nil || begun != 1 || res.Outcome != job.OK {
		t.Errorf("begun %d times: %+v, %v", begun, res, err)
	}
}
