package jpeg

import "encoding/binary"

// Inverse DCT
//
// The samples are those of the accurate integer transform of the Independent
// JPEG Group (Loeffler, Ligtenberg and Moschytz; constants of 13 bits, 2 bits
// kept between the passes), to the bit. One pass over the columns leaves
// values scaled by 4, one over the rows takes that and the transform's factor
// of 8 away.
//
// Between its roundings the transform is linear, so two columns, or two rows,
// are transformed in one int64: the word of a and b is a + b<<32. Sums and
// products with constants of such words are right in both lanes modulo 1<<64,
// whatever overflows on the way; only what is rounded in the end must fit its
// lane. maxEnergy sees to that; blocks beyond it, which no encoder makes of
// 8-bit samples, take the way of idctAny.

// words is the dequantised coefficients of a block, two columns in a word:
// columns 2i and 2i+1 of row v are the lanes of words[8*i+v].
type words [32]int64

// maxEnergy is the largest sum of squares of a block's coefficients that words
// are transformed with. A block of 8-bit samples has 1<<20 at most, before
// quantisation. Up to twice that no value exceeds 4*sqrt(8)*1449 = 16391 behind the
// first pass, and none leaves its lane, or what idctAny confines it to.
const maxEnergy = 2 << 20

func clamp(v int32) uint8 {
	if uint32(v) > 255 {
		return uint8(^v >> 31)
	}
	return uint8(v)
}

// Behind the first pass a lane is made positive by bias1, so that the lanes can
// be shifted and moved apart without regard to signs.
const (
	bias1  = 1 << 30
	round1 = (bias1 + 1<<10) * lanes
)

// odd is the half of the transform that the odd coefficients have.
func odd(i1, i3, i5, i7 int64) (o0, o1, o2, o3 int64) {
	z1, z2, z3, z4 := (i7+i1)*-fix0_899, (i5+i3)*-fix2_562, i7+i3, i5+i1
	z5 := (z3 + z4) * fix1_175
	z3, z4 = z5-z3*fix1_961, z5-z4*fix0_390
	return i1*fix1_501 + z1 + z4, i3*fix3_072 + z2 + z3, i5*fix2_053 + z2 + z4, i7*fix0_298 + z1 + z3
}

// odd4 is odd with coefficients 5 and 7 zero.
func odd4(i1, i3 int64) (o0, o1, o2, o3 int64) {
	return i1*(fix1_501-fix0_899-fix0_390+fix1_175) + i3*fix1_175,
		i1*fix1_175 + i3*(fix3_072-fix2_562-fix1_961+fix1_175),
		i1*(fix1_175-fix0_390) + i3*(fix1_175-fix2_562),
		i1*(fix1_175-fix0_899) + i3*(fix1_175-fix1_961)
}

// round2 rounds the second pass, and adds 128 to its samples.
const round2 = (128<<18 + 1<<17) * lanes

// rows8 transforms pairs of rows to samples.
func rows8(rows *words, dst []byte, stride int) {
	for v := range 4 {
		in := (*[8]int64)(rows[8*v:])
		z1 := (in[2] + in[6]) * fix0_541
		t2, t3 := z1-in[6]*fix1_847, z1+in[2]*fix0_765
		t0, t1 := (in[0]+in[4])<<13+round2, (in[0]-in[4])<<13+round2
		e0, e3, e1, e2 := t0+t3, t0-t3, t1+t2, t1-t2
		o0, o1, o2, o3 := odd(in[1], in[3], in[5], in[7])
		*in = [8]int64{e0 + o0, e1 + o1, e2 + o2, e3 + o3, e3 - o3, e2 - o2, e1 - o1, e0 - o0}
		store(in, dst[v*stride:], dst[(7-v)*stride:])
	}
}

// rows6 is rows8 with columns 6 and 7 zero.
func rows6(rows *words, dst []byte, stride int) {
	for v := range 4 {
		in := (*[8]int64)(rows[8*v:])
		t2, t3 := in[2]*fix0_541, in[2]*(fix0_541+fix0_765)
		t0, t1 := (in[0]+in[4])<<13+round2, (in[0]-in[4])<<13+round2
		e0, e3, e1, e2 := t0+t3, t0-t3, t1+t2, t1-t2
		o0, o1, o2, o3 := odd(in[1], in[3], in[5], 0)
		*in = [8]int64{e0 + o0, e1 + o1, e2 + o2, e3 + o3, e3 - o3, e2 - o2, e1 - o1, e0 - o0}
		store(in, dst[v*stride:], dst[(7-v)*stride:])
	}
}

// rows4 is rows8 with columns 4 to 7 zero.
func rows4(rows *words, dst []byte, stride int) {
	for v := range 4 {
		in := (*[8]int64)(rows[8*v:])
		t := in[0]<<13 + round2
		t2, t3 := in[2]*fix0_541, in[2]*(fix0_541+fix0_765)
		o0, o1, o2, o3 := odd4(in[1], in[3])
		e0, e3, e1, e2 := t+t3, t-t3, t+t2, t-t2
		*in = [8]int64{e0 + o0, e1 + o1, e2 + o2, e3 + o3, e3 - o3, e2 - o2, e1 - o1, e0 - o0}
		store(in, dst[v*stride:], dst[(7-v)*stride:])
	}
}

// store writes two rows of samples, which are bits 18 to 25 of each lane. If a
// bit above them is set, a sample is out of range; if none is, no lane is
// negative and so none has borrowed from the other.
func store(s *[8]int64, upper, lower []byte) {
	const outside = 0x3f << 26 * lanes
	if uint64(s[0]|s[1]|s[2]|s[3]|s[4]|s[5]|s[6]|s[7])&outside != 0 {
		storeClamped(s, upper, lower)
		return
	}
	l, r := four(s[0], s[1], s[2], s[3]), four(s[4], s[5], s[6], s[7])
	binary.LittleEndian.PutUint64(upper, l&0xffffffff|r<<32)
	binary.LittleEndian.PutUint64(lower, l>>32|r&^0xffffffff)
}

// four puts the samples of four words side by side in each lane.
func four(a, b, c, d int64) uint64 {
	const m = 0xff * lanes
	return uint64(a)>>18&m | uint64(b)>>10&(m<<8) | uint64(c)>>2&(m<<16) | uint64(d)<<6&(m<<24)
}

func storeClamped(s *[8]int64, upper, lower []byte) {
	upper, lower = upper[:8], lower[:8]
	for u, v := range s {
		lo, hi := split(v)
		upper[u], lower[u] = clamp(lo>>18), clamp(hi>>18)
	}
}

// split takes a word apart.
func split(v int64) (lo, hi int32) {
	lo = int32(v)
	return lo, int32((v - int64(lo)) >> 32)
}
