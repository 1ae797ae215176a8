package jpeg

import "bytes"

// Value tables
//
// A value table is indexed by the next lookBits bits and decodes one symbol
// with its additional bits. From the lowest bit, an entry holds:
//
//	 6 bits  how many bits that takes
//	 5 bits  by how many coefficients it advances: run + 1
//	 5 bits  of nothing
//	16 bits  the value, never 0
//
// If the additional bits do not all fit, or the symbol brings no value (end of
// block, a run of 16 zeros), the value is 0, and the entry holds the bits of
// the code alone, and from bit 8 on the symbol. An entry of no bits is a code
// that is longer, or that is none.
const lookBits = 10

type valueTable [1 << lookBits]uint32

// values returns h's table for AC coefficients.
func (h *huffman) values() *valueTable {
	t := new(valueTable)
	for i := range t {
		top := uint64(i) << (64 - lookBits)
		sym, l := h.decode(top)
		size := uint(sym & 15)
		switch {
		case l == 0 || l > lookBits:
		case size == 0 || l+size > lookBits:
			t[i] = uint32(l) | uint32(sym)<<8
		default:
			v := extend(uint32(top<<l>>(64-size)), size)
			t[i] = uint32(l+size) | uint32(sym>>4+1)<<6 | uint32(v)<<16
		}
	}
	return t
}

// differences returns h's table for DC coefficients: the same, but a
// difference of 0 is a value like any other, and what does not fit has an
// entry of no bits.
func (h *huffman) differences() *valueTable {
	t := new(valueTable)
	for i := range t {
		top := uint64(i) << (64 - lookBits)
		cat, l := h.decode(top)
		if n := l + uint(cat); l > 0 && n <= lookBits {
			v := int32(0)
			if cat > 0 {
				v = extend(uint32(top<<l>>(64-cat)), uint(cat))
			}
			t[i] = uint32(n) | uint32(v)<<16
		}
	}
	return t
}

// coder is a Huffman table with its value table.
type coder struct {
	h     *huffman
	table *valueTable
}

// coderCache keeps the tables of the last files, as skipperCache does. Tables
// for DC and for AC are kept in caches of their own.
type coderCache struct {
	kept [4]coder
	next int
}

func (c *coderCache) get(h *huffman, table func(*huffman) *valueTable) coder {
	for _, k := range c.kept {
		if k.h != nil && k.h.equal(h) {
			return k
		}
	}
	own := *h
	own.symbols = bytes.Clone(h.symbols)
	k := coder{&own, table(&own)}
	c.kept[c.next] = k
	c.next = (c.next + 1) % len(c.kept)
	return k
}
