package bmp

import (
	"io"
	"math/bits"
)

// field is the place of a channel within a pixel of 16 or 32 bits.
type field struct {
	mask  uint32
	shift int
	bits  int     // 0: the channel is not there
	table []uint8 // its values in 8 bits, for fields up to tableBits
}

// tableBits is the most bits of a field whose values are all worked out before.
const tableBits = 11

func newField(mask uint32) field {
	f := field{mask: mask, bits: bits.OnesCount32(mask)}
	if mask == 0 {
		return f
	}
	f.shift = bits.TrailingZeros32(mask)
	if f.bits <= tableBits {
		f.table = make([]uint8, 1<<f.bits)
		for i := range f.table {
			f.table[i] = f.scale(uint32(i))
		}
	}
	return f
}

// whole tells whether a field's bits stand together.
func (f *field) whole() bool {
	m := f.mask >> f.shift
	return m&(m+1) == 0
}

// scale returns v of 2^bits-1 as one of 255, rounded to nearest.
func (f *field) scale(v uint32) uint8 {
	top := uint64(1)<<f.bits - 1
	return uint8((uint64(v)*255*2 + top) / (2 * top))
}

// value returns the channel of pixel p in 8 bits: 0 if it is not there.
func (f *field) value(p uint32) uint8 {
	v := p & f.mask >> f.shift
	if f.table != nil {
		return f.table[v]
	}
	if f.bits == 0 {
		return 0
	}
	return f.scale(v)
}

// masks finds the fields of a pixel. It returns the offset behind header and
// masks: those of bit fields follow a header that does not hold them.
func (f *File) masks(r io.ReaderAt, h *header) (end int64, err error) {
	end = fileHeader + h.size
	var m [4]uint32
	switch {
	case f.PixelBits <= 8:
		return end, nil
	case f.coding != bitFields && f.coding != alphaBitFields:
		m = f.usual()
	default:
		const at = infoHeader // in the header, or behind it
		n := 0
		if h.size == infoHeader {
			n = 12
			if f.coding == alphaBitFields {
				n = 16
			}
		}
		b, err := readAt(r, end, n)
		if err != nil {
			return 0, err
		}
		copy(h.b[at:], b)
		end += int64(n)
		for i := range m {
			m[i] = h.u32(at + 4*i)
		}
	}
	return end, f.setFields(m)
}

// usual are the masks of a picture that has none in force. Then the fourth byte
// of 32 bits means nothing, also where a header has an alpha mask: viewers show
// such pictures opaque.
func (f *File) usual() [4]uint32 {
	if f.PixelBits == 16 {
		return [4]uint32{0x7c00, 0x3e0, 0x1f}
	}
	return [4]uint32{0xff0000, 0xff00, 0xff}
}

func (f *File) setFields(masks [4]uint32) error {
	const at = fileHeader + infoHeader
	var all uint32
	for i, m := range masks {
		f.fields[i] = newField(m)
		switch {
		case !f.fields[i].whole():
			return formatf(at, "has a mask %#x, with a gap", m)
		case all&m != 0:
			return formatf(at, "has masks that overlap")
		case uint64(m)>>f.PixelBits != 0:
			return formatf(at, "has a mask %#x for %d bits", m, f.PixelBits)
		}
		all |= m
	}
	if masks[0]|masks[1]|masks[2] == 0 {
		return formatf(at, "has no masks for colours")
	}
	f.Alpha = masks[3] != 0
	return nil
}
