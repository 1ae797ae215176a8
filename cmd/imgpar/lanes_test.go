package main

import (
	"testing"
	"time"
)

// took is a run of jobs that took so long.
func took(p *pace, jobs int, onStorage, onWork time.Duration, ahead int) int {
	for range jobs {
		p.add(onStorage, onWork, ahead)
	}
	return p.lanes()
}

func TestTheLanesFollowTheStorage(t *testing.T) {
	const us, ms = time.Microsecond, time.Millisecond
	for what, c := range map[string]struct {
		workers, jobs     int
		onStorage, onWork time.Duration
		ahead             int
		want              int
	}{
		"nothing known":                  {4, 0, 0, 0, 0, 4},
		"too little known":               {4, 2, 40 * ms, ms, 0, 4},
		"fast":                           {4, 100, 100 * us, 50 * us, 0, 4},
		"fast, and one worker":           {1, 100, 100 * us, 50 * us, 0, 1},
		"fast, subprocesses":             {4, 100, 100 * us, 50 * us, 1, 8},
		"fast, short in subprocesses":    {2, 100, 100 * us, 50 * us, 3, 8},
		"photos on slow storage":         {2, 3, 40 * ms, 40 * ms, 0, 2 + 4},
		"photos on slow storage, apart":  {4, 3, 2 * ms, 40 * ms, 1, 8},
		"small ones":                     {2, 3, 40 * ms, 3 * ms, 0, 2 + 32},
		"tiny ones":                      {2, 3, 40 * ms, 200 * us, 0, 2 + 64},
		"tiny ones, on very slow":        {8, 3, time.Hour, 1, 0, 8 + 64},
		"that are refused without work":  {2, 16, 40 * ms, 0, 0, 2 + 64},
		"a little slow, and much to do":  {2, 16, ms, time.Second, 0, 2 + 1},
		"not slow enough to be sure":     {2, 16, ms - 1, 10 * us, 0, 2},
		"slow, and as many as are asked": {1024, 16, 20 * ms, ms, 0, 1024 + 64},
	} {
		p := &pace{workers: c.workers}
		if got := took(p, c.jobs, c.onStorage, c.onWork, c.ahead); got != c.want {
			t.Errorf("%s: %d lanes, want %d", what, got, c.want)
		}
	}
}

// What changes within a run is followed soon, and what stands out is not.
func TestTheLanesFollowChanges(t *testing.T) {
	const slow, fast, work = 20 * time.Millisecond, 50 * time.Microsecond, 100 * time.Microsecond
	p := &pace{workers: 2}
	for round := range 3 {
		if got := took(p, keptPaces, fast, work, 0); got != 2 || p.slow() {
			t.Errorf("round %d: %d lanes on fast storage", round, got)
		}
		if got := took(p, keptPaces/2, slow, work, 0); got != 2 {
			t.Errorf("round %d: %d lanes by half of the jobs", round, got)
		}
		if got := took(p, 1, slow, work, 0); got != 2+maxAhead || !p.slow() {
			t.Errorf("round %d: %d lanes on slow storage", round, got)
		}
		took(p, keptPaces, slow, work, 0)
	}
	took(p, keptPaces, fast, work, 0)
	if got := took(p, 1, fast, work, 1); got != 4 {
		t.Errorf("%d lanes behind one job in a subprocess", got)
	}
	if got := took(p, keptPaces, fast, work, 0); got != 2 {
		t.Errorf("%d lanes when that is long ago", got)
	}
}

// Jobs that are ahead leave half of the files that may be open.
func TestTheLanesLeaveFiles(t *testing.T) {
	for _, c := range []struct{ files, outputs, want int }{
		{1 << 20, 1, 2 + maxAhead}, {1024, 120, 4}, {100, 1, 16}, {100, 120, 2}, {0, 120, 2 + maxAhead},
	} {
		if got := mostLanes(2, c.outputs, c.files); got != c.want {
			t.Errorf("%d lanes for %d outputs where %d files may be open, want %d", got, c.outputs, c.files, c.want)
		}
	}
	l := newLanes(3, 1, true)
	if got := l.limit.Get(); got != min(6, l.most) || l.slow() {
		t.Errorf("it begins with %d lanes", got)
	}
	for range firstPaces {
		l.took(time.Second, time.Millisecond, 1)
	}
	if got := l.limit.Get(); got != min(3+maxAhead, l.most) || !l.slow() {
		t.Errorf("%d lanes on slow storage", got)
	}
}
