package icc

import "math"

// pow returns x to the power of y for x >= 0, to about 15 digits. Unlike math.Pow it gives the same bits on every
// processor: each product is rounded by a conversion before it is added, which forbids to fuse the two.
func pow(x, y float64) float64 {
	switch {
	case y == 0:
		return 1
	case x <= 0 && y < 0:
		return math.Inf(1)
	case x <= 0:
		return 0
	}
	return exp(float64(y * ln(x)))
}

// ln is 2 artanh((m-1)/(m+1)), as a series, for the mantissa m, and ln 2 for each binary digit.
func ln(x float64) float64 {
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = float64(2*m), e-1
	}
	s := (m - 1) / (m + 1) // at most 0.172
	s2, sum := float64(s*s), 0.0
	for k := 23.0; k >= 1; k -= 2 {
		sum = float64(sum*s2) + 1/k
	}
	return float64(2*s*sum) + float64(float64(e)*math.Ln2)
}

// exp is its Taylor series around a power of 2.
func exp(x float64) float64 {
	switch {
	case x > 700:
		return math.Inf(1)
	case x < -700:
		return 0
	}
	k := math.Round(x / math.Ln2)
	r := x - float64(k*math.Ln2) // at most 0.347
	sum := 1.0
	for n := 16.0; n >= 1; n-- {
		sum = 1 + float64(sum*r)/n
	}
	return math.Ldexp(sum, int(k))
}
