package bench

import (
	"math"
	"slices"
)

// StatOf sums the figures of all rounds up. There is at least one.
func StatOf(figures []float64) Stat {
	v := slices.Sorted(slices.Values(figures))
	s := Stat{Median: quantile(v, 0.5), Min: v[0], Max: v[len(v)-1]}
	if s.Median != 0 {
		s.Spread = (quantile(v, 0.75) - quantile(v, 0.25)) / math.Abs(s.Median)
	}
	return s
}

// quantile interpolates between the two of the sorted figures that are next to it.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	below := int(at)
	above := min(below+1, len(sorted)-1)
	return sorted[below] + (at-float64(below))*(sorted[above]-sorted[below])
}

// nearestRank is the smallest of the sorted figures that the share q of them does not
// exceed; 0: there are none.
func nearestRank(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max(int(math.Ceil(q*float64(len(sorted))))-1, 0)]
}

// each pairs the figures of two contenders round by round.
func each(a, b []float64, f func(a, b float64) float64) []float64 {
	var v []float64
	for i := range min(len(a), len(b)) {
		v = append(v, f(a[i], b[i]))
	}
	return v
}

// ratios are those of a to b. Where b is nothing (a system's clock may be coarse), it
// is taken for a nanosecond.
func ratios(a, b []float64) []float64 {
	return each(a, b, func(a, b float64) float64 { return a / max(b, 1e-9) })
}

// rates returns what of n was done in a second, where the figures are seconds.
func rates(n float64, seconds []float64) []float64 {
	return each(seconds, seconds, func(s, _ float64) float64 { return n / max(s, 1e-9) })
}
