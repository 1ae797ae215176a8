package codec

import (
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
)

// paletted returns img with a palette and binary transparency, and notes what
// that loses.
func paletted(img image.Image) (p *image.Paletted, lost []string) {
	if m, ok := img.(*image.Paletted); ok && m.Rect.Min == (image.Point{}) && fitsGIF(m.Palette) {
		return m, nil
	}
	b := img.Bounds()
	r := image.Rect(0, 0, b.Dx(), b.Dy())
	if g, ok := img.(*image.Gray); ok {
		p = image.NewPaletted(r, grays)
		for y := range r.Dy() {
			copy(p.Pix[y*p.Stride:][:r.Dx()], g.Pix[g.PixOffset(b.Min.X, b.Min.Y+y):])
		}
		return p, nil
	}
	src := nrgba(img)
	if binaryAlpha(src) {
		lost = append(lost, "half transparency became full or none")
	}
	if pal := fewColors(src); pal != nil {
		p = image.NewPaletted(r, pal)
		index := make(map[color.NRGBA]uint8, len(pal))
		for i, c := range pal {
			index[c.(color.NRGBA)] = uint8(i)
		}
		for i := range p.Pix {
			p.Pix[i] = index[gifColor(src.Pix[4*i:])]
		}
		return p, lost
	}
	pal := palette.Plan9
	if !src.Opaque() {
		// A dark blue, the second colour, makes room.
		pal = append(color.Palette{color.NRGBA{}, palette.Plan9[0]}, palette.Plan9[2:]...)
	}
	p = image.NewPaletted(r, pal)
	draw.FloydSteinberg.Draw(p, r, src, image.Point{})
	return p, append(lost, "colours reduced to 256")
}

// fitsGIF tells whether GIF holds a palette as it is: one colour may be
// transparent, the others are opaque.
func fitsGIF(p color.Palette) bool {
	clear := 0
	for _, c := range p {
		switch _, _, _, a := c.RGBA(); a {
		case 0:
			clear++
		case 0xffff:
		default:
			return false
		}
	}
	return clear <= 1
}

// binaryAlpha makes every pixel opaque or transparent, in place, and tells
// whether one was neither.
func binaryAlpha(m *image.NRGBA) (changed bool) {
	for i := 3; i < len(m.Pix); i += 4 {
		switch a := m.Pix[i]; {
		case a == 0 || a == 255:
			continue
		case a < 128:
			m.Pix[i] = 0
		default:
			m.Pix[i] = 255
		}
		changed = true
	}
	return changed
}

var grays = func() color.Palette {
	p := make(color.Palette, 256)
	for i := range p {
		p[i] = color.Gray{Y: uint8(i)}
	}
	return p
}()

// gifColor returns the pixel at the start of pix, of which there is but one
// that is transparent.
func gifColor(pix []uint8) color.NRGBA {
	if pix[3] == 0 {
		return color.NRGBA{}
	}
	return color.NRGBA{pix[0], pix[1], pix[2], 255}
}

// fewColors returns the palette of a picture of at most 256 colours, in order
// of appearance, and nil for others.
func fewColors(m *image.NRGBA) color.Palette {
	seen := make(map[color.NRGBA]bool)
	var pal color.Palette
	for i := 0; i < len(m.Pix); i += 4 {
		c := gifColor(m.Pix[i:])
		if seen[c] {
			continue
		}
		if len(pal) == 256 {
			return nil
		}
		seen[c] = true
		pal = append(pal, c)
	}
	return pal
}
