package jpeg

import "encoding/binary"

// Four points
//
// A 4x4 inverse DCT of the lowest coefficients of an 8x8 block, with its factor
// brought from 1/4 to 1/8 for the fewer samples (T.81, A.3.3, with 4 for 8):
//
//	x[n] = c0 + sqrt(2) * (c1 cos((2n+1)pi/8) + c2 cos(2(2n+1)pi/8) + c3 cos(3(2n+1)pi/8))
//
// first along rows, then along columns, and 1/8 of that. With 13 fractional bits
// for both constants: e0, e1 = c0 + c2, c0 - c2 and o0, o1 = outer4*c1 + inner4*c3,
// inner4*c1 - outer4*c3 make x = e0 + o0, e1 + o1, e1 - o1, e0 - o0. It is the even
// half of the 8-point transform. Between the passes 3 fractional bits are kept,
// and values saturate at 16 bits.
const (
	outer4 = fix0_541 + fix0_765 // sqrt(2) cos(pi/8)
	inner4 = fix0_541            // sqrt(2) cos(3pi/8)
	shift4 = 13 + 3 + 3          // of the second pass
)

// block4 is the transform of a block to 4 rows of 4 samples. Rows v and v+2, and
// then columns u and u+2, are the lanes of a word.
func (t *inverse) block4(c *[16]int16, last uint8, dst []byte, stride int) {
	if last == 0 {
		v := uint32(clamp((int32(c[0]*int16(t.quant[0]))+4)>>3+128)) * 0x01010101
		for y := range 4 {
			binary.LittleEndian.PutUint32(dst[y*stride:], v)
		}
		return
	}
	a0, a1, a2, a3, large := rows02((*[12]int16)(c[0:]), (*[12]int64)(t.wide[0:]))
	b0, b1, b2, b3, large2 := rows02((*[12]int16)(c[4:]), (*[12]int64)(t.wide[4:]))
	if large|large2 != 0 {
		t.any4(c, dst, stride)
		return
	}
	// By columns: r0 to r3 are rows of columns 0 and 2, s0 to s3 of 1 and 3.
	r0, r2 := roundAcross(a0, a2)
	s0, s2 := roundAcross(a1, a3)
	r1, r3 := roundAcross(b0, b2)
	s1, s3 := roundAcross(b1, b3)
	r0, r1, r2, r3 = four4(r0, r1, r2, r3, round4)
	s0, s1, s2, s3 = four4(s0, s1, s2, s3, round4)
	const outside = 0x1f << 27 * lanes // as in store
	if uint64(r0|r1|r2|r3|s0|s1|s2|s3)&outside != 0 {
		for y, w := range [4][2]int64{{r0, s0}, {r1, s1}, {r2, s2}, {r3, s3}} {
			storeClamped4(w[0], w[1], dst[y*stride:])
		}
		return
	}
	binary.LittleEndian.PutUint32(dst, fourBytes(r0, s0))
	binary.LittleEndian.PutUint32(dst[stride:], fourBytes(r1, s1))
	binary.LittleEndian.PutUint32(dst[2*stride:], fourBytes(r2, s2))
	binary.LittleEndian.PutUint32(dst[3*stride:], fourBytes(r3, s3))
}

const round4 = (128<<shift4 + 1<<(shift4-1)) * lanes

// rows02 is the first pass of a row and of the one after the next. Large is not 0
// if a coefficient is below -1024 or above 1023: without such, no value leaves
// 16 bits, as 8*(1+1.31+1+0.54)*1024 = 31539.
func rows02(c *[12]int16, q *[12]int64) (x0, x1, x2, x3 int64, large uint64) {
	i0 := int64(c[0])*q[0] + int64(c[8])*q[8]<<32
	i1 := int64(c[1])*q[1] + int64(c[9])*q[9]<<32
	i2 := int64(c[2])*q[2] + int64(c[10])*q[10]<<32
	i3 := int64(c[3])*q[3] + int64(c[11])*q[11]<<32
	large = uint64((i0+limitRow)|(i1+limitRow)|(i2+limitRow)|(i3+limitRow)) & beyondRow
	x0, x1, x2, x3 = four4(i0, i1, i2, i3, (bias4+1<<9)*lanes)
	return x0, x1, x2, x3, large
}

// bias4 makes lanes positive behind the first pass.
const bias4 = 1 << 30

// four4 is the transform of 4 points.
func four4(c0, c1, c2, c3, round int64) (x0, x1, x2, x3 int64) {
	e0, e1 := (c0+c2)<<13+round, (c0-c2)<<13+round
	z := (c1 + c3) * inner4
	o0, o1 := z+c1*(outer4-inner4), z-c3*(outer4+inner4)
	return e0 + o0, e1 + o1, e1 - o1, e0 - o0
}

// roundAcross rounds the first pass. From rows v and v+2 of columns u and u+2 it
// returns columns u and u+2 of row v, and of row v+2.
func roundAcross(a, b int64) (upper, lower int64) {
	const (
		low  = 1<<22 - 1
		high = low << 32
		bias = bias4 >> 10 * lanes
	)
	x, y := uint64(a), uint64(b)
	return int64(x>>10&low|y<<22&high) - bias, int64(x>>42|y>>10&high) - bias
}

// fourBytes puts a row of samples side by side: 0 and 2 are bits 19 to 26 of the
// lanes of r, 1 and 3 of s.
func fourBytes(r, s int64) uint32 {
	const m = 0xff * lanes
	v := uint64(r)>>shift4&m | uint64(s)>>(shift4-8)&(m<<8)
	return uint32(v | v>>16)
}

func storeClamped4(r, s int64, dst []byte) {
	dst = dst[:4]
	r0, r2 := split(r)
	s1, s3 := split(s)
	dst[0], dst[1], dst[2], dst[3] = clamp(r0>>shift4), clamp(s1>>shift4), clamp(r2>>shift4), clamp(s3>>shift4)
}

// any4 is block4 for coefficients of any size, and in the plain way.
func (t *inverse) any4(c *[16]int16, dst []byte, stride int) {
	var x [16]int16
	pass := func(at, step, shift int) {
		in := func(i int) int32 { return int32(x[at+i*step]) }
		round := int32(1) << (shift - 1)
		e0, e1 := (in(0)+in(2))<<13+round, (in(0)-in(2))<<13+round
		o0, o1 := in(1)*outer4+in(3)*inner4, in(1)*inner4-in(3)*outer4
		for i, v := range [4]int32{e0 + o0, e1 + o1, e1 - o1, e0 - o0} {
			x[at+i*step] = saturate(v >> shift)
		}
	}
	for i, v := range c {
		x[i] = v * int16(t.quant[i])
	}
	for v := range 4 {
		pass(4*v, 1, 10)
	}
	for u := range 4 {
		pass(u, 4, shift4)
	}
	for i, v := range x {
		dst[i/4*stride+i%4] = clamp(int32(v) + 128)
	}
}
