package jpeg

// TEMPORARY
type inverse struct {
	size  int
	quant [64]uint16
}

func newInverse(q *quant, size int) *inverse {
	t := &inverse{size: size}
	for k, v := range q.q {
		t.quant[zigzag[k]] = v
	}
	return t
}

func (t *inverse) row(coefs []int16, last []uint8, dst []byte, stride int) {
	n := t.size
	for i := range last {
		c := coefs[i*n*n:][:n*n]
		if n == 8 {
			var w words
			l, energy := w.load((*Block)(c), &t.quant)
			if energy > maxEnergy {
				idctAny(&w, dst[8*i:], stride)
			} else {
				idct(&w, l, dst[8*i:], stride)
			}
		} else {
			v := clamp((int32(c[0])*int32(t.quant[0])+4)>>3 + 128)
			for y := range n {
				for x := range n {
					dst[y*stride+i*n+x] = v
				}
			}
		}
		clear(c)
	}
}
