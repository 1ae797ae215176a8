package jpeg

// row2 is the transform of blocks to 2 rows of 2 samples: an eighth of all sums
// and differences of 4 coefficients, since sqrt(2) cos(pi/4) is 1.
func (t *inverse) row2(coefs []int16, dst []byte, stride int) {
	n := len(coefs) / 4 * 2
	upper, lower := dst[:n], dst[stride:][:n]
	q0, q1, q2, q3 := int16(t.quant[0]), int16(t.quant[1]), int16(t.quant[2]), int16(t.quant[3])
	for len(coefs) >= 4 && len(upper) >= 2 && len(lower) >= 2 {
		a, b := int32(coefs[0]*q0)+1028, int32(coefs[1]*q1) // 1028: 128 and a half, by 8
		c, d := int32(coefs[2]*q2), int32(coefs[3]*q3)
		left, right := a+b, a-b
		below, beside := c+d, c-d
		upper[0], upper[1] = clamp((left+below)>>3), clamp((right+beside)>>3)
		lower[0], lower[1] = clamp((left-below)>>3), clamp((right-beside)>>3)
		coefs, upper, lower = coefs[4:], upper[2:], lower[2:]
	}
}

// row1 makes a sample of the DC coefficient of each block.
func (t *inverse) row1(coefs []int16, dst []byte) {
	q := int16(t.quant[0])
	dst = dst[:len(coefs)]
	for i, c := range coefs {
		dst[i] = clamp((int32(c*q) + 1028) >> 3)
	}
}
