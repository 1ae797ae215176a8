package jpeg

import "github.com/imgpar/imgpar/internal/simd"

// inverse makes samples of the blocks of one component, size by size for each
// block: 8, or 4, 2 or 1 for a smaller picture. Those are the transforms of as
// many points, of the lowest coefficients, so that what is dropped is what the
// smaller picture cannot show, and its samples lie where the averages of the
// larger one's would.
//
// All coefficients are defined, also those that only damaged or hostile files
// have: their products with the quantisation table wrap at 16 bits, as in
// libjpeg-turbo. For size 8 idctAny says what follows, for 4 any4, for 2 and 1
// row2 and row1. The vector kernels and the Go code give the same bits.
type inverse struct {
	size  int
	quant [64]uint16  // of the size*size lowest coefficients, row by row
	wide  [64]int64   // the same, for size 8
	lanes [128]uint16 // the same for vectors: 8 values twice, the next 8 twice, and so on, over again from the start
}

// newInverse returns the transform to size by size samples: 8, 4, 2 or 1.
func newInverse(q *quant, size int) *inverse {
	t := &inverse{size: size}
	for k, at := range zigzag {
		if v, u := int(at)/8, int(at)%8; v < size && u < size {
			t.quant[v*size+u] = q.q[k]
		}
	}
	for i, v := range t.quant {
		t.wide[i] = int64(v)
	}
	for i := range t.lanes {
		t.lanes[i] = t.quant[(i/16*8+i%8)%(size*size)]
	}
	return t
}

// row makes samples of n = len(last) blocks that lie side by side. Coefs holds
// size*size quantised coefficients of each, those of the lowest frequencies,
// row by row: for size 8 a Block. The coefficients of a block behind place
// last, 0 to 63, in the zigzag order of all 64, are 0; last may be too high.
// dst gets size rows of n*size samples, stride apart. Coefs is cleared.
func (t *inverse) row(coefs []int16, last []uint8, dst []byte, stride int) {
	n, area := len(last), t.size*t.size
	if n == 0 {
		return
	}
	coefs = coefs[:n*area]
	dst = dst[:(t.size-1)*stride+n*t.size]
	if simd.AVX2() {
		done := t.vector(coefs, last, dst, stride)
		if done == n {
			return
		}
		coefs, last, dst = coefs[done*area:], last[done:], dst[done*t.size:]
	}
	t.plain(coefs, last, dst, stride)
}

// plain is row without vectors.
func (t *inverse) plain(coefs []int16, last []uint8, dst []byte, stride int) {
	switch t.size {
	case 8:
		for i, k := range last {
			t.block8((*[64]int16)(coefs[64*i:]), k, dst[8*i:], stride)
		}
	case 4:
		for i, k := range last {
			t.block4((*[16]int16)(coefs[16*i:]), k, dst[4*i:], stride)
		}
	case 2:
		t.row2(coefs, dst, stride)
	case 1:
		t.row1(coefs, dst)
	}
	clear(coefs)
}

// inverseCache keeps what was made of the last quantisation tables.
type inverseCache struct {
	kept [8]struct {
		q quant
		t *inverse
	}
	next int
}

func (c *inverseCache) get(q *quant, size int) *inverse {
	for i := range c.kept {
		if k := &c.kept[i]; k.t != nil && k.t.size == size && k.q.q == q.q {
			return k.t
		}
	}
	k := &c.kept[c.next]
	k.q, k.t = *q, newInverse(q, size)
	c.next = (c.next + 1) % len(c.kept)
	return k.t
}
