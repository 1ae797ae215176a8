package jpeg

// idctAny is idct for coefficients of any size, which only damaged or hostile
// files have. T.81 says nothing of them. What comes out is what libjpeg-turbo's
// vector code for x86 makes of them: products with the quantisation table and
// first sums wrap at 16 bits, and what is rounded saturates. (Its portable code
// wraps samples at 10 bits instead.)
func idctAny(w *words, dst []byte, stride int) {
	var c [64]int16
	flat := int16(0)
	for i, v := range w {
		lo, hi := split(v)
		at := i&7*8 + i>>3*2
		c[at], c[at+1] = int16(lo), int16(hi)
		if i&7 > 0 {
			flat |= int16(lo|lo>>16) | int16(hi|hi>>16)
		}
	}
	*w = words{}
	for u := range 8 {
		in := [8]int16{c[u], c[8+u], c[16+u], c[24+u], c[32+u], c[40+u], c[48+u], c[56+u]}
		if flat == 0 { // a case that wraps where the others saturate
			for v := range 8 {
				c[8*v+u] = in[0] << 2
			}
			continue
		}
		for v, x := range transformAny(&in, 11) {
			c[8*v+u] = x
		}
	}
	for v := range 8 {
		row := dst[v*stride:][:8]
		for u, x := range transformAny((*[8]int16)(c[8*v:]), 18) {
			row[u] = clamp(int32(x) + 128)
		}
	}
}

// transformAny is the transform of a row or column, rounded by a shift.
func transformAny(in *[8]int16, shift int) (out [8]int16) {
	x := func(i int) int32 { return int32(in[i]) }
	t0, t1 := int32(in[0]+in[4])<<13, int32(in[0]-in[4])<<13
	t2, t3 := x(2)*fix0_541+x(6)*(fix0_541-fix1_847), x(2)*(fix0_541+fix0_765)+x(6)*fix0_541
	even := [4]int32{t0 + t3, t1 + t2, t1 - t2, t0 - t3}
	z3, z4 := int32(in[7]+in[3]), int32(in[5]+in[1])
	z3, z4 = z3*(fix1_175-fix1_961)+z4*fix1_175, z3*fix1_175+z4*(fix1_175-fix0_390)
	odd := [4]int32{
		x(1)*(fix1_501-fix0_899) - x(7)*fix0_899 + z4,
		x(3)*(fix3_072-fix2_562) - x(5)*fix2_562 + z3,
		x(5)*(fix2_053-fix2_562) - x(3)*fix2_562 + z4,
		x(7)*(fix0_298-fix0_899) - x(1)*fix0_899 + z3,
	}
	for i := range 4 {
		out[i] = saturate((even[i] + odd[i] + 1<<(shift-1)) >> shift)
		out[7-i] = saturate((even[i] - odd[i] + 1<<(shift-1)) >> shift)
	}
	return out
}

func saturate(v int32) int16 { return int16(max(-1<<15, min(1<<15-1, v))) }
