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

// fill makes c, which is empty, the codes of h.
func (c *blockCodes) fill(h *huffman) {
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
	b    []byte // n bytes are written, the others are room
	n    int
	acc  uint64 // bits not yet written, at the bottom
	free int    // bits that acc has room for
	bad  bool   // a block had no code
}

// grow makes room for so many blocks.
func (w *blockWriter) grow(blocks int) {
	if room := blocks * maxBlockBytes; len(w.b)-w.n < room {
		b := make([]byte, 2*len(w.b)+room)
		copy(b, w.b[:w.n])
		w.b = b
	}
}

// block writes a block, for which there must be room. pred is the DC of the
// component's block before it. The tables must have codes for all symbols that
// the block needs, if baseline coding has them.
func (w *blockWriter) block(b *codingBlock, nonzero uint64, pred int32, dc, ac *blockCodes) {
	w.code(w.known(dc.symbol(0, b.at(0)-pred, maxCategory)))
	acc, free := w.acc, w.free
	next := uint(1) // the first coefficient that is not coded yet
	for mask := nonzero &^ 1; mask != 0; mask &= mask - 1 {
		k := lowestBit(mask)
		run, i := k-next, uint(b.at(k)+32)
		next = k + 1
		var e code
		if run < 16 && i < 64 {
			e = ac.small[run<<6|i]
		} else {
			w.acc, w.free = acc, free
			e = w.rare(run, b.at(k), ac)
			acc, free = w.acc, w.free
		}
		l, c := uint(e&31), uint64(e>>5)
		if free -= int(l); free >= 0 {
			acc = acc<<(l&63) | c
			continue
		}
		over := uint(-free)
		w.put(acc<<((l-over)&63) | c>>(over&63))
		acc = c
		free += 64
	}
	w.acc, w.free = acc, free
	if next < 64 {
		w.code(ac.symbols[endOfBlock])
	}
}

// rare writes the codes for 16 zeros that a run begins with, and returns the
// code for the value behind it.
func (w *blockWriter) rare(run uint, v int32, ac *blockCodes) code {
	for ; run > 15; run -= 16 {
		w.code(ac.symbols[zrl])
	}
	return w.known(ac.symbol(run, v, maxACCategory))
}

// known takes note of a value that has no code.
func (w *blockWriter) known(e code) code {
	w.bad = w.bad || e == 0
	return e
}

// code writes a code.
func (w *blockWriter) code(e code) {
	l, c := uint(e&31), uint64(e>>5)
	if w.free -= int(l); w.free >= 0 {
		w.acc = w.acc<<(l&63) | c
		return
	}
	over := uint(-w.free)
	w.put(w.acc<<((l-over)&63) | c>>(over&63))
	w.acc = c
	w.free += 64
}

// put writes 8 bytes, with a zero behind every 0xff.
func (w *blockWriter) put(v uint64) {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	if v&tops&^(v+ones) == 0 { // no byte is 0xff
		binary.BigEndian.PutUint64(w.b[w.n:], v)
		w.n += 8
		return
	}
	for range 8 {
		w.putByte(byte(v >> 56))
		v <<= 8
	}
}

func (w *blockWriter) putByte(v byte) {
	w.b[w.n] = v
	if w.n++; v == 0xff {
		w.b[w.n] = 0
		w.n++
	}
}

// flush pads with ones to a whole byte (F.1.2.3) and returns everything. There
// must be room for a block.
func (w *blockWriter) flush() []byte {
	used := 64 - w.free
	pad := -used & 7
	v := w.acc<<pad | (1<<pad - 1)
	for used += pad; used > 0; used -= 8 {
		w.putByte(byte(v >> (used - 8)))
	}
	w.acc, w.free = 0, 64
	return w.b[:w.n]
}
