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
	defer func() { t.h = nil }() // part of a file that is not to be held on to
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
		walk.left = 0 // all of the segment is read: mcu goes to the next
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
// A run of end-of-blocks is jumped over: all that it covers are correcting
// bits, as many as its blocks have coefficients that are not 0. A first scan
// has nothing to correct.
func (t *bandSkipper) blocks(r *bitReader, seen []uint64) bool {
	band := uint64(0)
	if t.refines {
		band = 2<<t.se - 1<<t.ss
	}
	for i := 0; i < len(seen); {
		was, k := seen[i]&band, t.ss
		if was == 0 {
			if i, k = t.bare(r, seen, i, band); i >= len(seen) {
				break
			}
			if k == t.ss {
				was = seen[i] & band
			}
		}
		if r.p > len(r.b)-slack+8 {
			return false
		}
		k, now, end := t.block(r, was, k)
		seen[i] |= now
		i++
		if end >= full {
			if end == broken {
				return false
			}
			continue
		}
		more := min(r.eobRun(int(end))-1, len(seen)-i) // blocks behind this one
		corrections := bits.OnesCount64(was >> (k & 63))
		if more > 0 && t.refines {
			for _, other := range seen[i : i+more] {
				corrections += bits.OnesCount64(other & band)
			}
		}
		i += more
		if corrections <= int(r.n) {
			r.skip(uint(corrections))
		} else if !r.jump(corrections) {
			return false
		}
	}
	return true
}

// eobRun reads the number of blocks that a run of end-of-blocks covers.
func (r *bitReader) eobRun(category int) int {
	n := 1<<category + int(r.bits>>1>>(63-category))
	r.skip(uint(category))
	return n
}

// jump skips n bits. It reports false if the data has not so many.
func (r *bitReader) jump(n int) bool {
	pos := r.pos() + n
	if pos>>3 > len(r.b)-slack+8 {
		return false
	}
	*r = readerAt(r.b, pos)
	return true
}

// bare reads blocks from the i-th on as long as they have nothing to correct
// and the tables suffice. It returns the block and the coefficient to read on
// at; those before are done.
//
// Where a block ends cannot be foreseen, so it decides no branch. That is why
// i, k and what else depends on it are computed by masks.
func (t *bandSkipper) bare(r *bitReader, seen []uint64, i int, band uint64) (block int, k uint) {
	b, p, acc, n := r.b, r.p, r.bits, r.n
	limit, first, end := len(b)-slack+8, t.ss, t.se+1
	stop := manyEntry(0) // runs of end-of-blocks, if they have correcting bits
	if t.refines {
		stop = 15 << 15
	}
	k = first
	// What there is to correct is looked at where a block begins: within one
	// was is 0.
	for was := band; i < len(seen) && seen[i]&was == 0 && p <= limit; {
		acc |= binary.BigEndian.Uint64(b[p:p+8]) >> (n & 63)
		p += int((63 - n) >> 3)
		n |= 56
		e := t.many[acc>>(64-manyBits)]
		next, ends := k+e.advance()%eob, e.ends()
		if next+ends > end || e&stop != 0 || e.used() == 0 {
			// Symbols of the next block, most often: take one at a time.
			o := t.one[acc>>(64-oneBits)]
			next, ends = k+o.run()+1, 0
			if o.code() == 0 || o&oneEOB != 0 || next > end {
				break
			}
			e = manyEntry(o.used()) | manyEntry(o.coeff())<<(19+o.run())
		}
		seen[i] |= e.mask() << (k & 63)
		acc <<= e & 63
		ends |= uint((uint64(next^end) - 1) >> 63) // the block may be full
		run := 1<<e.category() + acc>>1>>((63-e.category())&63)
		acc <<= e.category()
		n -= e.used() + e.category()
		i += int(run) & -int(ends)
		k = next ^ (next^first)&-ends
		was = band & -uint64(ends)
	}
	r.p, r.bits, r.n = p, acc, n
	return i, k
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
		c := uint(ones >> (e & 63) & 15)
		next := (k + e.run() + 1) + c
		if c == none || next > t.se+1 {
			if e&oneEOB != 0 {
				return p, acc << e.used(), n - e.used(), k, now, e.category()
			}
			return p, acc, n, k, now, unsure
		}
		acc <<= e.used()
		acc <<= c & 63
		n -= e.used()
		n -= c
		k = next
		now |= e.coeff() << ((k - 1) & 63)
	}
	return p, acc, n, k, now, full
}

// block reads on in a block at coefficient k.
func (t *bandSkipper) block(r *bitReader, was uint64, k uint) (next uint, now uint64, end uint) {
	r.p, r.bits, r.n, next, now, end = t.symbols(r.b, r.p, r.bits, r.n, was, k)
	for end == unsure {
		var more uint64
		if next, more, end = t.step(r, was, next); end == unsure {
			now |= more
			r.p, r.bits, r.n, next, more, end = t.symbols(r.b, r.p, r.bits, r.n, was, next)
		}
		now |= more
	}
	return next, now, end
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
	case next > t.se+1:
		return k, 0, broken
	}
	return next, e.coeff() << (next - 1), full
}
