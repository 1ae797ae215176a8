package ops

import (
	"encoding/binary"
	"math/bits"
)

// turnBytes turns w x h pixels of one byte: eight at a time where only their order changes, and 8x8 at a time, as eight
// words, where rows become columns.
func turnBytes(dst, src plane, w, h int, t turn) {
	if !t.swap {
		for y := range h {
			v := y
			if t.flipY {
				v = h - 1 - y
			}
			to, from := dst.pix[y*dst.stride:][:w], src.pix[v*src.stride:][:w]
			if t.flipX {
				reverse(to, from)
			} else {
				copy(to, from)
			}
		}
		return
	}
	for v0 := 0; v0 < h&^7; v0 += tile {
		for u0 := 0; u0 < w&^7; u0 += tile {
			for u := u0; u < min(u0+tile, w&^7); u += 8 {
				for v := v0; v < min(v0+tile, h&^7); v += 8 {
					turnBlock(dst, src, w, h, u, v, t)
				}
			}
		}
	}
	for v := range h { // what is right of the blocks, and below
		from := w &^ 7
		if v >= h&^7 {
			from = 0
		}
		for u := from; u < w; u++ {
			x, y := t.goes(u, v, w, h)
			dst.pix[y*dst.stride+x] = src.pix[v*src.stride+u]
		}
	}
}

// goes tells where pixel u,v of w x h goes to in a turn that swaps.
func (t turn) goes(u, v, w, h int) (x, y int) {
	if t.flipX {
		u = w - 1 - u
	}
	if t.flipY {
		v = h - 1 - v
	}
	return v, u
}

// turnBlock turns the 8x8 pixels at u,v of the source: its rows are read in the order in which the columns of the result
// stand, transposed, and written in the order of the rows of the result.
//
// A row is a word, its first byte the lowest. To transpose, the 4x4 right above is swapped with the 4x4 left below, then so
// the 2x2 within each 4x4, and the bytes within each 2x2.
func turnBlock(dst, src plane, w, h, u, v int, t turn) {
	at, step := v*src.stride+u, src.stride
	if t.flipY {
		at, step = at+7*step, -step
	}
	a, b, c, d := load8(src.pix, at), load8(src.pix, at+step), load8(src.pix, at+2*step), load8(src.pix, at+3*step)
	at += 4 * step
	e, f, g, i := load8(src.pix, at), load8(src.pix, at+step), load8(src.pix, at+2*step), load8(src.pix, at+3*step)

	const fours, twos, ones = 0x00000000ffffffff, 0x0000ffff0000ffff, 0x00ff00ff00ff00ff
	a, e = a&fours|e<<32, a>>32|e&^fours
	b, f = b&fours|f<<32, b>>32|f&^fours
	c, g = c&fours|g<<32, c>>32|g&^fours
	d, i = d&fours|i<<32, d>>32|i&^fours

	a, c = a&twos|c<<16&^twos, a>>16&twos|c&^twos
	b, d = b&twos|d<<16&^twos, b>>16&twos|d&^twos
	e, g = e&twos|g<<16&^twos, e>>16&twos|g&^twos
	f, i = f&twos|i<<16&^twos, f>>16&twos|i&^twos

	a, b = a&ones|b<<8&^ones, a>>8&ones|b&^ones
	c, d = c&ones|d<<8&^ones, c>>8&ones|d&^ones
	e, f = e&ones|f<<8&^ones, e>>8&ones|f&^ones
	g, i = g&ones|i<<8&^ones, g>>8&ones|i&^ones

	x, y := t.goes(u, v, w, h)
	if t.flipY {
		x -= 7
	}
	at, step = y*dst.stride+x, dst.stride
	if t.flipX {
		step = -step
	}
	store8(dst.pix, at, a)
	store8(dst.pix, at+step, b)
	store8(dst.pix, at+2*step, c)
	store8(dst.pix, at+3*step, d)
	at += 4 * step
	store8(dst.pix, at, e)
	store8(dst.pix, at+step, f)
	store8(dst.pix, at+2*step, g)
	store8(dst.pix, at+3*step, i)
}

func load8(pix []byte, at int) uint64 { return binary.LittleEndian.Uint64(pix[at:]) }

func store8(pix []byte, at int, v uint64) { binary.LittleEndian.PutUint64(pix[at:], v) }

// reverse fills dst with the bytes of src, of the same length, from the last to the first.
func reverse(dst, src []byte) {
	n := len(src)
	i := 0
	for ; i+8 <= n; i += 8 {
		binary.LittleEndian.PutUint64(dst[i:], bits.ReverseBytes64(binary.LittleEndian.Uint64(src[n-8-i:])))
	}
	for ; i < n; i++ {
		dst[i] = src[n-1-i]
	}
}
