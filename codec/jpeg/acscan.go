package jpeg

import (
	"encoding/binary"
	"math/bits"
)

// readAC reads an AC scan of luma to its end, to see that it is sound, and
// notes which coefficients are not 0 behind it.
func (p *progressive) readAC(s *scan, in *entropy) error {
	luma := &p.f.Components[0]
	if p.seen == nil {
		p.seen = p.mem.clearSeen(luma.blocksX * luma.blocksY)
	}
	t := &p.mem.band
	t.init(s)
	walk := p.f.newWalk(in, s)
	for seen := p.seen; len(seen) > 0; {
		if _, err := walk.mcu(); err != nil {
			return err
		}
		n := len(seen)
		if s.restart > 0 {
			n = min(n, s.restart)
		}
		if !t.blocks(&walk.r, seen[:n]) {
			return walk.damaged()
		}
		seen = seen[n:]
		walk.left = 0
	}
	err := walk.end()
	p.extra = walk.extra
	return err
}

// clearSeen returns the memory for n blocks, none of which has a coefficient.
func (m *Scratch) clearSeen(n int) []uint64 {
	if cap(m.seen) < n {
		m.seen = make([]uint64, n)
	}
	m.seen = m.seen[:n]
	clear(m.seen)
	return m.seen
}

// blocks reads the blocks of a restart segment. It reports false if the bits
// are no such blocks.
//
// A first scan is read like one that corrects, but has nothing to correct. A
// run of end-of-blocks is jumped over: all that it covers are correcting bits,
// as many as its blocks have coefficients that are not 0.
func (t *bandSkipper) blocks(r *bitReader, seen []uint64) bool {
	limit, band := len(r.b)-slack+8, uint64(0)
	if t.refines {
		band = 2<<t.se - 1<<t.ss
	}
	b, p, acc, n := r.b, r.p, r.bits, r.n
	for i := 0; i < len(seen); i++ {
		if p > limit {
			return false
		}
		was, k, now, end := seen[i]&band, t.ss, uint64(0), uint(0)
		p, acc, n, k, now, end = t.symbols(b, p, acc, n, was, k)
		seen[i] |= now
		for end == unsure {
			*r = bitReader{b, p, acc, n}
			k, now, end = t.step(r, was, k)
			p, acc, n = r.p, r.bits, r.n
			seen[i] |= now
			if end == unsure {
				p, acc, n, k, now, end = t.symbols(b, p, acc, n, was, k)
				seen[i] |= now
			}
		}
		if end >= full {
			if end == full {
				continue
			}
			return false
		}
		more := int(1<<(end&15) + acc>>1>>((63-end)&63) - 1) // blocks behind this one
		acc <<= end & 63
		n -= end
		corrections := uint(bits.OnesCount64(was >> (k & 63)))
		if more > 0 {
			more = min(more, len(seen)-i-1)
			if t.refines {
				for _, was := range seen[i+1 : i+1+more] {
					corrections += uint(bits.OnesCount64(was & band))
				}
			}
			i += more
		}
		if corrections <= n {
			acc <<= corrections
			n -= corrections
			continue
		}
		pos := p*8 - int(n) + int(corrections)
		if pos>>3 > limit {
			return false
		}
		at := readerAt(b, pos)
		p, acc, n = at.p, at.bits, at.n
	}
	r.p, r.bits, r.n = p, acc, n
	return true
}

// How a block ends: with an end-of-block run of a category below full, with
// its last coefficient, or in a way that is no block. The tables may be unsure.
const (
	full   = 16
	broken = 17
	unsure = 18
)

// symbols reads on in a block at coefficient k, as far as the tables go, and
// returns the reader's new state, the next coefficient, which are now found not
// to be 0, and how the block ends. In was are the coefficients to correct.
//
// This is where the time goes. It calls nothing, so that all it handles stays
// in registers.
func (t *bandSkipper) symbols(b []byte, p int, acc uint64, n uint, was uint64, k uint) (_ int, _ uint64, _, _ uint, now uint64, end uint) {
	for k <= t.se {
		acc |= binary.BigEndian.Uint64(b[p:p+8]) >> (n & 63)
		p += int((63 - n) >> 3)
		n |= 56
		rest := was >> (k & 63)
		if rest == 0 {
			e := t.many[acc>>(64-manyBits)]
			next := k + e.advance()
			if next <= t.se+1 {
				acc <<= e & 63
				n -= e.used()
				now |= e.mask() << (k & 63)
				k = next
				continue
			}
			if next-eob <= t.se {
				now |= e.mask() << (k & 63)
				return p, acc << (e & 63), n - e.used(), next - eob, now, e.category()
			}
		}
		ones := passed[rest%(1<<passedBits)]
		e := t.one[acc>>(64-oneBits)]
		c := uint(ones >> (e >> 6 & 63) & 15)
		next := k + c + e.run() + 1
		if c == none || next > t.se+1 {
			if e&oneEOB != 0 {
				return p, acc << (e & 63), n - e.used(), k, now, e.category()
			}
			return p, acc, n, k, now, unsure
		}
		acc = acc << (e & 63) << (c & 63)
		n -= e.used() + c
		k = next
		now |= e.coeff() << ((k - 1) & 63)
	}
	return p, acc, n, k, now, full
}

// step reads one symbol without the tables.
func (t *bandSkipper) step(r *bitReader, was uint64, k uint) (next uint, now uint64, end uint) {
	r.refill()
	e := t.symbol(r.bits)
	if e == 0 {
		return k, 0, broken
	}
	r.skip(e.used())
	if e&oneEOB != 0 {
		return k, 0, e.category()
	}
	c := pass(was>>k, e.run())
	*r = readerAt(r.b, r.pos()+int(c))
	next = k + c + e.run() + 1
	switch {
	case next <= t.se:
		return next, e.coeff() << (next - 1), unsure
	case next > t.se+1 && (e&oneCoeff != 0 || !t.refines):
		return k, 0, broken
	}
	return next, e.coeff() << (next - 1), full
}
