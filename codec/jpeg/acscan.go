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
// A first scan is read like one that corrects, but has nothing to correct. In
// rest are the coefficients not yet passed that have a correcting bit,
// relative to k. A run of end-of-blocks is jumped over: all that it covers are
// correcting bits, as many as its blocks have coefficients that are not 0.
//
// As in skipMCU, the reader's fields live in registers.
func (t *bandSkipper) blocks(r *bitReader, seen []uint64) bool {
	b, p, acc, n := r.b, r.p, r.bits, r.n
	limit := len(b) - slack + 8
	end, band := t.se+1, uint64(0)
	if t.refines {
		band = 2<<t.se - 1<<t.ss
	}
	for i := 0; i < len(seen); i++ {
		if p > limit {
			return false
		}
		now := seen[i]
		rest := now & band >> (t.ss & 63)
		k, category, ended := t.ss, uint(0), false
		for k < end {
			acc |= binary.BigEndian.Uint64(b[p:]) >> (n & 63)
			p += int((63 - n) >> 3)
			n |= 56
			if rest == 0 {
				e := t.many[acc>>(64-manyBits)]
				next := k + e.advance()
				if next <= end || next-eob < end {
					acc <<= e & 63
					n -= e.used()
					now |= e.mask() << (k & 63)
					k = next
					if next <= end {
						continue
					}
					category, ended = e.category(), true
					break
				}
			}
			e := t.one[acc>>(64-oneBits)]
			if e == 0 {
				if e = t.symbol(acc); e == 0 {
					return false
				}
			}
			acc <<= e & 63
			n -= e.used()
			if e&oneEOB != 0 {
				category, ended = e.category(), true
				break
			}
			run := e.run()
			a := uint(nthZero[e&oneRun|oneEntry(uint8(rest))])
			if a != 0 {
				acc <<= (a - 1 - run) & 63
				n -= a - 1 - run
			} else {
				a = pass(rest, run)
				at := readerAt(b, p*8-int(n)+int(a-1-run))
				p, acc, n = at.p, at.bits, at.n
			}
			k += a
			rest >>= a
			if k > end && (e&oneCoeff != 0 || !t.refines) {
				return false
			}
			now |= e.coeff() << ((k - 1) & 63)
		}
		seen[i] = now
		if !ended {
			continue
		}
		more := int(1<<category + acc>>1>>(63-category) - 1) // blocks behind this one
		acc <<= category
		n -= category
		corrections := uint(bits.OnesCount64(rest))
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
