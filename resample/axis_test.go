package resample

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// anyAxis are arguments of NewAxis: parts that lie in the source, reach over an edge, or lie beside it.
func anyAxis(rnd *rand.Rand) (f Filter, in int, part Span, out int) {
	f, in, out = Filter(rnd.IntN(4)), 1+rnd.IntN(60), 1+rnd.IntN(60)
	part = whole(in)
	switch rnd.IntN(4) {
	case 0:
		from := rnd.Float64()*float64(3*in) - float64(in)
		part = Span{from, from + math.Exp(rnd.Float64()*12-6)}
	case 1:
		part = Span{float64(rnd.IntN(in)) / 2, float64(in) + float64(rnd.IntN(4))/2}
	case 2:
		in *= 1 + rnd.IntN(100)
		part = whole(in)
	}
	return f, in, part, out
}

// What NewAxis says of its weights: each result's add up to one, and their magnitudes to less than two, so that no sum
// overflows. They belong to samples of the source.
func TestSumsFit(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	worst := 0
	for range 20000 {
		f, in, part, out := anyAxis(rnd)
		a := NewAxis(f, in, part, out)
		for i := range out {
			sum, magnitude := 0, 0
			for _, w := range a.row(i) {
				sum += int(w)
				magnitude += max(int(w), -int(w))
			}
			if p := a.taps[i]; sum != one || p.first < a.lo || p.first+p.n > a.hi || a.lo < 0 || a.hi > in {
				t.Fatalf("result %d of NewAxis(%d, %d, %v, %d) has %+v and adds up to %d", i, f, in, part, out, p, sum)
			}
			worst = max(worst, magnitude)
		}
	}
	t.Logf("magnitudes: %.3f", float64(worst)/one)
	if worst >= 2*one || worst < one*5/4 {
		t.Errorf("the magnitudes of weights add up to %.3f", float64(worst)/one)
	}
}

func TestNothingToScale(t *testing.T) {
	for f := range Filter(4) {
		for _, c := range []struct {
			in     int
			part   Span
			out    int
			copies bool
		}{
			{9, whole(9), 9, true}, {9, Span{2, 7}, 5, true}, {1, whole(1), 1, true},
			{9, whole(9), 8, false}, {9, whole(9), 10, false}, {9, Span{2.5, 7.5}, 5, false}, {9, Span{2, 11}, 9, false},
		} {
			if a := NewAxis(f, c.in, c.part, c.out); a.copies != c.copies && f != Box {
				t.Errorf("filter %d, %v of %d to %d: a copy is %v", f, c.part, c.in, c.out, a.copies)
			}
		}
	}
}

func TestNoAxis(t *testing.T) {
	said := func(in int, part Span, out int) (said string) {
		defer func() { said, _ = recover().(string) }()
		NewAxis(Lanczos, in, part, out)
		return
	}
	for _, c := range []struct {
		in   int
		part Span
		out  int
	}{
		{0, Span{0, 1}, 1}, {1, Span{0, 1}, 0}, {5, Span{2, 2}, 1}, {5, Span{3, 2}, 1},
		{5, Span{math.NaN(), 2}, 1}, {5, Span{0, math.Inf(1)}, 1}, {5, Span{math.Inf(-1), 0}, 1},
	} {
		if s := said(c.in, c.part, c.out); !strings.HasPrefix(s, "resample: ") {
			t.Errorf("%+v: %q", c, s)
		}
	}
}

func TestAxesAreKept(t *testing.T) {
	var r Resampler
	a := r.Axis(Lanczos, 50, whole(50), 20)
	for out := 1; out <= 7; out++ {
		if b := r.Axis(Lanczos, 50, whole(50), out); b.out != out || b == a {
			t.Fatalf("%d results, want %d", b.out, out)
		}
	}
	if r.Axis(Lanczos, 50, whole(50), 20) != a {
		t.Error("one of the last eight axes was made anew")
	}
	if r.Axis(Box, 50, whole(50), 20) == a || r.Axis(Lanczos, 50, Span{0, 49}, 20) == a || r.Axis(Lanczos, 51, whole(50), 20) == a {
		t.Error("another axis was returned")
	}
	for out := 1; out <= 8; out++ {
		r.Axis(Linear, 50, whole(50), out)
	}
	if r.Axis(Lanczos, 50, whole(50), 20) == a {
		t.Error("more than eight axes were kept")
	}
}

func BenchmarkNewAxis(b *testing.B) {
	for b.Loop() {
		NewAxis(Lanczos, 4000, whole(4000), 1200)
	}
}
