package jpeg

import "math/bits"

// samples transforms the coefficients that were read to planes of size by size
// samples a block: 8, 4, 2 or 1. The planes are as wide as the columns of blocks.
func (r *coefficientReader) samples(p *Planes, size int) {
	for i := range p.Planes {
		q := r.f.Components[i].quant
		if q == nil { // no scan of it
			q = new(quant)
		}
		r.out.Components[i].transform(&p.Planes[i], newInverse(q, size), r.bands[i].seen)
	}
}

// transform makes samples of all blocks. For each, seen has the AC coefficients
// that may not be 0, by zigzag order; nil: any.
func (c *CoefficientPlane) transform(to *Plane, t *inverse, seen []uint64) {
	area := t.size * t.size
	coefs, last := make([]int16, c.Columns*area), make([]uint8, c.Columns)
	for y := range c.Rows {
		for x := range c.Columns {
			n := y*c.Columns + x
			c.Blocks[n].lowest(coefs[x*area:], t.size)
			last[x] = 63
			if seen != nil {
				last[x] = uint8(63 - bits.LeadingZeros64(seen[n]|1))
			}
		}
		t.row(coefs, last, to.Pix[y*t.size*to.Stride:], to.Stride)
	}
}

// lowest copies the coefficients of the first size rows and columns.
func (b *Block) lowest(to []int16, size int) {
	if size == 8 {
		copy(to, b[:])
		return
	}
	for v := range size {
		copy(to[v*size:], b[8*v:][:size])
	}
}
