package jpeg

// Skip tables
//
// To find where a block ends, the values of its coefficients are of no
// interest. A skip table is indexed by the next skipBits bits and consumes as
// many whole symbols as have their codes in them, each with its additional
// bits, of which the last may reach beyond the index.
//
// An entry holds how many bits that is, and by how many coefficients it
// advances. End-of-block adds eob to the advance and ends the entry; an entry
// whose first code does not fit advances by slow and consumes nothing. Since a
// block has 64 coefficients, one comparison, k < 64, ends the loop over a
// block in all cases, and k says which it was:
//
//	k == 64              the block ended with its last coefficient
//	64 < k <= eob        bits of the next block were taken for this one's
//	eob < k < eob+64     end-of-block
//	eob+64 <= k <= slow  as for 64 < k <= eob
//	slow < k             k-slow is the coefficient whose code is too long
const (
	skipBits = 12
	eob      = 128
	slow     = 256
)

// maxEntryBits is the most bits that an entry consumes: a code of skipBits
// bits and its 15 additional ones.
const maxEntryBits = skipBits + 15

// skipAC has entries of bits | advance<<6. A shift by an entry is one by its
// lowest 6 bits, without taking them apart.
type skipAC [1 << skipBits]uint16

// startEntry is an entry for the start of a block: the DC symbol, and what AC
// symbols fit behind it. From the lowest bit: 6 bits for the bits consumed, 8
// for k, 4 for those of the bits that are the DC symbol's, 2 of nothing, 12
// for the DC difference. A DC symbol that does not fit with its additional
// bits has entry noStart, which consumes nothing and ends the block's loop.
type startEntry uint32

func (e startEntry) k() uint       { return uint(e >> 6 & 255) }
func (e startEntry) dcBits() int32 { return int32(e >> 14 & 15) }
func (e startEntry) diff() int32   { return int32(e) >> 20 }

const noStart startEntry = 255 << 6

type skipStart [1 << skipBits]startEntry

// acSymbol reads the AC symbol at the top of bits: the length of its code, of
// its additional bits, and by how many coefficients it advances; eob is
// end-of-block. Symbols that sequential coding does not have are refused.
func (h *huffman) acSymbol(bits uint64) (code, extra uint, advance int, ok bool) {
	sym, l := h.decode(bits)
	if l == 0 {
		return 0, 0, 0, false
	}
	switch run, size := sym>>4, uint(sym&15); {
	case size != 0:
		return l, size, int(run) + 1, true
	case run == 15:
		return l, 0, 16, true
	case run == 0:
		return l, 0, eob, true
	}
	return 0, 0, 0, false
}

// chain consumes the AC symbols whose codes lie in the top have bits.
func (h *huffman) chain(bits uint64, have uint) (used uint, advance int) {
	for used < have {
		code, extra, a, ok := h.acSymbol(bits)
		if !ok || used+code > have || a != eob && advance+a > 63 {
			break
		}
		used += code + extra
		bits <<= code + extra
		if advance += a; a == eob {
			break
		}
	}
	return used, advance
}

func (h *huffman) skipTable() *skipAC {
	t := new(skipAC)
	for i := range t {
		used, advance := h.chain(uint64(i)<<(64-skipBits), skipBits)
		if used == 0 {
			advance = slow
		}
		t[i] = uint16(used) | uint16(advance)<<6
	}
	return t
}

// startTable fuses a DC table with an AC table.
func startTable(dc, ac *huffman) *skipStart {
	t := new(skipStart)
	for i := range t {
		bits := uint64(i) << (64 - skipBits)
		cat, l := dc.decode(bits)
		n := l + uint(cat)
		if l == 0 || n > skipBits || cat > maxCategory {
			t[i] = noStart
			continue
		}
		var diff int32
		if cat > 0 {
			diff = extend(uint32(bits<<l>>(64-cat)), uint(cat))
		}
		used, advance := ac.chain(bits<<n, skipBits-n)
		t[i] = startEntry(n+used) | startEntry(1+advance)<<6 | startEntry(n)<<14 | startEntry(diff)<<20
	}
	return t
}
