package main

// Columns of the inverse transforms (RFC 6386, sections 14.3 and 14.4). The DCT
// has 12 fractional bits: 5352 is sqrt(2)*cos(pi/8), 2217 is sqrt(2)*sin(pi/8).
var (
	dctBasis = [4][4]int{
		{4096, 4096, 4096, 4096},
		{5352, 2217, -2217, -5352},
		{4096, -4096, -4096, 4096},
		{2217, -5352, 5352, -2217},
	}
	whtBasis = [4][4]int{
		{1, 1, 1, 1},
		{1, 1, -1, -1},
		{1, -1, -1, 1},
		{1, -1, 1, -1},
	}
)

// vp8Forward transforms a block. The inverse divides by 8 and its basis has
// the square norm 4, which leaves a division by 2 in this direction.
func vp8Forward(block [16]int, basis *[4][4]int, fraction int) [16]int {
	var rows, out [16]int
	for i := range rows {
		for x := range 4 {
			rows[i] += basis[i%4][x] * block[i/4*4+x]
		}
	}
	for i := range out {
		sum := 0
		for y := range 4 {
			sum += basis[i/4][y] * rows[y*4+i%4]
		}
		out[i] = divRound(sum, 2<<(2*fraction))
	}
	return out
}

// inverseDCT is what decoders do, bit for bit.
func inverseDCT(in [16]int) [16]int {
	const c1, c2 = 85627, 35468 // sqrt(2)*cos(pi/8), sqrt(2)*sin(pi/8), 16 fractional bits
	butterfly := func(i0, i1, i2, i3 int) [4]int {
		a, b := i0+i2, i0-i2
		c := i1*c2>>16 - i3*c1>>16
		d := i1*c1>>16 + i3*c2>>16
		return [4]int{a + d, b + c, b - c, a - d}
	}
	var mid, out [16]int
	for x := range 4 {
		for y, v := range butterfly(in[x], in[4+x], in[8+x], in[12+x]) {
			mid[4*y+x] = v
		}
	}
	for y := range 4 {
		for x, v := range butterfly(mid[4*y], mid[4*y+1], mid[4*y+2], mid[4*y+3]) {
			out[4*y+x] = (v + 4) >> 3
		}
	}
	return out
}

// inverseWHT is what decoders do, bit for bit.
func inverseWHT(in [16]int) [16]int {
	var out [16]int
	for i := range out {
		sum := 3
		for j, v := range in {
			sum += whtBasis[j/4][i/4] * whtBasis[j%4][i%4] * v
		}
		out[i] = sum >> 3
	}
	return out
}

// quantise divides DC and AC.
func quantise(block [16]int, q [2]int) [16]int {
	for i := range block {
		block[i] = min(max(divRound(block[i], q[min(i, 1)]), -2047), 2047)
	}
	return block
}

func dequantise(block [16]int, q [2]int) [16]int {
	for i := range block {
		block[i] *= q[min(i, 1)]
	}
	return block
}
