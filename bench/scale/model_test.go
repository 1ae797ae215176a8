package main

import (
	"math"
	"testing"
	"time"
)

const us, ms = time.Microsecond, time.Millisecond

// Where one thing is the limit, there is a closed form.
func TestClosedForms(t *testing.T) {
	constant := func(d time.Duration) []time.Duration { return []time.Duration{d} }
	for name, c := range map[string]struct {
		place
		costs
		want  float64
		limit string
	}{
		"cores":           {place{cores: 8, jobs: 8}, costs{work: constant(ms)}, 8000, "cores"},
		"uneven work":     {place{cores: 4, jobs: 4}, costs{work: []time.Duration{ms, 2 * ms, 9 * ms}}, 1000, "cores"},
		"fewer jobs":      {place{cores: 8, jobs: 2}, costs{work: constant(ms)}, 2000, "jobs"},
		"feeder":          {place{cores: 128, jobs: 128}, costs{work: constant(100 * us), plan: 5 * us}, 200_000, "plan"},
		"consumer":        {place{cores: 128, jobs: 128}, costs{work: constant(100 * us), plan: 2 * us, report: 4 * us}, 250_000, "report"},
		"one folder":      {place{cores: 64, jobs: 64}, costs{work: constant(100 * us), folder: 10 * us}, 100_000, "folder"},
		"all on one core": {place{cores: 1, jobs: 1}, costs{work: constant(80 * us), plan: 10 * us, report: 10 * us}, 10_000, "cores"},
		"latency":         {place{cores: 8, jobs: 8, latency: 20 * ms}, costs{work: constant(us), inputs: 3, outputs: 1}, 100, "storage"},
		"read ahead":      {place{cores: 8, jobs: 8, latency: 20 * ms, ahead: true}, costs{work: constant(us), inputs: 1, outputs: 1}, 1800, "storage"},
		"enough ahead":    {place{cores: 2, jobs: 2, latency: ms, ahead: true}, costs{work: constant(ms), inputs: 1, outputs: 1}, 2000, "cores"},
		"locked":          {place{cores: 8, jobs: 8, latency: 20 * ms, ahead: true, locked: true}, costs{work: constant(us), inputs: 1, outputs: 1}, 50, "storage"},
		"pipe":            {place{cores: 4, jobs: 4}, costs{work: constant(40 * us), pipe: 60 * us}, 40_000, "pipe"},
		"aside":           {place{cores: 2, jobs: 2}, costs{work: constant(60 * us), aside: 40 * us}, 20_000, "cores"},
		"wake":            {place{cores: 4, jobs: 4}, costs{work: constant(20 * us), wake: 180 * us, subprocess: true}, 20_000, "pipe"},
	} {
		c.files = 4000
		f := predict(c.place, c.costs)
		if math.Abs(f.files/c.want-1) > 0.03 || f.limit != c.limit || f.load < saturated || f.load > 1.001 {
			t.Errorf("%s: %.1f files/s, limit %s at %.2f, want %.1f and %s", name, f.files, f.limit, f.load, c.want, c.limit)
		}
	}
}

// Lanes are added where waiting is worth it, and no more than are allowed.
func TestLanes(t *testing.T) {
	for _, c := range []struct {
		jobs              int
		latency, work     time.Duration
		ahead, subprocess bool
		want              int
	}{
		{2, 0, ms, true, false, 2},
		{2, 300 * us, ms, true, false, 2}, // 0.6 ms a file
		{2, ms, ms, true, false, 10},      // 4 pay: the next power of two beyond
		{2, ms, 40 * ms, true, false, 3},  // none is needed, one hides it
		{2, 20 * ms, us, true, false, 66}, // the most
		{2, 20 * ms, us, false, false, 2}, // of old
		{2, 20 * ms, 0, true, false, 66},  // nothing to divide by
		{2, 0, ms, true, true, 4},
		{2, 0, ms, false, true, 2},
		{128, 0, ms, true, true, 192},
		{128, 20 * ms, us, true, false, 192},
	} {
		p := place{cores: c.jobs, jobs: c.jobs, latency: c.latency, ahead: c.ahead}
		if got := p.lanes(costs{work: []time.Duration{c.work}, subprocess: c.subprocess, inputs: 1, outputs: 1}); got != c.want {
			t.Errorf("%+v: %d lanes", c, got)
		}
	}
}

// Every file comes out once, whatever is in its way; nothing stays taken; and a
// second run is the same.
func TestNothingIsLost(t *testing.T) {
	c := costs{
		work: []time.Duration{50 * us, ms, 300 * us, 7 * ms}, pipe: 30 * us, wake: 20 * us,
		aside: 3 * us, plan: 5 * us, report: 7 * us, folder: 9 * us, inputs: 1, outputs: 1,
	}
	for _, p := range []place{
		{cores: 1, jobs: 1}, {cores: 2, jobs: 3, latency: ms}, {cores: 2, jobs: 2, latency: 20 * ms, ahead: true},
		{cores: 32, jobs: 32, latency: 3 * ms, ahead: true, locked: true}, {cores: 128, jobs: 128},
	} {
		for _, p.files = range []int{0, 1, 7, 1000} {
			r := start(p, c)
			r.feed()
			r.sim.run()
			if r.done != p.files || r.fed != p.files {
				t.Errorf("%+v: %d fed, %d done", p, r.fed, r.done)
			}
			for _, one := range []*resource{r.window, r.planner, r.lane, r.slot, r.core, r.folderLock, r.reporter} {
				if one.taken != 0 || len(one.waiting) != 0 {
					t.Errorf("%+v: %s: %d taken, %d waiting", p, one.name, one.taken, len(one.waiting))
				}
			}
			if again := start(p, c); p.files > 0 {
				again.feed()
				again.sim.run()
				if again.now != r.now || again.asked != r.asked {
					t.Errorf("%+v: %v and then %v", p, r.now, again.now)
				}
			}
		}
	}
}

// More cores, or faster storage, never make it slower by more than chance.
func TestMoreIsNotLess(t *testing.T) {
	c := costs{work: []time.Duration{50 * us, ms, 300 * us}, plan: 5 * us, report: 7 * us, folder: 9 * us, inputs: 1, outputs: 1}
	for _, ahead := range []bool{false, true} {
		for _, latency := range []time.Duration{0, ms, 20 * ms} {
			before := 0.0
			for _, n := range []int{1, 2, 8, 32, 128} {
				f := predict(place{cores: n, jobs: n, latency: latency, ahead: ahead, files: 3000}, c).files
				if f < before*0.98 {
					t.Errorf("ahead %v, %v: %.0f files/s on %d cores, %.0f on fewer", ahead, latency, f, n, before)
				}
				before = f
			}
		}
	}
}
