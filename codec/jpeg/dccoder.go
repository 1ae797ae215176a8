package jpeg

import (
	"encoding/binary"
	"math/bits"
)

// maxCategory is the largest category of a DC difference of 8-bit samples
// (T.81, table F.1).
const maxCategory = 11

// dcCoder writes DC differences with the codes of a table of the file, so that
// the bits that are copied beside them stay valid. A category that the table
// lacks is appended to it as a longer code.
type dcCoder struct {
	table   huffman // counts and symbols grow
	length  [maxCategory + 1]uint8
	prefix  [maxCategory + 1]uint32
	next    uint32 // the first free code of nextLen bits
	nextLen int
}

func newDCCoder(h *huffman) *dcCoder {
	c := &dcCoder{table: *h, nextLen: max(h.last, 1)}
	c.table.symbols = append([]uint8(nil), h.symbols...)
	i := 0
	for l := 1; l <= 16; l++ {
		for j := range uint32(h.counts[l-1]) {
			if s := h.symbols[i]; s <= maxCategory && c.length[s] == 0 {
				c.length[s], c.prefix[s] = uint8(l), h.first[l]+j
			}
			i++
		}
	}
	c.next = h.first[c.nextLen] + uint32(h.counts[c.nextLen-1])
	return c
}

// add gives a category a code. It reports false if there is no room.
func (c *dcCoder) add(category int) bool {
	for c.next >= 1<<c.nextLen-1 { // all ones are not used (T.81, C.2)
		if c.nextLen == 16 {
			return false
		}
		c.nextLen++
		c.next <<= 1
	}
	c.length[category], c.prefix[category] = uint8(c.nextLen), c.next
	c.table.counts[c.nextLen-1]++
	c.table.symbols = append(c.table.symbols, uint8(category))
	c.next++
	return true
}

// code returns a difference's bits, at most 27, and how many they are. It
// reports false if the difference cannot be coded.
func (c *dcCoder) code(diff int32) (v uint64, n uint, ok bool) {
	sign := diff >> 31 // no branch: signs cannot be foreseen
	mag, low := uint32(diff^sign-sign), uint32(diff+sign)
	cat := bits.Len32(mag)
	if cat > maxCategory || c.length[cat] == 0 && !c.add(cat) {
		return 0, 0, false
	}
	return uint64(c.prefix[cat])<<cat | uint64(low)&(1<<cat-1), uint(c.length[cat]) + uint(cat), true
}

// put writes a difference. It reports false if it cannot be coded.
func (c *dcCoder) put(w *bitWriter, diff int32) bool {
	v, n, ok := c.code(diff)
	if ok {
		w.put(v, n)
	}
	return ok
}

// putRow writes the differences of values, the first from last, and returns the
// last of them.
func (c *dcCoder) putRow(w *bitWriter, values []int32, last int32) (_ int32, ok bool) {
	b, o, acc, n := w.b, w.o, w.acc, w.n
	for _, v := range values {
		diff := v - last
		last = v
		sign := diff >> 31
		cat := uint(bits.Len32(uint32(diff ^ sign - sign)))
		if cat > maxCategory || c.length[cat] == 0 {
			w.o, w.acc, w.n = o, acc, n
			if !c.put(w, diff) {
				return last, false
			}
			o, acc, n = w.o, w.acc, w.n
			continue
		}
		low := uint64(diff+sign) & (1<<cat - 1)
		n += uint(c.length[cat]) + cat
		acc |= (uint64(c.prefix[cat])<<cat | low) << ((64 - n) & 63)
		binary.BigEndian.PutUint64(b[o:o+8], acc)
		o += int(n >> 3)
		acc <<= n &^ 7 & 63
		n &= 7
	}
	w.o, w.acc, w.n = o, acc, n
	return last, true
}
