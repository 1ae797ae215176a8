package jpeg

import "encoding/binary"

// blockSkipper finds the ends of the blocks of one component in a sequential
// scan.
type blockSkipper struct {
	dc, ac *huffman
	start  *skipStart
	skip   *skipAC
}

func newBlockSkipper(c scanComp) *blockSkipper {
	return &blockSkipper{c.dc, c.ac, startTable(c.dc, c.ac), c.ac.skipTable()}
}

// block reads one block. Of interest are only its DC difference and the bits
// that its DC symbol takes. It reports false if the bits are no block.
//
// A refill leaves 56 bits or more, enough for two look-ups.
func (s *blockSkipper) block(r *bitReader) (diff int32, dcBits int, ok bool) {
	b, p, bits, n := r.b, r.p, r.bits, r.n
	skip := s.skip

	bits |= binary.BigEndian.Uint64(b[p:]) >> (n & 63)
	p += int((63 - n) >> 3)
	n |= 56
	first := s.start[bits>>(64-skipBits)]
	if first == 0 {
		return s.slowBlock(r)
	}
	bits <<= first & 63
	n -= uint(first & 63)
	k := first.k()
	for k < 64 {
		e := uint(skip[bits>>(64-skipBits)])
		bits <<= e & 63
		n -= e & 63
		k += e >> 6
		if k >= 64 {
			break
		}
		bits |= binary.BigEndian.Uint64(b[p:]) >> (n & 63)
		p += int((63 - n) >> 3)
		n |= 56
		e = uint(skip[bits>>(64-skipBits)])
		bits <<= e & 63
		n -= e & 63
		k += e >> 6
	}
	if k == 64 || k > eob && k < eob+64 {
		r.p, r.bits, r.n = p, bits, n
		return first.diff(), first.dcBits(), true
	}
	return s.slowBlock(r)
}

// slowBlock reads a block symbol by symbol.
func (s *blockSkipper) slowBlock(r *bitReader) (diff int32, dcBits int, ok bool) {
	diff, dcBits, ok = s.dc.dcDiff(r)
	for k := 1; ok && k < 64; {
		r.refill()
		code, extra, a, ok := s.ac.acSymbol(r.bits)
		if !ok {
			return 0, 0, false
		}
		r.skip(code + extra)
		if a == eob {
			break
		}
		if k += a; k > 64 {
			return 0, 0, false
		}
	}
	return diff, dcBits, ok
}

// dcDiff reads the DC symbol of a block.
func (h *huffman) dcDiff(r *bitReader) (diff int32, used int, ok bool) {
	r.refill()
	cat, l := h.decode(r.bits)
	if l == 0 {
		return 0, 0, false
	}
	r.skip(l)
	if cat > 0 {
		diff = extend(uint32(r.bits>>(64-cat)), uint(cat))
		r.skip(uint(cat))
	}
	return diff, int(l) + int(cat), true
}
