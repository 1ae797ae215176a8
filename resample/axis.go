package resample

import (
	"fmt"
	"math"
)

// Filter is a resampling kernel. Scaled down it is widened, so that every sample of the source counts.
type Filter uint8

const (
	Lanczos    Filter = iota // sinc windowed by sinc, three lobes; the sharpest
	CatmullRom               // cubic through the samples (Keys 1981, a = -1/2)
	Linear                   // a tent
	Box                      // the mean
)

// kernels are the filters as functions of the distance from their middle, which is not negative, and how far they
// reach. They are those of github.com/disintegration/imaging. Conversions to float64 round products before they are added:
// processors that fuse both would have other weights.
var kernels = [...]struct {
	reach float64
	at    func(float64) float64
}{
	Lanczos:    {3, lanczos},
	CatmullRom: {2, catmullRom},
	Linear:     {1, func(x float64) float64 { return max(0, 1-x) }},
	Box:        {0.5, box},
}

// lanczos is sinc(x) sinc(x/3). Both sines come from one: sin 3a = 3 sin a - 4 sin^3 a.
func lanczos(x float64) float64 {
	switch {
	case x >= 3:
		return 0
	case x < 1e-6:
		return 1
	}
	a := math.Pi / 3 * x
	s := math.Sin(a)
	return s * s * (3 - float64(4*s*s)) / (3 * a * a)
}

func catmullRom(x float64) float64 {
	switch {
	case x < 1:
		return float64((float64(1.5*x)-2.5)*x*x) + 1
	case x < 2:
		return float64((float64((2.5-float64(0.5*x))*x)-4)*x) + 2
	}
	return 0
}

func box(x float64) float64 {
	if x <= 0.5 {
		return 1
	}
	return 0
}

// Span is a part of a row or column in samples: sample i covers [i, i+1). It may begin and end anywhere, also outside
// the source, whose edge samples then go on.
type Span struct{ From, To float64 }

// Weights have fracBits bits behind the point; those of a result add up to exactly one.
const (
	fracBits = 14
	one      = 1 << fracBits
)

// lanes is how many results the vector kernels write at a time. An axis has weights for at least so many.
const lanes = 8

// Axis is the weights with which each sample of a result is made of those of the source along one direction. It does
// not change and may be used by many goroutines.
type Axis struct {
	in, out int

	// Result i is the sum of taps[i].n samples of the source, from taps[i].first on. Its weights are those of a row of
	// 2*pairs; the first stands at taps[i].first&1, because kernels read the source by pairs that begin at even samples.
	// What is left of a row is 0.
	taps    []taps
	pairs   int
	weights []int16
	starts  []int32 // four times the pair that a result begins with, counted from lo; for vector kernels

	lo, hi int  // the samples of the source that are used: [lo, hi)
	copies bool // result i is sample lo+i
}

type taps struct{ first, n int }

// NewAxis returns the weights for out results that are made of part of in samples. It panics when there are none of
// either, or when part is empty or not finite.
//
// The middle of a sample lies half a sample behind its begin. A filter that reaches over an edge of the source (or of
// part, where that goes further) is cut there, and what is left of it weighs one again, as in Pillow and in package
// imaging.
//
// Sums of products with the weights do not overflow: the magnitudes of the weights of a result add up to less than
// 2*one. For Lanczos, the worst, that is below 1.6*one (1.54 midway between two samples), also where it is cut, since that
// is never nearer to its middle than half a sample. Rounding adds at most one step for every change of sign (see
// quantise). So with samples s of 8 bits |sum| < 2*one*255, which is less than 2^23, and with samples of 16 bits, made
// signed, |sum| < 2*one*2^15 = 2^30. TestSumsFit looks for worse.
func NewAxis(f Filter, in int, part Span, out int) *Axis {
	length := part.To - part.From
	if in < 1 || out < 1 || !(length > 0) || math.IsInf(length, 0) {
		panic(fmt.Sprintf("resample: %d samples out of %v of %d", out, part, in))
	}
	return build(in, out, func(w []float64, i int) (int, []float64) { return weigh(w, f, in, part, length/float64(out), i) })
}

// build makes an axis of what weigh appends for each result: weights that add up to one, for the samples from first on.
func build(in, out int, weigh func(w []float64, i int) (first int, weights []float64)) *Axis {
	a := &Axis{in: in, out: out, lo: in}
	rows, at := make([][]int16, out), make([]taps, out)
	var flat []int16 // weights of all rows, before they are padded
	var exact []float64
	for i := range out {
		first, w := weigh(exact[:0], i)
		exact = w
		begin := len(flat)
		flat = quantise(flat, w, one)
		row := flat[begin:]
		for len(row) > 1 && row[0] == 0 {
			row, first = row[1:], first+1
		}
		for len(row) > 1 && row[len(row)-1] == 0 {
			row = row[:len(row)-1]
		}
		rows[i], at[i] = row, taps{first, len(row)}
		a.lo, a.hi = min(a.lo, first), max(a.hi, first+len(row))
		a.pairs = max(a.pairs, (first&1+len(row)+1)/2)
	}
	a.weights = make([]int16, max(out, lanes)*2*a.pairs)
	a.place(at, 0)
	a.copies = true
	for i, row := range rows {
		t := at[i]
		copy(a.weights[i*2*a.pairs+t.first&1:], row)
		a.copies = a.copies && t.first == a.lo+i && t.n == 1
	}
	return a
}

// weigh appends the weights of result i, each as a part of one, to w. They belong to the samples from first on.
func weigh(w []float64, f Filter, in int, part Span, scale float64, i int) (first int, weights []float64) {
	k := kernels[f]
	wide := max(scale, 1)
	centre := part.From + float64((float64(i)+0.5)*scale) - 0.5 // in samples whose middles are whole numbers
	least, most := min(0, math.Floor(part.From)), max(float64(in), math.Ceil(part.To))-1
	reach := float64(k.reach * wide)
	begin, end := max(math.Ceil(centre-reach), least), min(math.Floor(centre+reach), most)
	first, last := inside(begin, in), inside(end, in)
	w = append(w, make([]float64, last-first+1)...)
	sum := 0.0
	for x := begin; x <= end; x++ {
		v := k.at(math.Abs(x-centre) / wide)
		w[inside(x, in)-first] += v
		sum += v
	}
	if sum == 0 { // no sample lies within a box that rounding has narrowed
		w[inside(math.Round(centre), in)-first], sum = 1, 1
	}
	for j := range w {
		w[j] /= sum
	}
	return first, w
}

// inside returns the sample that stands for sample x of the source that goes on.
func inside(x float64, in int) int { return int(min(max(x, 0), float64(in-1))) }

// quantise appends the weights w in steps of 1/unit to q. What is rounded is their sum up to each weight: so they add up
// to exactly one, errors do not add up where there are thousands of weights below a step, and weights of one sign one
// after another differ together by at most one step from the exact ones.
func quantise[T int16 | uint32](q []T, w []float64, unit float64) []T {
	sum, before := 0.0, 0.0
	for i, v := range w {
		sum += v
		now := math.Round(sum * unit)
		if i == len(w)-1 {
			now = unit
		}
		q = append(q, T(now-before))
		before = now
	}
	return q
}

// Cut returns the results from from up to, but not including, to as an axis of its own, for the samples from lo up to,
// but not including, hi of the source: all that they are made of. With it a picture can be scaled by bands, of which
// only the rows that they need are in memory.
func (a *Axis) Cut(from, to int) (part *Axis, lo, hi int) {
	taps := a.taps[from:to]
	p := &Axis{out: to - from, pairs: a.pairs, copies: a.copies, lo: a.in}
	for _, t := range taps {
		p.lo, p.hi = min(p.lo, t.first), max(p.hi, t.first+t.n)
	}
	lo, hi = p.lo&^1, p.hi // weights are laid out by whether samples are even
	p.in, p.lo, p.hi = hi-lo, p.lo-lo, hi-lo
	p.weights = make([]int16, max(p.out, lanes)*2*p.pairs)
	copy(p.weights, a.weights[from*2*a.pairs:to*2*a.pairs])
	p.place(taps, lo)
	return p, lo, hi
}

// place sets where the results begin: as in t, but that the source begins with sample lo, which is even.
func (a *Axis) place(t []taps, lo int) {
	a.taps, a.starts = make([]taps, a.out), make([]int32, max(a.out, lanes))
	for i, t := range t {
		a.taps[i] = taps{t.first - lo, t.n}
		a.starts[i] = int32(4 * (a.taps[i].first/2 - a.lo/2))
	}
}
