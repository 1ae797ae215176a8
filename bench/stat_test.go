package bench

import (
	"math"
	"slices"
	"testing"
	"time"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestStat(t *testing.T) {
	for _, c := range []struct {
		v    []float64
		want Stat
	}{
		{[]float64{7}, Stat{7, 7, 7, 0}},
		{[]float64{3, 1}, Stat{2, 1, 3, 0.5}},             // quartiles 1.5 and 2.5
		{[]float64{10, 9, 12}, Stat{10, 9, 12, 0.15}},     // 9.5 and 11
		{[]float64{4, 1, 3, 2, 5}, Stat{3, 1, 5, 2. / 3}}, // 2 and 4
		{[]float64{1, 2, 3, 100}, Stat{2.5, 1, 100, (27.25 - 1.75) / 2.5}},
		{[]float64{0, 0}, Stat{}},
		{[]float64{-2, -1, -3}, Stat{-2, -3, -1, 0.5}},
	} {
		s := StatOf(c.v)
		if !near(s.Median, c.want.Median) || s.Min != c.want.Min || s.Max != c.want.Max || !near(s.Spread, c.want.Spread) {
			t.Errorf("%v: %+v, want %+v", c.v, s, c.want)
		}
	}
	if v := []float64{3, 1, 2}; StatOf(v).Median != 2 || v[0] != 3 {
		t.Error("the rounds are in another order")
	}
}

func TestNearestRank(t *testing.T) {
	var hundred []float64
	for i := range 100 {
		hundred = append(hundred, float64(i+1))
	}
	for _, c := range []struct {
		v       []float64
		q, want float64
	}{{hundred, 0.5, 50}, {hundred, 0.99, 99}, {hundred[:10], 0.99, 10}, {hundred[:3], 0.5, 2}, {hundred[:1], 0.5, 1}, {nil, 0.5, 0}, {hundred, 0, 1}} {
		if got := nearestRank(c.v, c.q); got != c.want {
			t.Errorf("%v of %d: %v, want %v", c.q, len(c.v), got, c.want)
		}
	}
}

func TestRatiosGoRoundByRound(t *testing.T) {
	// The second round was slow for both: of the medians the ratio would be 1.
	if r := StatOf(ratios([]float64{1, 4, 2}, []float64{2, 8, 2})); r.Median != 0.5 {
		t.Errorf("%+v", r)
	}
	if r := ratios([]float64{1}, []float64{0}); !near(r[0]/1e9, 1) {
		t.Errorf("by no time: %v", r)
	}
	if r := rates(10, []float64{2, 5}); !slices.Equal(r, []float64{5, 2}) {
		t.Errorf("rates %v", r)
	}
}

func TestVariants(t *testing.T) {
	for most, want := range map[int][]int{1: {1}, 2: {1, 2}, 4: {1, 2, 3, 4}, 6: {1, 2, 3, 4, 6}, 8: {1, 2, 3, 4, 8}, 12: {1, 2, 3, 4, 8, 12}, 64: {1, 2, 3, 4, 8, 16, 32, 64}} {
		if got := workerCounts(most); !slices.Equal(got, want) {
			t.Errorf("up to %d: %v, want %v", most, got, want)
		}
	}
	want := []variant{{sequential, 1}, {goroutine, 1}, {goroutine, 2}, {proc, 1}, {proc, 2}, {auto, 2}}
	if got := variants(2); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestSettled(t *testing.T) {
	steady, lively := &contender{wall: []float64{1, 1.02, 0.97}}, &contender{wall: []float64{1, 1.1, 0.9}}
	for _, c := range []struct {
		who  []*contender
		want bool
	}{
		{[]*contender{steady}, true},
		{[]*contender{steady, lively}, false},
		{[]*contender{{wall: []float64{1, 1}}}, false},                         // too few
		{[]*contender{{wall: []float64{1, 1.1, 0.9, 1, 1, 1, 1.01, 1}}}, true}, // extremes do not count
	} {
		if got := settled(c.who); got != c.want {
			t.Errorf("%v: %v", c.who[len(c.who)-1].wall, got)
		}
	}
}

func TestPace(t *testing.T) {
	for _, c := range []struct {
		what string
		p    pace
		want bool
	}{
		{"the first round, whatever it takes", pace{most: 5, budget: -time.Second}, true},
		{"there is time for one more", pace{most: 5, budget: 10, done: 1, spent: 5, last: 5}, true},
		{"there is not", pace{most: 5, budget: 10, done: 1, spent: 6, last: 6}, false},
		{"it was the last one allowed", pace{most: 2, budget: 100, done: 2, spent: 2, last: 1}, false},
	} {
		if got := c.p.another(); got != c.want {
			t.Errorf("%s: %v", c.what, got)
		}
	}
}

// A row's figures: 4 files of 8 MP and 2 MB, against the sequential row and the same
// mode on one worker.
func TestRow(t *testing.T) {
	p := probed{files: 4, ok: 4, pixels: 8e6, inBytes: 2e6, peak: 50e6, ms: []float64{1, 2, 3, 40}}
	base := &contender{variant: variant{sequential, 1}, probed: p, wall: []float64{4, 8, 4}, cpu: []float64{4, 4, 4}, same: true}
	alone := &contender{variant: variant{proc, 1}, probed: p, wall: []float64{5, 10, 5}, cpu: []float64{5, 5, 5}, same: true}
	c := &contender{variant: variant{proc, 2}, probed: p, wall: []float64{2.5, 5, 2.5}, cpu: []float64{4.4, 4.8, 4.8}}
	r := c.row(base, alone)
	for what, v := range map[string][2]float64{
		"files/s": {r.FilesPerSecond.Median, 1.6}, "MP/s": {r.MPPerSecond.Median, 3.2}, "MB/s": {r.MBPerSecond.Median, 0.8},
		"least files/s": {r.FilesPerSecond.Min, 0.8}, "wall": {r.Wall.Median, 2.5}, "CPU": {r.CPU.Median, 4.8}, "peak": {r.Peak, 50},
		"speed-up": {r.SpeedUp, 1.6}, "efficiency": {r.Efficiency, 1}, "task": {r.TaskMicros, 200e3}, "p50": {r.P50, 2}, "p99": {r.P99, 40},
	} {
		if !near(v[0], v[1]) {
			t.Errorf("%s: %v, want %v", what, v[0], v[1])
		}
	}
	if r.SameBytes || r.Mode != proc || r.Workers != 2 || !base.row(base, base).SameBytes || base.row(base, base).Efficiency != 1 {
		t.Errorf("%+v", r)
	}
}
