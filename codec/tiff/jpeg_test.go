package tiff

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/codec/jpeg"
)

// jpegOf returns planes as a JPEG, without its APP segments.
func jpegOf(t *testing.T, c jpeg.ColorModel, w, h int, planes ...jpeg.Plane) []byte {
	t.Helper()
	data, err := jpeg.Encode(nil, &jpeg.Planes{Width: w, Height: h, Color: c, Planes: planes}, jpeg.EncodeOptions{Quality: 95})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func flat(w, h, hs, vs int, v func(x, y int) uint8) jpeg.Plane {
	p := jpeg.Plane{H: hs, V: vs, Width: w, Height: h, Stride: w, Pix: make([]byte, w*h)}
	for i := range p.Pix {
		p.Pix[i] = v(i%w, i/w)
	}
	return p
}

// split takes the tables out of a JPEG: what JPEGTables has, and what a strip has then.
func split(data []byte) (tables, rest []byte) {
	tables, rest = []byte{0xff, 0xd8}, []byte{0xff, 0xd8}
	for at := 2; ; {
		n := 2 + int(binary.BigEndian.Uint16(data[at+2:]))
		switch m := data[at+1]; {
		case m == 0xda:
			return append(tables, 0xff, 0xd9), append(rest, data[at:]...)
		case m == 0xdb || m == 0xc4:
			tables = append(tables, data[at:at+n]...)
		default:
			rest = append(rest, data[at:at+n]...)
		}
		at += n
	}
}

func TestJPEGInTIFF(t *testing.T) {
	const w, h = 48, 32
	y := flat(w, h, 2, 2, func(x, y int) uint8 { return uint8(4*x + y) })
	cb := flat(w/2, h/2, 1, 1, func(x, _ int) uint8 { return uint8(100 + x) })
	cr := flat(w/2, h/2, 1, 1, func(_, y int) uint8 { return uint8(120 + 2*y) })
	whole := jpegOf(t, jpeg.YCbCr, w, h, y, cb, cr)
	tables, rest := split(whole)
	tags := func(photometric uint64, n int, more ...tag) []tag {
		bits := make([]uint64, n)
		for i := range bits {
			bits[i] = 8
		}
		return append([]tag{{id: 256, values: []uint64{w - 3}}, {id: 257, values: []uint64{h - 5}}, {id: 258, values: bits}, {id: 259, values: []uint64{compJPEG}},
			{id: 262, values: []uint64{photometric}}, {id: 277, values: []uint64{uint64(n)}}}, more...)
	}
	tile := []tag{{id: 322, values: []uint64{w}}, {id: 323, values: []uint64{h}}}
	withTables := append([]tag{{id: 347, bytes: tables}}, tile...)
	for name, p := range map[string]page{
		"whole":       {where: tagTileOffsets, blocks: [][]byte{whole}, tags: tags(photoYCbCr, 3, tile...)},
		"with tables": {where: tagTileOffsets, blocks: [][]byte{rest}, tags: tags(photoYCbCr, 3, withTables...)},
	} {
		m, notes := decode(t, build(binary.LittleEndian, false, p))
		for py := range h - 5 {
			for px := range w - 3 {
				r, g, b := color.YCbCrToRGB(y.Pix[py*w+px], cb.Pix[py/2*w/2+px/2], cr.Pix[py/2*w/2+px/2])
				c := m.(*image.RGBA).RGBAAt(px, py)
				for k, d := range []int{int(c.R) - int(r), int(c.G) - int(g), int(c.B) - int(b)} {
					if d < -12 || d > 12 { // quantization
						t.Fatalf("%s: pixel %d, %d, channel %d is off by %d", name, px, py, k, d)
					}
				}
			}
		}
		if len(notes) > 0 {
			t.Errorf("%s: %q", name, notes)
		}
	}
	gray := jpegOf(t, jpeg.Gray, w, h, flat(w, h, 1, 1, func(x, y int) uint8 { return uint8(4*x + y) }))
	p := page{where: tagTileOffsets, blocks: [][]byte{gray, gray, gray}, tags: tags(photoRGB, 3, append(tile, tag{id: 284, values: []uint64{2}})...)}
	m, _ := decode(t, build(binary.LittleEndian, false, p))
	for px := range w - 3 {
		if c := m.(*image.RGBA).RGBAAt(px, 9); c.R != c.G || c.G != c.B || int(c.R)-4*px-9 < -4 || int(c.R)-4*px-9 > 4 {
			t.Fatalf("planar: pixel %d: %v", px, c)
		}
	}
	for want, p := range map[string]page{
		"strip 0: a JPEG of 48x32 pixels in blocks of 45x16": {where: tagStripOffsets, blocks: [][]byte{whole, whole}, tags: tags(photoYCbCr, 3, tag{id: 278, values: []uint64{16}})},
		"tile 0: a JPEG of 3 components for 1 samples":       {where: tagTileOffsets, blocks: [][]byte{whole}, tags: tags(blackIsZero, 1, tile...)},
		"tile 0: JPEG damaged: ":                             {where: tagTileOffsets, blocks: [][]byte{whole[:len(whole)-40]}, tags: tags(photoYCbCr, 3, tile...)},
	} {
		if err := failure(build(binary.LittleEndian, false, p)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if !bytes.HasPrefix(rest, []byte{0xff, 0xd8}) {
		t.Error("no SOI")
	}
}
