package jpeg

import (
	"bytes"
	"encoding/binary"
)

// blockSkipper finds the ends of the blocks of one component in a sequential
// scan.
type blockSkipper struct {
	dc, ac *huffman
	start  *skipStart
	skip   *skipAC
}

// skipperCache keeps the tables of the last files, which most often have the
// same codes as the next.
type skipperCache struct {
	kept [4]*blockSkipper
	next int
}

// get returns a skipper for a component of a scan.
func (c *skipperCache) get(sc scanComp) *blockSkipper {
	for _, s := range c.kept {
		if s != nil && s.dc.equal(sc.dc) && s.ac.equal(sc.ac) {
			return s
		}
	}
	// The tables' symbols are part of a file that is not to be held on to.
	dc, ac := *sc.dc, *sc.ac
	dc.symbols, ac.symbols = bytes.Clone(dc.symbols), bytes.Clone(ac.symbols)
	s := &blockSkipper{&dc, &ac, startTable(&dc, &ac), ac.skipTable()}
	c.kept[c.next] = s
	c.next = (c.next + 1) % len(c.kept)
	return s
}

// mark is what is kept of a block: where it ends, and its DC symbol.
type mark struct {
	end    int // position in bits
	diff   int32
	dcBits int32
}

// maxBlocks is the most blocks in an MCU (T.81, B.2.3).
const maxBlocks = 10

// skipMCU reads the blocks of an MCU, one for each of plan, and marks them. It
// reports false if the bits are no such blocks.
//
// This is where the time goes. The reader's fields live in registers from the
// first block to the last; a refill leaves 56 bits or more, enough for two
// look-ups.
func skipMCU(r *bitReader, plan []*blockSkipper, marks *[maxBlocks]mark) bool {
	b, p, bits, n := r.b, r.p, r.bits, r.n
	pos := p*8 - int(n)
	for i, s := range plan {
		bits |= binary.BigEndian.Uint64(b[p:]) >> (n & 63)
		p += int((63 - n) >> 3)
		n |= 56
		first := s.start[bits>>(64-skipBits)]
		bits <<= first & 63
		n -= uint(first & 63)
		k := first.k()
		for k < 64 {
			e := uint(s.skip[bits>>(64-skipBits)])
			bits <<= e & 63
			n -= e & 63
			if k += e >> 6; k >= 64 {
				break
			}
			bits |= binary.BigEndian.Uint64(b[p:]) >> (n & 63)
			p += int((63 - n) >> 3)
			n |= 56
			e = uint(s.skip[bits>>(64-skipBits)])
			bits <<= e & 63
			n -= e & 63
			k += e >> 6
		}
		m := &marks[i%maxBlocks]
		m.diff, m.dcBits = first.diff(), first.dcBits()
		if k != 64 && k-eob-1 >= 63 {
			r.p, r.bits, r.n = p, bits, n
			if !s.finish(r, pos, int(k), m) {
				return false
			}
			p, bits, n = r.p, r.bits, r.n
		}
		pos = p*8 - int(n)
		m.end = pos
	}
	r.p, r.bits, r.n = p, bits, n
	return true
}

// finish reads on where the tables end: behind coefficient k-slow, whose code
// is too long for them, or again from the block's start.
func (s *blockSkipper) finish(r *bitReader, start, k int, m *mark) bool {
	if k > slow {
		return s.from(r, k-slow)
	}
	*r = readerAt(r.b, start)
	var ok bool
	m.diff, m.dcBits, ok = s.dc.dcDiff(r)
	return ok && s.from(r, 1)
}

// from reads a block's AC symbols from coefficient k on, whose code may be too
// long for the table; what follows it most often is not.
func (s *blockSkipper) from(r *bitReader, k int) bool {
	for k < 64 {
		r.refill()
		code, extra, a, ok := s.ac.acSymbol(r.bits)
		if !ok {
			return false
		}
		r.skip(code + extra)
		if a == eob {
			return true
		}
		if k += a; k >= 64 {
			break
		}
		e := uint(s.skip[r.bits>>(64-skipBits)])
		switch next := k + int(e>>6); {
		case next < 64:
			r.skip(e & 63)
			k = next
		case next == 64 || next > eob && next < eob+64:
			r.skip(e & 63)
			return true
		}
	}
	return k == 64
}

// dcDiff reads the DC symbol of a block: the difference, and the bits it took.
func (h *huffman) dcDiff(r *bitReader) (diff, used int32, ok bool) {
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
	return diff, int32(l) + int32(cat), true
}
