package jpeg

import "math/bits"

// Tables for the AC scans of progressive files
//
// As in sequential scans, the values of the coefficients are of no interest.
// Which of them are not 0 is, for each of those has a correcting bit in every
// scan that refines its band, behind the symbol that passes it by.
//
// Where a block has nothing left to correct, an entry of many consumes as many
// whole symbols as have their codes in the next manyBits bits. Elsewhere an
// entry of one consumes a single symbol, and nthZero says how far it goes.
const (
	manyBits = 11
	oneBits  = 9
)

// oneEntry is a symbol. From the lowest bit: 6 bits for its length with the
// additional bits (but not those of an end-of-block run), 2 of nothing, 4 for
// the run, 1 if a coefficient follows the run, 1 for end-of-block, 2 of
// nothing, 4 for the category of its run, 5 for the length of the code alone.
// 0 is no symbol, or one whose code is too long for the table.
type oneEntry uint32

const (
	oneRun   oneEntry = 15 << 8
	oneCoeff oneEntry = 1 << 12
	oneEOB   oneEntry = 1 << 13
)

func (e oneEntry) used() uint     { return uint(e & 63) }
func (e oneEntry) run() uint      { return uint(e >> 8 & 15) }
func (e oneEntry) coeff() uint64  { return uint64(e >> 12 & 1) }
func (e oneEntry) category() uint { return uint(e >> 16 & 15) }
func (e oneEntry) code() uint     { return uint(e >> 20) }

// manyEntry is, from the lowest bit: 6 bits for the bits consumed, 9 for the
// advance, 4 for the category of an end-of-block run, and 45 for the
// coefficients that are not 0, relative to the first. As in skipAC, an
// end-of-block adds eob to the advance and ends the entry, and one whose first
// symbol does not fit advances by slow and consumes nothing.
type manyEntry uint64

const manyReach = 45 // coefficients that an entry can hold

func (e manyEntry) used() uint     { return uint(e & 63) }
func (e manyEntry) advance() uint  { return uint(e >> 6 & 511) }
func (e manyEntry) category() uint { return uint(e >> 15 & 15) }
func (e manyEntry) mask() uint64   { return uint64(e >> 19) }

// bandSkipper finds the ends of the blocks in the AC scan of a band.
type bandSkipper struct {
	h       *huffman
	ss, se  uint
	refines bool
	one     [1 << oneBits]oneEntry
	many    [1 << manyBits]manyEntry
}

func (t *bandSkipper) init(s *scan) {
	t.h, t.ss, t.se, t.refines = s.comps[0].ac, uint(s.ss), uint(s.se), s.ah > 0
	for i := range t.one {
		e := t.symbol(uint64(i) << (64 - oneBits))
		if e.code() > oneBits {
			e = 0
		}
		t.one[i] = e
	}
	for i := range t.many {
		t.many[i] = t.chain(uint64(i) << (64 - manyBits))
	}
}

// symbol reads the symbol at the top of bits; 0 if such a scan has none like it.
func (t *bandSkipper) symbol(bits uint64) oneEntry {
	sym, l := t.h.decode(bits)
	run, size, code := oneEntry(sym>>4), oneEntry(sym&15), oneEntry(l)
	switch {
	case l == 0, t.refines && size > 1:
		return 0
	case size > 0:
		return code + size | run<<8 | oneCoeff | code<<20
	case run < 15:
		return code | oneEOB | run<<16 | code<<20
	}
	return code | run<<8 | code<<20
}

// chain consumes the symbols whose codes lie in the top manyBits bits.
func (t *bandSkipper) chain(bits uint64) manyEntry {
	var used, advance, category uint
	var mask uint64
	for used < manyBits {
		e := t.one[bits>>(64-oneBits)]
		if e == 0 {
			e = t.symbol(bits)
		}
		next := advance + e.run() + 1
		if e == 0 || used+e.code() > manyBits || next > manyReach {
			break
		}
		used += e.used()
		if e&oneEOB != 0 {
			advance, category = advance+eob, e.category()
			break
		}
		bits <<= e.used()
		mask |= e.coeff() << (next - 1)
		advance = next
	}
	if used == 0 {
		advance = slow
	}
	return manyEntry(used) | manyEntry(advance)<<6 | manyEntry(category)<<15 | manyEntry(mask)<<19
}

// nthZero holds how many of the lowest bits of a byte must be taken to have
// run+1 zeros among them, at index run<<8 | byte; 0: the byte has not so many.
var nthZero = func() (t [16 << 8]uint8) {
	for b := range 256 {
		run := 0
		for i := range 8 {
			if b>>i&1 == 0 {
				t[run<<8|b] = uint8(i + 1)
				run++
			}
		}
	}
	return
}()

// pass returns how many coefficients a symbol takes of a block of which those
// in rest are not 0: until it has passed run that are, and one more.
func pass(rest uint64, run uint) uint {
	n := uint(0)
	for {
		b := uint8(rest)
		if a := nthZero[(run<<8|uint(b))&(16<<8-1)]; a != 0 {
			return n + uint(a)
		}
		run -= uint(8 - bits.OnesCount8(b))
		rest >>= 8
		n += 8
	}
}
