package png

// filters makes rows smaller to compress (section 9): each byte less what is
// foretold of it by those to the left (a), above (b), and above to the left (c).
type filters struct {
	bpp   int       // bytes from a pixel to the next
	adapt bool      // else rows stay as they are
	rows  [2][]byte // bytes of this row and the one before, behind bpp zeros
	try   [5][]byte // rows filtered in each way, behind the filter's number
}

// reset begins a picture.
func (f *filters) reset(rowBytes, bpp int, adapt bool) {
	f.bpp, f.adapt = bpp, adapt
	for i := range f.rows {
		f.rows[i] = resized(f.rows[i], bpp+rowBytes)
		clear(f.rows[i])
	}
	for i := range f.try {
		f.try[i] = resized(f.try[i], 1+rowBytes)
		f.try[i][0] = byte(i)
	}
}

func resized(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}

// next returns the memory for the next row.
func (f *filters) next() []byte {
	f.rows[0], f.rows[1] = f.rows[1], f.rows[0]
	return f.rows[0][f.bpp:]
}

// filtered returns the row that next was given, with the filter's number before
// it: that whose bytes, taken as signed, have the smallest sum without their
// signs (section 12.7).
func (f *filters) filtered() []byte {
	row, above := f.rows[0], f.rows[1]
	if !f.adapt {
		copy(f.try[0][1:], row[f.bpp:])
		return f.try[0]
	}
	x, a, b, c := row[f.bpp:], row, above[f.bpp:], above
	sums := f.all(x, a[:len(x)], b[:len(x)], c[:len(x)])
	best := 0
	for i, sum := range sums {
		if sum < sums[best] {
			best = i
		}
	}
	return f.try[best]
}

// all filters a row in every way and returns the sums.
func (f *filters) all(x, a, b, c []byte) (sums [5]int) {
	n := len(x)
	none, sub, up := f.try[0][1:][:n], f.try[1][1:][:n], f.try[2][1:][:n]
	average, paeth := f.try[3][1:][:n], f.try[4][1:][:n]
	a, b, c = a[:n], b[:n], c[:n]
	for i, v := range x {
		va, vb, vc := a[i], b[i], c[i]
		d0, d1, d2 := v, v-va, v-vb
		d3 := v - uint8((uint(va)+uint(vb))/2)
		d4 := v - predict(int(va), int(vb), int(vc))
		none[i], sub[i], up[i], average[i], paeth[i] = d0, d1, d2, d3, d4
		sums[0] += size(d0)
		sums[1] += size(d1)
		sums[2] += size(d2)
		sums[3] += size(d3)
		sums[4] += size(d4)
	}
	return sums
}

// size is |d| of a signed byte.
func size(d uint8) int {
	v := int(int8(d))
	m := v >> 63
	return v ^ m - m
}

// predict is Paeth's predictor: whichever of a, b and c is nearest to a+b-c.
func predict(a, b, c int) uint8 {
	pa, pb := b-c, a-c
	pc := pa + pb
	pa, pb, pc = max(pa, -pa), max(pb, -pb), max(pc, -pc)
	switch {
	case pa <= pb && pa <= pc:
		return uint8(a)
	case pb <= pc:
		return uint8(b)
	}
	return uint8(c)
}
