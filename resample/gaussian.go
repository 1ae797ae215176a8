package resample

import (
	"fmt"
	"math"
)

// gaussReach is how many standard deviations a Gaussian reaches to each side. What lies beyond is 0.006 % of it.
const gaussReach = 4

// maxSigma keeps the weights of a Gaussian countable.
const maxSigma = 1 << 16

// NewGaussian returns the weights that blur in samples with a Gaussian, whose standard deviation is sigma samples: a
// picture of as many samples. What reaches over an edge is cut, and what is left weighs one again, as in package imaging,
// which cuts at three sigma already. The weights are not negative, so that nothing overshoots.
//
// It panics when there are no samples, or when sigma is not above 0 and at most 65536. Time and memory grow with sigma; from
// about 8 on, Shrink and then the axis that goes back are faster, and more exact.
func NewGaussian(in int, sigma float64) *Axis {
	checkGaussian(in, sigma)
	bell, reach := newBell(sigma, 0), int(math.Ceil(gaussReach*sigma))
	return build(in, in, func(w []float64, i int) (int, []float64) {
		first, last := max(i-reach, 0), min(i+reach, in-1)
		for x := first; x <= last; x++ {
			w = append(w, bell[max(x-i, i-x)])
		}
		normalise(w)
		return first, w
	})
}

func checkGaussian(in int, sigma float64) {
	if in < 1 || !(sigma > 0 && sigma <= maxSigma) {
		panic(fmt.Sprintf("resample: %d samples blurred by %v", in, sigma))
	}
}

// newBell returns a Gaussian at the distances begin, begin+1, ... up to where it is cut.
func newBell(sigma, begin float64) []float64 {
	bell := make([]float64, int(math.Ceil(gaussReach*sigma))+1)
	for i := range bell {
		d := (float64(i) + begin) / sigma
		bell[i] = decay(d * d / 2)
	}
	return bell
}

// decay is exp(-x) for x from 0 on, with steps that all processors round alike, as those of math.Exp are not: the series
// for x/256, then the square, eight times.
func decay(x float64) float64 {
	if x > 50 {
		return 0
	}
	y, sum := x/256, 1.0
	for n := 14.0; n > 0; n-- {
		sum = 1 - float64(float64(y*sum)/n)
	}
	for range 8 {
		sum *= sum
	}
	return sum
}

// normalise makes weights add up to one.
func normalise(w []float64) {
	sum := 0.0
	for _, v := range w {
		sum += v
	}
	for i := range w {
		w[i] /= sum
	}
}
