package main

import (
	"hash/crc32"
	"slices"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// Colour types of PNG, section 11.2.1.
const (
	pngGray      = 0
	pngRGB       = 2
	pngIndexed   = 3
	pngGrayAlpha = 4
	pngRGBA      = 6
)

// pngOptions adds to a picture what it does not say itself.
type pngOptions struct {
	palette   palette  // the picture holds indices into it
	trns      []byte   // tRNS chunk
	interlace bool     // Adam7
	chunks    [][]byte // written after IHDR
}

// encodePNG writes m with the colour type that its channels stand for. The
// filters of the rows take turns, so that a reader meets all five.
func encodePNG(m *raster, o pngOptions) []byte {
	colour := [...]int{1: pngGray, 2: pngGrayAlpha, 3: pngRGB, 4: pngRGBA}[m.channels]
	if o.palette != nil {
		colour = pngIndexed
	}
	out := slices.Concat([]byte(pngSignature), ihdr(m.w, m.h, m.bits, colour, o.interlace))
	for _, c := range o.chunks {
		out = append(out, c...)
	}
	if o.palette != nil {
		out = append(out, pngChunk("PLTE", o.palette.bytes(len(o.palette)))...)
	}
	if o.trns != nil {
		out = append(out, pngChunk("tRNS", o.trns)...)
	}
	data := filtered(m)
	if o.interlace {
		data = adam7(m)
	}
	return slices.Concat(out, pngChunk("IDAT", zlibCompress(data)), pngChunk("IEND", nil))
}

func ihdr(w, h, bits, colour int, interlace bool) []byte {
	data := slices.Concat(be32(w), be32(h), []byte{byte(bits), byte(colour), 0, 0, 0})
	if interlace {
		data[12] = 1
	}
	return pngChunk("IHDR", data)
}

func pngChunk(name string, data []byte) []byte {
	body := append([]byte(name), data...)
	return slices.Concat(be32(len(data)), body, be32(int(crc32.ChecksumIEEE(body))))
}

// iccChunk is iCCP (PNG, section 11.3.2.3).
func iccChunk(profile []byte) []byte {
	return pngChunk("iCCP", append([]byte(profileName+"\x00\x00"), zlibCompress(profile)...))
}

// packRows packs samples as PNG and TIFF do: high bits first, each row on bytes
// of its own, 16 bits as two bytes that put orders.
func packRows(m *raster, put func([]byte, uint16) []byte) [][]byte {
	var rows [][]byte
	for y := range m.h {
		samples := m.pix[y*m.w*m.channels : (y+1)*m.w*m.channels]
		row := make([]byte, 0, len(samples)*2)
		for i, v := range samples {
			switch {
			case m.bits == 16:
				row = put(row, v)
			case i*m.bits%8 == 0:
				row = append(row, byte(v<<(8-m.bits)))
			default:
				row[len(row)-1] |= byte(v << (8 - m.bits - i*m.bits%8))
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// filtered returns the rows, each after the number of its filter (PNG, 9.2).
func filtered(m *raster) []byte {
	var out []byte
	var above []byte
	step := max(1, m.channels*m.bits/8)
	for y, row := range packRows(m, putBig) {
		if above == nil {
			above = make([]byte, len(row))
		}
		kind := y % 5
		out = append(out, byte(kind))
		for i, v := range row {
			left, corner := 0, 0
			if i >= step {
				left, corner = int(row[i-step]), int(above[i-step])
			}
			out = append(out, v-predictByte(kind, left, int(above[i]), corner))
		}
		above = row
	}
	return out
}

func putBig(b []byte, v uint16) []byte { return append(b, byte(v>>8), byte(v)) }

func predictByte(kind, left, above, corner int) byte {
	switch kind {
	case 1:
		return byte(left)
	case 2:
		return byte(above)
	case 3:
		return byte((left + above) / 2)
	case 4:
		p := left + above - corner
		l, a, c := abs(p-left), abs(p-above), abs(p-corner)
		switch {
		case l <= a && l <= c:
			return byte(left)
		case a <= c:
			return byte(above)
		}
		return byte(corner)
	}
	return 0
}

// adam7 returns the seven passes, each a small picture of its own (PNG, 8.2).
func adam7(m *raster) []byte {
	var out []byte
	for _, p := range [7]struct{ x, y, dx, dy int }{
		{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2},
	} {
		pass := newRaster(ceilDiv(m.w-p.x, p.dx), ceilDiv(m.h-p.y, p.dy), m.channels, m.bits)
		for y := range pass.h {
			for x := range pass.w {
				copy(pass.at(x, y), m.at(p.x+x*p.dx, p.y+y*p.dy))
			}
		}
		if pass.w > 0 {
			out = append(out, filtered(pass)...)
		}
	}
	return out
}
