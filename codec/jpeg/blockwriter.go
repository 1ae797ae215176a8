package jpeg

import (
	"encoding/binary"
	"math/bits"
)

const (
	maxACCategory = 10   // of 8-bit samples (T.81, F.1.2.2.1)
	zrl           = 0xf0 // 16 zeros
	endOfBlock    = 0x00
)

// maxBlockBytes is room for a block, all of it stuffed: 64 coefficients of at
// most 16+11 bits, and the bits that were left of the blocks before.
const maxBlockBytes = 2 * (64*27/8 + 8)

// A code is bits<<5 | how many they are. 0: there is none.
type code uint32

// blockCodes is a Huffman table as the writer of blocks wants it.
type blockCodes struct {
	// By run<<6 | (value+32), a symbol's code with its additional bits, for
	// values of -31 to 31 but 0.
	small   [16 << 6]code
	symbols [256]code
}

func newBlockCodes(h *huffman) *blockCodes {
	c := new(blockCodes)
	i := 0
	for l := 1; l <= 16; l++ {
		for j := range uint32(h.counts[l-1]) {
			c.symbols[h.symbols[i]] = code((h.first[l]+j)<<5 | uint32(l))
			i++
		}
	}
	for i := range c.small {
		c.small[i] = c.symbol(uint(i>>6), int32(i&63-32), maxACCategory)
	}
	return c
}

// symbol returns the code for a value behind a run of less than 16 zeros, with
// its additional bits (F.1.2.1.1, F.1.2.2.1), or 0 if there is none.
func (c *blockCodes) symbol(run uint, v int32, maxCategory uint) code {
	category := uint(bits.Len32(magnitude(v)))
	if category > maxCategory {
		return 0
	}
	s := c.symbols[run&15<<4|category&15]
	if s == 0 {
		return 0
	}
	extra := uint32(v+v>>31) & (1<<category - 1)
	return (s>>5<<category|code(extra))<<5 | (s&31 + code(category))
}

// blockWriter appends blocks to the entropy-coded data of a file (F.1.2),
// stuffing it on its way.
type blockWriter struct {
	b    []byte // len is what is written
	acc  uint64 // bits not yet written, at the bottom
	free int    // bits that acc has room for
	bad  bool   // a block had no code
}

// grow makes room for n blocks.
func (w *blockWriter) grow(n int) {
	if n *= maxBlockBytes; cap(w.b)-len(w.b) < n {
		b := make([]byte, len(w.b), 2*cap(w.b)+n)
		copy(b, w.b)
		w.b = b
	}
}

// block writes a block, for which there must be room. pred is the DC of the
// component's block before it.
func (w *blockWriter) block(b *codingBlock, pred int32, dc, ac *blockCodes) {
	out, n := w.b[:cap(w.b)], len(w.b)
	acc, free := w.acc, w.free
	missing := false

	e := dc.symbol(0, b.at(0)-pred, maxCategory)
	missing = e == 0
	last := uint(0)
	mask := b.nonzero() &^ 1
	for {
		l := int(e & 31)
		if free -= l; free < 0 {
			acc = acc<<(uint(l+free)&63) | uint64(e>>5)>>(uint(-free)&63)
			n = putStuffed(out, n, acc)
			free += 64
			acc = uint64(e >> 5)
		} else {
			acc = acc<<(uint(l)&63) | uint64(e>>5)
		}
		if mask == 0 {
			break
		}
		k := uint(bits.TrailingZeros64(mask))
		run := k - last - 1
		if run > 15 {
			e = ac.symbols[zrl]
			last += 16
			missing = missing || e == 0
			continue
		}
		last = k
		mask &= mask - 1
		v := b.at(k)
		if i := uint32(v + 32); i < 64 {
			e = ac.small[(run<<6|uint(i))&1023]
		} else {
			e = ac.symbol(run, v, maxACCategory)
		}
		missing = missing || e == 0
	}
	w.b, w.acc, w.free, w.bad = out[:n], acc, free, w.bad || missing
	if last < 63 {
		e := ac.symbols[endOfBlock]
		w.bad = w.bad || e == 0
		w.put(e)
	}
}

// put writes one code.
func (w *blockWriter) put(e code) {
	l := int(e & 31)
	if w.free -= l; w.free >= 0 {
		w.acc = w.acc<<(uint(l)&63) | uint64(e>>5)
		return
	}
	w.acc = w.acc<<(uint(l+w.free)&63) | uint64(e>>5)>>(uint(-w.free)&63)
	w.b = w.b[:putStuffed(w.b[:cap(w.b)], len(w.b), w.acc)]
	w.free += 64
	w.acc = uint64(e >> 5)
}

// putStuffed writes 8 bytes at b[n:], with a zero behind every 0xff, and
// returns the end of what it wrote.
func putStuffed(b []byte, n int, v uint64) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	if v&tops&^(v+ones) == 0 { // no byte is 0xff
		binary.BigEndian.PutUint64(b[n:], v)
		return n + 8
	}
	return putStuffedBytes(b, n, v)
}

func putStuffedBytes(b []byte, n int, v uint64) int {
	for range 8 {
		b[n] = byte(v >> 56)
		if n++; v>>56 == 0xff {
			b[n] = 0
			n++
		}
		v <<= 8
	}
	return n
}

// flush pads with ones to a whole byte (F.1.2.3) and returns everything. There
// must be room for a block.
func (w *blockWriter) flush() []byte {
	for used := 64 - w.free; used > 0; used -= 8 {
		v := byte(w.acc<<8>>(used&63)) | byte(0xff>>used)
		if used >= 8 {
			v = byte(w.acc >> (used - 8))
		}
		if w.b = append(w.b, v); v == 0xff {
			w.b = append(w.b, 0)
		}
	}
	w.acc, w.free = 0, 64
	return w.b
}
