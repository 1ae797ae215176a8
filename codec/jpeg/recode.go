package jpeg

// WriteOptions says how coefficients become a file.
type WriteOptions struct {
	// Optimize computes Huffman tables for the picture.
	Optimize bool
	// Segments are APPn and COM segments, written in this order behind SOI.
	Segments []Segment
}

// Append appends c to dst as a sequential JPEG of one scan: baseline, or
// extended (SOF1) where a quantisation table has entries above 255. The blocks
// beyond the edge of the picture are written as they are, but a single
// component is written with sampling factors of 1 and without them.
//
// If nothing in o.Segments makes Parse find c.Color, a JFIF or Adobe segment
// that does is added before them; one that contradicts it is an error. A
// coefficient that baseline coding has no code for is an *UnsupportedError. On
// an error dst is returned as it was.
func (c *Coefficients) Append(dst []byte, o WriteOptions) ([]byte, error) {
	q := &sequential{width: c.Width, height: c.Height, color: c.Color, segments: o.Segments}
	for i := range c.Components {
		p := &c.Components[i]
		q.comps = append(q.comps, Component{ID: p.ID, H: p.H, V: p.V})
	}
	if err := q.check(); err != nil {
		return dst, err
	}
	if err := c.checkBlocks(); err != nil {
		return dst, err
	}
	q.alone()
	q.chooseTables()
	for i := range c.Components {
		q.comps[i].tq = q.addQuant(&c.Components[i].Quant)
	}
	return q.append(dst, &coefficientSource{q, c.Components}, o.Optimize)
}

// addQuant returns the number of a quantisation table that stands row by row.
func (q *sequential) addQuant(rows *[64]uint16) uint8 {
	t := new(quant)
	for k, i := range zigzag {
		t.q[k] = rows[i]
		t.wide = t.wide || rows[i] > 255
	}
	for i, other := range q.quants {
		if *other == *t {
			return uint8(i)
		}
	}
	q.quants = append(q.quants, t)
	return uint8(len(q.quants) - 1)
}

// coefficientSource takes blocks from where they are.
type coefficientSource struct {
	q      *sequential
	planes []CoefficientPlane
}

func (s *coefficientSource) mcus(to *strip, my, from, end int) {
	i := 0
	for mx := from; mx < end; mx++ {
		for c := range s.planes {
			p := &s.planes[c]
			h, v := s.q.comps[c].H, s.q.comps[c].V
			for y := my * v; y < (my+1)*v; y++ {
				for x := mx * h; x < (mx+1)*h; x++ {
					to.blocks[i].setBlock(&p.Blocks[y*p.Columns+x])
					to.nonzero[i] = to.blocks[i].nonzero()
					i++
				}
			}
		}
	}
}
