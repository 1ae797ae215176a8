package jpeg

// samples transforms the coefficients that were read.
func (r *coefficientReader) samples(p *Planes, size int) {
	for i := range p.Planes {
		from, to := &r.out.Components[i], &p.Planes[i]
		from.transform(to, func(w *words, n int) (int, uint64) { return w.load(&from.Blocks[n], &from.Quant) })
	}
}

// transform makes samples of all blocks, which load takes to words as
// words.load does.
func (c *CoefficientPlane) transform(to *Plane, load func(w *words, n int) (last int, energy uint64)) {
	w := new(words)
	for y := range c.Rows {
		for x := range c.Columns {
			dst := to.Pix[8*(y*to.Stride+x):]
			last, energy := load(w, y*c.Columns+x)
			if energy > maxEnergy {
				idctAny(w, dst, to.Stride)
				continue
			}
			idct(w, last, dst, to.Stride)
		}
	}
}

// load fills w, which is zero before, with a block's coefficients, dequantised.
// It returns a place in zigzag order behind which all are 0, and the sum of
// squares.
func (w *words) load(b *Block, quant *[64]uint16) (last int, energy uint64) {
	rows, columns := 0, 0
	for v := range 8 {
		in, q := (*[8]int16)(b[8*v:]), (*[8]uint16)(quant[8*v:])
		if in[0]|in[1]|in[2]|in[3]|in[4]|in[5]|in[6]|in[7] == 0 {
			continue
		}
		rows = v
		for i := range 4 {
			x, y := int64(in[2*i]), int64(in[2*i+1])
			if x|y == 0 {
				continue
			}
			columns = max(columns, i)
			if uint64(x+1<<11)|uint64(y+1<<11) >= 1<<12 {
				energy |= tooBig
			}
			x, y = x*int64(q[2*i]), y*int64(q[2*i+1])
			w[8*i+v] = x + y<<32
			if energy < tooBig {
				energy += uint64(x*x) + uint64(y*y)
			}
		}
	}
	switch {
	case rows == 0 && columns == 0 && b[1] == 0:
		return 0, energy
	case rows < 4 && columns < 2:
		return 9, energy
	}
	return [4]int{13, 13, 26, 63}[columns], energy
}

// tooBig is what blocks are given as energy that have a coefficient of more
// than 12 bits, so that no sum of squares overflows.
const tooBig = 1 << 62
