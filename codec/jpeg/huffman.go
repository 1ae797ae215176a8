package jpeg

import "bytes"

// huffman is a Huffman table (T.81, annex C).
type huffman struct {
	counts  [16]uint8 // codes of each length, 1 to 16 bits
	symbols []uint8   // in order of their codes

	// Of canonical decoding (F.2.2.3), by length: the codes of length l are
	// first[l] .. first[l]+counts[l-1]-1, and belong to symbols[index[l]:].
	first [17]uint32
	index [17]int
	last  int // the longest length in use

	fast [256]uint16 // by the next 8 bits: symbol << 8 | length; 0: longer than that
}

// newHuffman returns the table with these codes, which is not to be changed: most
// files have those of K.3, and share them. It reports false as assign does.
func newHuffman(counts [16]uint8, symbols []uint8) (*huffman, bool) {
	standard := standardHuffman()
	for _, h := range [...]*huffman{standard.dc[0], standard.dc[1], standard.ac[0], standard.ac[1]} {
		if h.counts == counts && bytes.Equal(h.symbols, symbols) {
			return h, true
		}
	}
	h := &huffman{counts: counts, symbols: symbols}
	return h, h.assign()
}

// assign gives every symbol its code. It reports false if there are more codes
// than there is room for; the code of all ones is not to be used (C.2).
func (h *huffman) assign() bool {
	code, n := uint32(0), 0
	for l := 1; l <= 16; l++ {
		h.first[l], h.index[l] = code, n
		c := int(h.counts[l-1])
		if c > 0 {
			h.last = l
		}
		for i := range c {
			if l <= 8 {
				v := uint16(h.symbols[n+i])<<8 | uint16(l)
				lo := (code + uint32(i)) << (8 - l)
				for j := range uint32(1) << (8 - l) {
					if lo+j < 256 {
						h.fast[lo+j] = v
					}
				}
			}
		}
		code += uint32(c)
		n += c
		if c > 0 && code >= 1<<l {
			return false
		}
		code <<= 1
	}
	return true
}

// decode returns the symbol at the top of bits and the length of its code, or
// a length of 0 if there is none.
func (h *huffman) decode(bits uint64) (symbol uint8, length uint) {
	if v := h.fast[bits>>56]; v != 0 {
		return uint8(v >> 8), uint(v & 0xff)
	}
	return h.decodeLong(bits)
}

// decodeLong is decode for codes of more than 8 bits.
func (h *huffman) decodeLong(bits uint64) (symbol uint8, length uint) {
	for l := 9; l <= h.last; l++ {
		c := uint32(bits >> (64 - l))
		if d := c - h.first[l]; c >= h.first[l] && d < uint32(h.counts[l-1]) {
			return h.symbols[h.index[l]+int(d)], uint(l)
		}
	}
	return 0, 0
}

// equal tells whether two tables have the same codes.
func (h *huffman) equal(o *huffman) bool {
	return h == o || h.counts == o.counts && bytes.Equal(h.symbols, o.symbols)
}

// extend returns the value of a category's additional bits (F.2.2.1).
func extend(v uint32, category uint) int32 {
	if category == 0 {
		return 0
	}
	if v < 1<<(category-1) {
		return int32(v) - (1<<category - 1)
	}
	return int32(v)
}
