package jpeg

import "math/bits"

// Quantisation
//
// A transformed coefficient x is 8 times what T.81 calls it (A.3.3), so with
// d = 8 times the table's entry, x is to become x/d, rounded, halves away from
// zero. With m = 2^s/d, rounded up to the next larger integer,
//
//	(x*m + 2^(s-1)) >> s
//
// is just that: x*m is further away from zero than 2^s*x/d, so that halves go
// the right way, but as long as |x|*d < 2^s by less than the 2^s/d that lie
// between two values of x, so that nothing else goes another way.
const quantShift = 31 // |x| < 2^15, d < 2^11

// transformBias is added to coefficients that are to be quantised, to have
// them unsigned.
const transformBias = 1 << 16

// quantizer is a quantisation table of 8-bit entries.
type quantizer struct {
	// In zigzag order.
	k [64]struct {
		mul int64 // m
		add int64 // 2^(s-1), and what makes up for the bias
	}
	// For 16-bit lanes, row by row: d/2, a reciprocal of d, a scale. With n the
	// absolute value of x, and d/2 added to it, n*reciprocal*scale / 2^32 is n/d
	// rounded down, if the first product is rounded down to multiples of 2^16,
	// too. For that, the reciprocal is 2^(16+b)/d rounded up, with the b that
	// brings it to 2^15 ... 2^16-1, and the scale 2^(16-b). The rounding of the
	// reciprocal by e < d makes n*e / (d * 2^(16+b)) of the quotient, which is
	// less than the 1/d that could matter as long as n*e < 2^(16+b); since
	// e < d <= 2^(b+1), it is for n < 2^15. (|x| of samples of 8 bits is at most 2^13.)
	words [3][64]uint16
}

func newQuantizer(q *quant) *quantizer {
	z := new(quantizer)
	for k, v := range q.q {
		d := 8 * int64(v)
		z.k[k].mul = (1<<quantShift)/d + 1
		z.k[k].add = 1<<(quantShift-1) - transformBias*z.k[k].mul
		b := bits.Len64(uint64(d)-1) - 1
		i := zigzag[k]
		z.words[0][i] = uint16(d / 2)
		z.words[1][i] = uint16((1<<(16+b) + d - 1) / d)
		z.words[2][i] = 1 << (16 - b)
	}
	return z
}

// quantize makes coefficient k of b of v, to which transformBias was added.
func (q *quantizer) quantize(b *codingBlock, k int, v uint64) {
	b[k] = uint16((int64(v)*q.k[k].mul + q.k[k].add) >> quantShift)
}
