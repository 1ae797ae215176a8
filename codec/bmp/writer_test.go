package bmp

import (
	"encoding/binary"
	"fmt"
	"image/color"
	"slices"
)

var le = binary.LittleEndian

// bitmap is a BMP to be written: the tests' own writer, which follows the
// structures and nothing else.
type bitmap struct {
	header      int // bytes of the information header
	bits        int
	compression uint32
	width       int
	height      int
	topDown     bool
	used        int // biClrUsed
	palette     []color.RGBA
	masks       []uint32
	gap         int    // bytes between what belongs to the header and the pixels
	tail        []byte // behind the pixels
	pixels      []byte // as coded
	change      func(header []byte)
}

func (m *bitmap) String() string {
	return fmt.Sprintf("%dx%d, %d bits, header of %d bytes, compression %d, top-down %v", m.width, m.height, m.bits, m.header, m.compression, m.topDown)
}

// file returns the bytes.
func (m bitmap) file() []byte {
	info := make([]byte, max(m.header, 40))
	h := m.height
	if m.topDown {
		h = -h
	}
	le.PutUint32(info, uint32(m.header))
	if m.header == 12 {
		le.PutUint16(info[4:], uint16(m.width))
		le.PutUint16(info[6:], uint16(h))
		le.PutUint16(info[8:], 1)
		le.PutUint16(info[10:], uint16(m.bits))
	} else {
		le.PutUint32(info[4:], uint32(m.width))
		le.PutUint32(info[8:], uint32(h))
		le.PutUint16(info[12:], 1)
		le.PutUint16(info[14:], uint16(m.bits))
		le.PutUint32(info[16:], m.compression)
		le.PutUint32(info[32:], uint32(m.used))
	}
	for i, mask := range m.masks {
		info = slices.Grow(info, 16)[:max(len(info), 44+4*i)]
		le.PutUint32(info[40+4*i:], mask)
	}
	size := m.header // with the masks behind a header that has no place for them
	if size == 40 {
		size += 4 * len(m.masks)
	}
	info = info[:size]
	if m.change != nil {
		m.change(info)
	}
	out := append(make([]byte, 14), info...)
	copy(out, "BM")
	for _, c := range m.palette {
		out = append(out, c.B, c.G, c.R)
		if m.header != 12 {
			out = append(out, 0x55) // nothing
		}
	}
	out = append(out, make([]byte, m.gap)...)
	le.PutUint32(out[10:], uint32(len(out)))
	out = append(append(out, m.pixels...), m.tail...)
	le.PutUint32(out[2:], uint32(len(out)))
	return out
}

// pack writes values of bits each, for rows in the file's order, padded.
func (m bitmap) pack(value func(x, y int) uint32) []byte {
	var out []byte
	for i := range m.height {
		y := m.height - 1 - i
		if m.topDown {
			y = i
		}
		row := make([]byte, (m.width*m.bits+31)/32*4)
		for x := range m.width {
			switch v := value(x, y); {
			case m.bits < 8:
				bit := x * m.bits
				row[bit/8] |= byte(v << (8 - m.bits - bit%8))
			default:
				for k := range m.bits / 8 {
					row[x*m.bits/8+k] = byte(v >> (8 * k))
				}
			}
		}
		out = append(out, row...)
	}
	return out
}

func testPalette(n int) []color.RGBA {
	p := make([]color.RGBA, n)
	for i := range p {
		p[i] = color.RGBA{uint8(7*i + 3), uint8(255 - i), uint8(i * i), 255}
	}
	return p
}
