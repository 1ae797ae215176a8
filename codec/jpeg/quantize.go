package jpeg

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

// quantizer is a quantisation table of 8-bit entries in zigzag order.
type quantizer [64]struct {
	mul int64 // m
	add int64 // 2^(s-1), and what makes up for the bias
}

func newQuantizer(q *quant) *quantizer {
	var z quantizer
	for k, v := range q.q {
		z[k].mul = (1<<quantShift)/(8*int64(v)) + 1
		z[k].add = 1<<(quantShift-1) - transformBias*z[k].mul
	}
	return &z
}

// quantize makes coefficient k of b of v, to which transformBias was added.
func (q *quantizer) quantize(b *codingBlock, k int, v uint64) {
	b[k] = uint16((int64(v)*q[k].mul + q[k].add) >> quantShift)
}
