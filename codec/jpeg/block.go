package jpeg

import "encoding/binary"

// lowest is where the coefficients of the lowest frequencies of a block go, by
// their place in zigzag order: coefficient u, v of size x size that are wanted
// to v*size+u, all others to size*size, which is the start of the next block.
// A look-up may reach 64 places beyond the last coefficient.
type lowest struct {
	size  int
	limit uint // the last place that is wanted
	to    [64 + nowhere]uint8
}

// lowests are by size.
var lowests = [9]*lowest{1: newLowest(1), 2: newLowest(2), 4: newLowest(4), 8: newLowest(8)}

func newLowest(size int) *lowest {
	l := &lowest{size: size}
	for k := range l.to {
		l.to[k] = uint8(size * size)
		if k > 63 {
			continue
		}
		if u, v := int(zigzag[k]&7), int(zigzag[k]>>3); u < size && v < size {
			l.to[k] = uint8(v*size + u)
			l.limit = uint(k)
		}
	}
	return l
}

// blockReader reads the blocks of one component from a sequential scan.
type blockReader struct {
	dc   coder
	ac   pairCoder
	low  *lowest
	pred int32 // DC of the last block: an int16, where libjpeg too wraps
}

// read reads what is wanted of a block into coefs, which are zero before, but
// for the first. It returns the place of the last coefficient in zigzag order
// that it came to, and whether that is the end of the block; if not, r stands in
// the midst of it, and skipRest leads on. ok is false if the bits are no block.
//
// This is where the time goes. The reader's fields live in registers; a refill
// leaves 56 bits or more, which do for the look-ups up to the next one.
func (d *blockReader) read(r *bitReader, coefs []int16) (last uint, ends, ok bool) {
	b, p, bits, n := r.b, r.p, r.bits, r.n
	bits |= binary.BigEndian.Uint64(b[p:]) >> (n & 63)
	p += int((63 - n) >> 3)
	n |= 56
	dc := d.dc.table[bits>>(64-lookBits)]
	diff := int32(dc) >> 16
	if dc&63 == 0 {
		r.p, r.bits, r.n = p, bits, n
		if diff, _, ok = d.dc.h.dcDiff(r); !ok {
			return 0, false, false
		}
		p, bits, n = r.p, r.bits, r.n
	}
	bits <<= dc & 63
	n -= uint(dc & 63)
	d.pred = int32(int16(d.pred + diff))
	coefs[0] = int16(d.pred)

	ac, to, limit := d.ac.pairs, &d.low.to, d.low.limit
	k := uint(0)
	var before uint64
	var e uint64
	for {
		bits |= binary.BigEndian.Uint64(b[p:]) >> (n & 63)
		p += int((63 - n) >> 3)
		n |= 56

		before = bits
		e = ac[bits>>(64-pairBits)]
		bits <<= e & 63
		n -= uint(e & 63)
		coefs[to[(k+uint(e>>8&0xff))&127]] = int16(e >> 32)
		coefs[to[(k+uint(e>>16&0xff))&127]] = int16(e >> 48)
		if k += uint(e >> 24 & 0xff); k < limit {
			before = bits
			e = ac[bits>>(64-pairBits)]
			bits <<= e & 63
			n -= uint(e & 63)
			coefs[to[(k+uint(e>>8&0xff))&127]] = int16(e >> 32)
			coefs[to[(k+uint(e>>16&0xff))&127]] = int16(e >> 48)
			if k += uint(e >> 24 & 0xff); k < limit {
				before = bits
				e = ac[bits>>(64-pairBits)]
				bits <<= e & 63
				n -= uint(e & 63)
				coefs[to[(k+uint(e>>8&0xff))&127]] = int16(e >> 32)
				coefs[to[(k+uint(e>>16&0xff))&127]] = int16(e >> 48)
				if k += uint(e >> 24 & 0xff); k < limit {
					before = bits
					e = ac[bits>>(64-pairBits)]
					bits <<= e & 63
					n -= uint(e & 63)
					coefs[to[(k+uint(e>>8&0xff))&127]] = int16(e >> 32)
					coefs[to[(k+uint(e>>16&0xff))&127]] = int16(e >> 48)
					if k += uint(e >> 24 & 0xff); k < limit {
						continue
					}
				}
			}
		}
		if k-pairEnd < 63 || k == 63 { // an end-of-block, or the last coefficient
			r.p, r.bits, r.n = p, bits, n
			return k & 63, true, true
		}
		// A symbol that the table has no room for, or bits of the next block's.
		if advance := uint(e >> 24 & 0xff); k > 63 {
			k -= advance
			r.p, r.bits, r.n = p, before, n+uint(e&63)
			var v int16
			if v, k, ok = d.ac.symbol(r, k); !ok {
				return 0, false, false
			}
			p, bits, n = r.p, r.bits, r.n
			if k >= pairEnd {
				return k - pairEnd, true, true
			}
			if v != 0 {
				coefs[to[k&63]] = v
			}
			if k == 63 {
				return k, true, true
			}
			if k < limit {
				continue
			}
		}
		r.p, r.bits, r.n = p, bits, n
		return k, false, true
	}
}

// symbol reads a symbol behind coefficient k, and returns its value and k
// behind it, with pairEnd added at the end of the block.
func (c *pairCoder) symbol(r *bitReader, k uint) (v int16, next uint, ok bool) {
	r.refill()
	code, extra, advance, ok := c.h.acSymbol(r.bits)
	if !ok {
		return 0, 0, false
	}
	r.skip(code)
	if advance == eob {
		return 0, k + pairEnd, true
	}
	if extra > 0 {
		v = int16(extend(uint32(r.bits>>(64-extra)), extra))
		r.skip(extra)
	}
	k += uint(advance)
	return v, k, k <= 63
}

// skipRest moves r behind the block that it is in, behind coefficient k. It
// reports false if the bits are none.
func (c *pairCoder) skipRest(r *bitReader, k uint) bool {
	for {
		r.refill()
		e := uint(c.skip[r.bits>>(64-skipBits)])
		next := k + e>>kShift&127
		if e&longCode != 0 || next >= 63 {
			var ok bool
			if _, k, ok = c.symbol(r, k); !ok || k >= 63 {
				return ok
			}
			continue
		}
		r.skip(e >> atShift)
		if e&blockEnd != 0 {
			return true
		}
		k = next
	}
}
