package jpeg

import "encoding/binary"

// block8 is the transform of a block to 8 rows of samples, of which all
// coefficients behind place last in zigzag order are 0. Its sparse forms read
// but the diagonals that this leaves.
func (t *inverse) block8(c *[64]int16, last uint8, dst []byte, stride int) {
	var rows words
	var large uint64
	switch {
	case last == 0:
		t.flat8(c[0], dst, stride)
		return
	case last < 10: // 4 diagonals
		large = column4(t.columns(c, &rows, 0)) | column2(t.columns(c, &rows, 1))
	case last < 21: // 6
		large = column6(t.columns(c, &rows, 0)) | column4(t.columns(c, &rows, 1)) | column2(t.columns(c, &rows, 2))
	case last < 27: // 7, but for column 6
		large = column8(t.columns(c, &rows, 0)) | column6(t.columns(c, &rows, 1)) | column4(t.columns(c, &rows, 2))
	case last < 36: // 8
		large = column8(t.columns(c, &rows, 0)) | column6(t.columns(c, &rows, 1)) | column4(t.columns(c, &rows, 2)) | column2(t.columns(c, &rows, 3))
	default:
		large = column8(t.columns(c, &rows, 0)) | column8(t.columns(c, &rows, 1)) | column8(t.columns(c, &rows, 2)) | column8(t.columns(c, &rows, 3))
	}
	switch {
	case large != 0 && t.energy(c) > maxEnergy:
		t.any8(c, dst, stride)
	case last < 10:
		rows4(&rows, dst, stride)
	case last < 27:
		rows6(&rows, dst, stride)
	default:
		rows8(&rows, dst, stride)
	}
}

// flat8 is the transform of a block that has nothing but its DC coefficient.
// Whatever that is, it wraps where idctAny does.
func (t *inverse) flat8(dc int16, dst []byte, stride int) {
	v := uint64(clamp((int32(dc*int16(t.quant[0])<<2)+16)>>5+128)) * 0x0101010101010101
	for y := range 8 {
		binary.LittleEndian.PutUint64(dst[y*stride:], v)
	}
}

// any8 is the transform of a block beyond maxEnergy.
func (t *inverse) any8(c *[64]int16, dst []byte, stride int) {
	var w words
	for i, x := range c {
		w[i%8/2*8+i/8] += int64(x) * t.wide[i] << (i & 1 * 32)
	}
	idctAny(&w, dst, stride)
}

// tooBig is the energy of blocks that have a product of more than 12 bits, so that
// no sum of squares overflows.
const tooBig = 1 << 62

// energy returns the sum of squares of a block's coefficients, or tooBig.
func (t *inverse) energy(c *[64]int16) (sum uint64) {
	for i, x := range c {
		v := int64(x) * t.wide[i]
		if v < -1<<11 || v >= 1<<11 {
			return tooBig
		}
		sum += uint64(v * v)
	}
	return sum
}

// The columns of a block are transformed before it is known whether that is
// right. It is if no coefficient is -256 or less, or 256 or more, but for those
// of the first row, which may be from -1024 to 1023: what is behind the first
// pass is then at most 4*1.39*(1024+7*256) = 15659, which fits 16 bits in all
// sums of two. For other blocks, which are few, the energy is summed up.
const (
	limitAC   = 256 * lanes
	beyondAC  = ^uint64(511 * lanes)
	limitRow  = 1024 * lanes
	beyondRow = ^uint64(2047 * lanes)
)

// blockColumns is a block from one of its columns on, quantColumns the quantisation table
// from there on.
type (
	blockColumns [58]int16
	quantColumns [58]int64
)

// wordAt returns the coefficients at a place and beside it, dequantised.
func wordAt(c *blockColumns, q *quantColumns, at int) int64 {
	return int64(c[at])*q[at] + int64(c[at+1])*q[at+1]<<32
}

// columnPair is words from one of their pairs of columns on.
type columnPair [26]int64

// round rounds row v of a pair of columns, and row 7-v, and stores them by column:
// lanes are columns before, and rows behind.
func (p *columnPair) round(at int, upper, lower int64) {
	const (
		low  = 1<<21 - 1
		high = low << 32
		bias = bias1 >> 11 * lanes
	)
	a, b := uint64(upper), uint64(lower)
	p[at] = int64(a>>11&low|b<<21&high) - bias
	p[at+1] = int64(a>>43|b>>11&high) - bias
}

// columns returns columns 2i and 2i+1 of a block, and where they go.
func (t *inverse) columns(c *[64]int16, rows *words, i int) (*blockColumns, *quantColumns, *columnPair) {
	return (*blockColumns)(c[2*i&6:]), (*quantColumns)(t.wide[2*i&6:]), (*columnPair)(rows[2*i&6:])
}

// column8 transforms a pair of columns. The result is not 0 if there is a large
// coefficient.
func column8(c *blockColumns, q *quantColumns, out *columnPair) (large uint64) {
	i0, i1, i2, i3 := wordAt(c, q, 0), wordAt(c, q, 8), wordAt(c, q, 16), wordAt(c, q, 24)
	i4, i5, i6, i7 := wordAt(c, q, 32), wordAt(c, q, 40), wordAt(c, q, 48), wordAt(c, q, 56)
	large = uint64(i0+limitRow)&beyondRow | uint64((i1+limitAC)|(i2+limitAC)|(i3+limitAC)|(i4+limitAC)|(i5+limitAC)|(i6+limitAC)|(i7+limitAC))&beyondAC
	z1 := (i2 + i6) * fix0_541
	t2, t3 := z1-i6*fix1_847, z1+i2*fix0_765
	t0, t1 := (i0+i4)<<13+round1, (i0-i4)<<13+round1
	o0, o1, o2, o3 := odd(i1, i3, i5, i7)
	e0, e1, e2, e3 := t0+t3, t1+t2, t1-t2, t0-t3
	out.round(0, e0+o0, e0-o0)
	out.round(8, e1+o1, e1-o1)
	out.round(16, e2+o2, e2-o2)
	out.round(24, e3+o3, e3-o3)
	return large
}

// column6 is column8 with rows 6 and 7 zero.
func column6(c *blockColumns, q *quantColumns, out *columnPair) (large uint64) {
	i0, i1, i2, i3, i4, i5 := wordAt(c, q, 0), wordAt(c, q, 8), wordAt(c, q, 16), wordAt(c, q, 24), wordAt(c, q, 32), wordAt(c, q, 40)
	large = uint64(i0+limitRow)&beyondRow | uint64((i1+limitAC)|(i2+limitAC)|(i3+limitAC)|(i4+limitAC)|(i5+limitAC))&beyondAC
	t2, t3 := i2*fix0_541, i2*(fix0_541+fix0_765)
	t0, t1 := (i0+i4)<<13+round1, (i0-i4)<<13+round1
	o0, o1, o2, o3 := odd(i1, i3, i5, 0)
	e0, e1, e2, e3 := t0+t3, t1+t2, t1-t2, t0-t3
	out.round(0, e0+o0, e0-o0)
	out.round(8, e1+o1, e1-o1)
	out.round(16, e2+o2, e2-o2)
	out.round(24, e3+o3, e3-o3)
	return large
}

// column4 is column8 with rows 4 to 7 zero.
func column4(c *blockColumns, q *quantColumns, out *columnPair) (large uint64) {
	i0, i1, i2, i3 := wordAt(c, q, 0), wordAt(c, q, 8), wordAt(c, q, 16), wordAt(c, q, 24)
	large = uint64(i0+limitRow)&beyondRow | uint64((i1+limitAC)|(i2+limitAC)|(i3+limitAC))&beyondAC
	t := i0<<13 + round1
	t2, t3 := i2*fix0_541, i2*(fix0_541+fix0_765)
	o0, o1, o2, o3 := odd4(i1, i3)
	e0, e1, e2, e3 := t+t3, t+t2, t-t2, t-t3
	out.round(0, e0+o0, e0-o0)
	out.round(8, e1+o1, e1-o1)
	out.round(16, e2+o2, e2-o2)
	out.round(24, e3+o3, e3-o3)
	return large
}

// column2 is column8 with rows 2 to 7 zero.
func column2(c *blockColumns, q *quantColumns, out *columnPair) (large uint64) {
	i0, i1 := wordAt(c, q, 0), wordAt(c, q, 8)
	large = uint64(i0+limitRow)&beyondRow | uint64(i1+limitAC)&beyondAC
	e := i0<<13 + round1
	o0, o1, o2, o3 := odd4(i1, 0)
	out.round(0, e+o0, e-o0)
	out.round(8, e+o1, e-o1)
	out.round(16, e+o2, e-o2)
	out.round(24, e+o3, e-o3)
	return large
}
