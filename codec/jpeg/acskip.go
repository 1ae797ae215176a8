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
// entry of one consumes a single symbol, and passed says how many correcting
// bits follow it.
const (
	manyBits = 10
	oneBits  = 9
)

// oneEntry is a symbol. From the lowest bit: 6 bits for 4 times the run, as
// what to shift an entry of passed by, 6 for the symbol's length with the
// additional bits (but not those of an end-of-block run), 1 if a coefficient
// follows the run, 1 for end-of-block, 2 of nothing, 4 for the category of its
// run, 5 for the length of the code alone. 0 is no symbol. In the table, a code
// that is too long is one whose run, as that of end-of-block, is noRun.
type oneEntry uint32

const (
	oneCoeff oneEntry = 1 << 12
	oneEOB   oneEntry = 1 << 13
	noRun    oneEntry = 15 << 2 // passed has none for it
)

func (e oneEntry) run() uint      { return uint(e >> 2 & 15) }
func (e oneEntry) used() uint     { return uint(e >> 6 & 63) }
func (e oneEntry) coeff() uint64  { return uint64(e >> 12 & 1) }
func (e oneEntry) category() uint { return uint(e >> 16 & 15) }
func (e oneEntry) code() uint     { return uint(e >> 20) }

// manyEntry is, from the lowest bit: 6 bits for the bits consumed, 9 for the
// advance, 4 for the category of an end-of-block run, and 45 for the
// coefficients that are not 0, relative to the first. An end-of-block adds eob
// to the advance and ends the entry; an entry whose first symbol does not fit
// advances by slow and consumes nothing.
type manyEntry uint64

const (
	slow      = 256
	manyReach = 45 // coefficients that an entry can hold
)

func (e manyEntry) used() uint     { return uint(e & 63) }
func (e manyEntry) advance() uint  { return uint(e >> 6 & 511) }
func (e manyEntry) ends() uint     { return uint(e >> 13 & 1) }
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
		if e == 0 || e.code() > oneBits {
			e = noRun
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
		return run<<2 | (code+size)<<6 | oneCoeff | code<<20
	case run < 15:
		return noRun | code<<6 | oneEOB | run<<16 | code<<20
	}
	return run<<2 | code<<6 | code<<20
}

// chain consumes the symbols whose codes lie in the top manyBits bits.
func (t *bandSkipper) chain(bits uint64) manyEntry {
	var used, advance, category uint
	var mask uint64
	for used < manyBits {
		e := t.one[bits>>(64-oneBits)]
		if e.code() == 0 {
			e = t.symbol(bits)
		}
		if e == 0 || used+e.code() > manyBits {
			break
		}
		if e&oneEOB != 0 {
			used, advance, category = used+e.used(), advance+eob, e.category()
			break
		}
		next := advance + e.run() + 1
		if next > manyReach {
			break
		}
		used += e.used()
		bits <<= e.used()
		mask |= e.coeff() << (next - 1)
		advance = next
	}
	if used == 0 {
		advance = slow
	}
	return manyEntry(used) | manyEntry(advance)<<6 | manyEntry(category)<<15 | manyEntry(mask)<<19
}

// passed tells how many coefficients that are not 0 stand before the run-th
// zero (counted from 0) among the passedBits coefficients in its index: in the
// run-th nibble, none if there are not so many zeros. The entry depends on the
// coefficients alone, so it is looked up while the symbol is, not behind it.
var passed = func() (t [1 << passedBits]uint64) {
	for b := range t {
		t[b] = ^uint64(0)
		run, ones := 0, uint64(0)
		for i := range passedBits {
			if b>>i&1 != 0 {
				ones++
				continue
			}
			t[b] ^= (none ^ ones) << (4 * run)
			run++
		}
	}
	return
}()

const (
	passedBits = 10
	none       = 15
)

// pass counts in all of rest what passed does in a part of it.
func pass(rest uint64, run uint) uint {
	n := uint(0)
	for {
		window := rest % (1 << passedBits)
		if c := uint(passed[window] >> (4 * run) & 15); c != none {
			return n + c
		}
		ones := uint(bits.OnesCount64(window))
		n += ones
		run -= passedBits - ones
		rest >>= passedBits
	}
}
