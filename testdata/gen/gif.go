package main

import "encoding/binary"

// Disposal methods of GIF89a, section 23.
const (
	disposeNone       = 1
	disposeBackground = 2
	disposePrevious   = 3
)

// gifFrame is one image of a GIF: indices into the global palette, put at x, y.
type gifFrame struct {
	index       *raster
	x, y        int
	transparent int // index, -1 for none
	disposal    int // 0 for a still
	interlaced  bool
}

// encodeGIF writes frames that last 100 ms each and repeat for ever.
func encodeGIF(w, h int, p palette, frames ...gifFrame) []byte {
	bits := max(2, bitLen(len(p)-1))
	out := gifHeader(w, h, bits, p)
	if len(frames) > 1 {
		out = append(out, "\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"...)
	}
	for _, f := range frames {
		if f.transparent >= 0 || f.disposal > 0 {
			out = append(out, graphicControl(f)...)
		}
		out = append(out, imageDescriptor(f.x, f.y, f.index.w, f.index.h, f.interlaced)...)
		out = append(out, gifData(f, bits)...)
	}
	return append(out, 0x3b)
}

// gifHeader writes the screen and a palette of 1<<bits colours.
func gifHeader(w, h, bits int, p palette) []byte {
	out := le16([]byte("GIF89a"), w, h)
	out = append(out, byte(0x80|(bits-1)<<4|(bits-1)), 0, 0)
	return append(out, p.bytes(1<<bits)...)
}

func graphicControl(f gifFrame) []byte {
	flags, index := byte(f.disposal<<2), byte(0)
	if f.transparent >= 0 {
		flags, index = flags|1, byte(f.transparent)
	}
	return []byte{0x21, 0xf9, 4, flags, 10, 0, index, 0}
}

func imageDescriptor(x, y, w, h int, interlaced bool) []byte {
	out := le16([]byte{0x2c}, x, y, w, h)
	if interlaced {
		return append(out, 0x40)
	}
	return append(out, 0)
}

// gifData writes the pixels in blocks of up to 255 bytes.
func gifData(f gifFrame, bits int) []byte {
	w := &lsbWriter{}
	lzwCompress(gifRows(f), bits, 0, w.write)
	out, data := []byte{byte(bits)}, w.bytes()
	for len(data) > 0 {
		n := min(255, len(data))
		out = append(append(out, byte(n)), data[:n]...)
		data = data[n:]
	}
	return append(out, 0)
}

// gifRows returns the indices in the order in which GIF stores the rows.
func gifRows(f gifFrame) []byte {
	passes := [][2]int{{0, 1}}
	if f.interlaced {
		passes = [][2]int{{0, 8}, {4, 8}, {2, 4}, {1, 2}}
	}
	var out []byte
	for _, p := range passes {
		for y := p[0]; y < f.index.h; y += p[1] {
			for x := range f.index.w {
				out = append(out, byte(f.index.at(x, y)[0]))
			}
		}
	}
	return out
}

func le16(b []byte, values ...int) []byte {
	for _, v := range values {
		b = binary.LittleEndian.AppendUint16(b, uint16(v))
	}
	return b
}

func le32(b []byte, values ...int) []byte {
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, uint32(v))
	}
	return b
}
