package jpeg

// Skip tables
//
// To find where a block ends, the values of its coefficients are of no
// interest. A skip table is indexed by the next skipBits bits and consumes as
// many whole symbols as have their codes in them, each with its additional
// bits, of which the last may reach beyond the index. A block is read with one
// look-up in a start table, whose entries consume the DC symbol and what AC
// symbols fit behind it, and more of them in a skip table.
//
// A cursor's place in the data is a number, at: from its lowest bit, 4 bits of
// flags, 7 for k, the coefficient that is next (0: the DC), and the position
// in bits. An entry is what is to be added to it:
//
//	flags  blockEnd   an end-of-block is the last symbol of the entry
//	       longCode   the first code does not fit; nothing is consumed
//	advance << kShift, without the end-of-block's
//	bits << atShift
//
// So one addition does all that a look-up has to do, and one test, at&offTable,
// finds the places where the tables cannot lead on: at a long code, and where
// k is 64 or more. There the block ended with its last coefficient, or bits of
// the next one were taken for this one's.
const (
	skipBits = 12

	kShift  = 4
	atShift = kShift + 7

	blockEnd = 1
	longCode = 2
	offTable = 64<<kShift | longCode
)

// maxEntryBits is the most bits that an entry consumes, so that three look-ups
// need no more than the 57 bits that a load brings. A symbol that has more is
// a long code.
const maxEntryBits = 19

// skipTable is a start table or a skip table.
type skipTable [1 << skipBits]uint16

func skipEntry(bits uint, advance int, flags uint16) uint16 {
	return uint16(bits<<atShift) | uint16(advance)<<kShift | flags
}

// eob is the advance of an end-of-block.
const eob = 128

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

// chain consumes the AC symbols whose codes lie in the top have bits, and
// which take no more than limit together.
func (h *huffman) chain(bits uint64, have, limit uint) (used uint, advance int, flags uint16) {
	for used < have && advance < 63 {
		code, extra, a, ok := h.acSymbol(bits)
		if !ok || used+code > have || used+code+extra > limit {
			break
		}
		if a == eob {
			return used + code, advance, blockEnd
		}
		if advance+a > 63 {
			break
		}
		used += code + extra
		advance += a
		bits <<= code + extra
	}
	return used, advance, 0
}

// skipTable makes the table for what follows a block's DC symbol.
func (h *huffman) skipTable() *skipTable {
	t := new(skipTable)
	for i := range t {
		used, advance, flags := h.chain(uint64(i)<<(64-skipBits), skipBits, maxEntryBits)
		if used == 0 {
			flags = longCode
		}
		t[i] = skipEntry(used, advance, flags)
	}
	return t
}

// startTable makes the table for the start of a block.
func startTable(dc, ac *huffman) *skipTable {
	t := new(skipTable)
	for i := range t {
		bits := uint64(i) << (64 - skipBits)
		cat, l := dc.decode(bits)
		n := l + uint(cat)
		if l == 0 || l > skipBits || n > maxEntryBits {
			t[i] = skipEntry(0, 0, longCode)
			continue
		}
		used, advance, flags := uint(0), 0, uint16(0)
		if n < skipBits {
			used, advance, flags = ac.chain(bits<<n, skipBits-n, maxEntryBits-n)
		}
		t[i] = skipEntry(n+used, 1+advance, flags)
	}
	return t
}

// diffTable has the DC differences, by the next skipBits bits: difference<<4 |
// the bits of the DC symbol, of which there is at least one; 0 where there are
// more than skipBits of them, or none.
type diffTable [1 << skipBits]int16

func (h *huffman) diffTable() *diffTable {
	t := new(diffTable)
	for i := range t {
		bits := uint64(i) << (64 - skipBits)
		cat, l := h.decode(bits)
		n := l + uint(cat)
		if l == 0 || n > skipBits || cat > maxCategory {
			continue
		}
		var diff int32
		if cat > 0 {
			diff = extend(uint32(bits<<l>>(64-cat)), uint(cat))
		}
		t[i] = int16(diff<<4) | int16(n)
	}
	return t
}
