package jpeg

import "encoding/binary"

// Forward DCT
//
// This is the accurate integer transform of libjpeg ("islow"), to the bit: the
// algorithm of Loeffler, Ligtenberg and Moschytz (ICASSP 1989) over the rows,
// then over the columns, with constants of 13 fractional bits; the results of
// the rows are rounded to 2 fractional bits, those of the columns to integers,
// which are 8 times the coefficients of T.81, A.3.3.
//
// Two rows or two columns go through it at once, as a number a + b*2^32. Sums,
// differences and products with constants of such numbers are such numbers
// again, whatever the signs of a and b, as long as the end results fit in 32
// bits. Only rounding has to take them apart. For that, a bias is added that
// makes a and b positive; of the biases of 8 equal inputs the transform only
// leaves something in its first output, where it is subtracted.

const (
	rowShift  = 13 - 2
	rowBias   = 1 << 15 // after rounding
	rowRound  = lanes * (rowBias<<rowShift + 1<<(rowShift-1))
	rowLevel  = lanes * (8 * 128 << 13) // the level shift of 8 samples (A.3.1)
	colShift  = 13 + 2
	colRound  = lanes * (transformBias<<colShift + 1<<(colShift-1))
	firstBias = lanes * 8 * rowBias << 13 & (1<<64 - 1)
)

// dct8 transforms 8 samples. The results have 13 fractional bits more.
func dct8(d0, d1, d2, d3, d4, d5, d6, d7 uint64) (o0, o1, o2, o3, o4, o5, o6, o7 uint64) {
	s0, s7 := d0+d7, d0-d7
	s1, s6 := d1+d6, d1-d6
	s2, s5 := d2+d5, d2-d5
	s3, s4 := d3+d4, d3-d4

	t0, t3 := s0+s3, s0-s3
	t1, t2 := s1+s2, s1-s2
	o0, o4 = (t0+t1)<<13, (t0-t1)<<13
	z := (t2 + t3) * fix0_541
	o2, o6 = z+t3*fix0_765, z-t2*fix1_847

	z1, z2, z3, z4 := s4+s7, s5+s6, s4+s6, s5+s7
	z5 := (z3 + z4) * fix1_175
	z1 *= fix0_899
	z2 *= fix2_562
	z3 = z5 - z3*fix1_961
	z4 = z5 - z4*fix0_390
	o7 = s4*fix0_298 - z1 + z3
	o5 = s5*fix2_053 - z2 + z4
	o3 = s6*fix3_072 - z2 + z3
	o1 = s7*fix1_501 - z1 + z4
	return
}

// transform makes b the quantised coefficients of the 8x8 samples at the start
// of pix, whose rows are stride samples apart.
func transform(b *codingBlock, pix []byte, stride int, q *quantizer) {
	const low, samples = 1<<32 - 1, lanes * 255
	// Columns 2*j and 2*j+1 of row i are at w[4*i+j].
	var w [32]uint64
	for i := range 4 {
		// Row i together with row i+4.
		x := binary.LittleEndian.Uint64(pix[i*stride:])
		y := binary.LittleEndian.Uint64(pix[(i+4)*stride:])
		l, r := x&low|y<<32, x>>32|y&^low
		o0, o1, o2, o3, o4, o5, o6, o7 := dct8(
			l&samples, l>>8&samples, l>>16&samples, l>>24&samples,
			r&samples, r>>8&samples, r>>16&samples, r>>24&samples)
		w[4*i], w[4*i+16] = regroup(o0-rowLevel, o1)
		w[4*i+1], w[4*i+17] = regroup(o2, o3)
		w[4*i+2], w[4*i+18] = regroup(o4, o5)
		w[4*i+3], w[4*i+19] = regroup(o6, o7)
	}
	o0, o1, o2, o3, o4, o5, o6, o7 := dct8(w[0], w[4], w[8], w[12], w[16], w[20], w[24], w[28])
	q.pair(b, 0, 1, o0-firstBias)
	q.pair(b, 2, 4, o1)
	q.pair(b, 3, 8, o2)
	q.pair(b, 9, 11, o3)
	q.pair(b, 10, 19, o4)
	q.pair(b, 20, 22, o5)
	q.pair(b, 21, 34, o6)
	q.pair(b, 35, 36, o7)
	o0, o1, o2, o3, o4, o5, o6, o7 = dct8(w[1], w[5], w[9], w[13], w[17], w[21], w[25], w[29])
	q.pair(b, 5, 6, o0-firstBias)
	q.pair(b, 7, 13, o1)
	q.pair(b, 12, 17, o2)
	q.pair(b, 18, 24, o3)
	q.pair(b, 23, 32, o4)
	q.pair(b, 33, 38, o5)
	q.pair(b, 37, 47, o6)
	q.pair(b, 48, 49, o7)
	o0, o1, o2, o3, o4, o5, o6, o7 = dct8(w[2], w[6], w[10], w[14], w[18], w[22], w[26], w[30])
	q.pair(b, 14, 15, o0-firstBias)
	q.pair(b, 16, 26, o1)
	q.pair(b, 25, 30, o2)
	q.pair(b, 31, 40, o3)
	q.pair(b, 39, 45, o4)
	q.pair(b, 46, 51, o5)
	q.pair(b, 50, 56, o6)
	q.pair(b, 57, 58, o7)
	o0, o1, o2, o3, o4, o5, o6, o7 = dct8(w[3], w[7], w[11], w[15], w[19], w[23], w[27], w[31])
	q.pair(b, 27, 28, o0-firstBias)
	q.pair(b, 29, 42, o1)
	q.pair(b, 41, 43, o2)
	q.pair(b, 44, 53, o3)
	q.pair(b, 52, 54, o4)
	q.pair(b, 55, 60, o5)
	q.pair(b, 59, 61, o6)
	q.pair(b, 62, 63, o7)
}

// regroup takes one column of two rows and the next column of them, and returns
// both columns of the one row and of the other, rounded.
func regroup(x, y uint64) (row0, row4 uint64) {
	x += rowRound
	y += rowRound
	row0 = uint64(uint32(x))>>rowShift | uint64(uint32(y))>>rowShift<<32
	row4 = x>>(32+rowShift) | y>>(32+rowShift)<<32
	return
}

// pair rounds and quantises two neighbours of a row, of numbers k0 and k1 in
// zigzag order.
func (q *quantizer) pair(b *codingBlock, k0, k1 int, x uint64) {
	x += colRound
	q.quantize(b, k0, uint64(uint32(x))>>colShift)
	q.quantize(b, k1, x>>(32+colShift))
}
