package jpeg

import "encoding/binary"

// slot is where a coefficient belongs and what it is multiplied by.
type slot struct {
	q     uint16
	word  uint8 // of words
	shift uint8 // of its lane
}

// slots are by zigzag order. Behind the last coefficient they repeat, so that
// a run beyond the end of a block has somewhere to go before it is found.
type slots [128]slot

func newSlots(q *quant) *slots {
	t := new(slots)
	for k := range t {
		v, u := zigzag[k&63]>>3, zigzag[k&63]&7
		t[k] = slot{q.q[k&63], u>>1*8 + v, u & 1 * 32}
	}
	return t
}

// blockReader reads the blocks of one component from a sequential scan, each
// dequantised for the inverse DCT.
type blockReader struct {
	dc, ac coder
	slots  *slots
	pred   int32 // DC of the last block: an int16, where libjpeg too wraps
}

// tooBig is what blocks are given as energy that have a coefficient of more
// than 12 bits, so that no sum of squares overflows.
const tooBig = 1 << 62

// read reads a block into w, which is zero before. It returns the place of the
// last coefficient in zigzag order that may not be 0, and the sum of squares of
// all, or reports false if the bits are no block.
//
// This is where the time goes. The reader's fields live in registers; a refill
// leaves 56 bits or more, which do for the look-ups up to the next one.
func (d *blockReader) read(r *bitReader, w *words) (last int, energy uint64, ok bool) {
	b, p, bits, n := r.b, r.p, r.bits, r.n
	bits |= binary.BigEndian.Uint64(b[p:]) >> (n & 63)
	p += int((63 - n) >> 3)
	n |= 56
	e := d.dc.table[bits>>(64-lookBits)]
	diff := int32(e) >> 16
	if e&63 == 0 {
		r.p, r.bits, r.n = p, bits, n
		if diff, _, ok = d.dc.h.dcDiff(r); !ok {
			return 0, 0, false
		}
		p, bits, n = r.p, r.bits, r.n
	}
	bits <<= e & 63
	n -= uint(e & 63)
	d.pred = int32(int16(d.pred + diff))
	x := int64(d.pred) * int64(d.slots[0].q)
	w[0] = x
	energy = uint64(x * x)
	if uint32(d.pred+1<<11) >= 1<<12 {
		energy = tooBig
	}
	ac, at := d.ac.table, d.slots
	k := uint(0)
	for {
		bits |= binary.BigEndian.Uint64(b[p:]) >> (n & 63)
		p += int((63 - n) >> 3)
		n |= 56
		e = ac[bits>>(64-lookBits)]
		if int32(e)>>16 != 0 {
			bits <<= e & 63
			n -= uint(e & 63)
			k += uint(e >> 6 & 31)
			c := &at[k&127]
			x := int64(int32(e)>>16) * int64(c.q)
			energy += uint64(x * x)
			w[c.word&31] += x << (c.shift & 63)
			if k >= 63 {
				break
			}
			e = ac[bits>>(64-lookBits)]
			if int32(e)>>16 != 0 {
				bits <<= e & 63
				n -= uint(e & 63)
				k += uint(e >> 6 & 31)
				c := &at[k&127]
				x := int64(int32(e)>>16) * int64(c.q)
				energy += uint64(x * x)
				w[c.word&31] += x << (c.shift & 63)
				if k >= 63 {
					break
				}
				continue
			}
			bits |= binary.BigEndian.Uint64(b[p:]) >> (n & 63)
			p += int((63 - n) >> 3)
			n |= 56
		}
		// A symbol without a value, or one that the table has no room for.
		sym, code := uint8(e>>8), uint(e&63)
		if code == 0 {
			if sym, code = d.ac.h.decode(bits); code == 0 {
				return 0, 0, false
			}
		}
		bits <<= code & 63
		n -= code
		if sym == 0 {
			break
		}
		size := uint(sym & 15)
		k += uint(sym>>4) + 1
		if size == 0 {
			if sym != 0xf0 || k > 63 {
				return 0, 0, false
			}
			if k == 63 {
				break
			}
			continue
		}
		v := int64(extend(uint32(bits>>(64-size)), size))
		bits <<= size
		n -= size
		c := &at[k&127]
		x := v * int64(c.q)
		if energy += uint64(x * x); size > 11 {
			energy = tooBig
		}
		w[c.word&31] += x << (c.shift & 63)
		if k >= 63 {
			break
		}
	}
	r.p, r.bits, r.n = p, bits, n
	return int(k), energy, k <= 63
}
