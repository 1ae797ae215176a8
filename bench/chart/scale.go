package chart

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
)

// scale takes values to places on the canvas, by their logarithms or as they are.
type scale struct {
	min, max float64 // of the values; above zero if log
	log      bool
	from, to vg.Length
}

func (s scale) at(v float64) vg.Length {
	lo, hi := s.min, s.max
	if s.log {
		v, lo, hi = math.Log(v), math.Log(lo), math.Log(hi)
	}
	return s.from + vg.Length((v-lo)/(hi-lo))*(s.to-s.from)
}

// Figures out of this range, and NaN, are drawn as not measured: with no unit that a
// bench has can they be true, and no scale could hold them.
const least, most = 1e-9, 1e15

func known(v float64) bool { return v >= least && v <= most }

// steps returns the multiples of a round number, 1, 2 or 5 times a power of ten, from 0
// to the first that is not below max: about n of them.
func steps(max float64, n int) []float64 {
	step := math.Pow(10, math.Floor(math.Log10(max/float64(n))))
	for _, f := range []float64{1, 2, 5, 10} {
		if step*f*float64(n) >= max*(1-1e-9) {
			step *= f
			break
		}
	}
	ticks := []float64{0}
	for ticks[len(ticks)-1] < max*(1-1e-9) {
		ticks = append(ticks, step*float64(len(ticks)))
	}
	return ticks
}

// decades returns round numbers from one that is not above min to one that is not below
// max: 1, 2 and 5 times the powers of ten, or where that would be many, powers alone.
func decades(min, max float64) []float64 {
	lo, hi := int(math.Floor(math.Log10(min))), int(math.Ceil(math.Log10(max)))
	if few := 6; hi-lo > 3 {
		step := (hi - lo + few - 1) / few
		ticks := []float64{math.Pow(10, float64(lo))}
		for e := lo; e < hi; {
			e += step
			ticks = append(ticks, math.Pow(10, float64(e)))
		}
		return ticks
	}
	var ticks []float64
	for e := lo; e <= hi; e++ {
		for _, f := range []float64{1, 2, 5} {
			ticks = append(ticks, f*math.Pow(10, float64(e)))
		}
	}
	for len(ticks) > 1 && ticks[1] <= min {
		ticks = ticks[1:]
	}
	for len(ticks) > 1 && ticks[len(ticks)-2] >= max {
		ticks = ticks[:len(ticks)-1]
	}
	return ticks
}

// round writes a tick's value: 0.5, 20, 10k.
func round(v float64) string {
	if s := short(v); strings.Contains(s, ".") && !strings.ContainsAny(s, "kM") {
		return strings.TrimRight(s, "0")
	}
	return short(v)
}

// short writes a figure with three digits: 0.83, 6.70, 34.1, 277, 21.3k.
func short(v float64) string {
	switch {
	case v >= 999.5e6:
		return strconv.FormatFloat(v, 'g', 3, 64)
	case v >= 999.5e3:
		return digits(v/1e6) + "M"
	case v >= 9995:
		return digits(v/1e3) + "k"
	}
	return digits(v)
}

func digits(v float64) string {
	switch {
	case v >= 99.95 || v == math.Trunc(v):
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 9.995:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case v >= 0.0995:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'g', 2, 64)
}
