package gif

import (
	"image"
	"image/color"
	"image/draw"
)

// Paletted returns a picture as a GIF has it: with a palette of at most 256
// colours, of which one may be transparent. It shares the memory of one that is so
// already. The notes tell what that loses.
func Paletted(img image.Image) (p *image.Paletted, lost []string) {
	if m, ok := img.(*image.Paletted); ok && m.Rect.Min == (image.Point{}) && fits(m.Palette) {
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
	src := image.NewNRGBA(r)
	draw.Draw(src, r, img, b.Min, draw.Src)
	if binaryAlpha(src) {
		lost = append(lost, lostHalfAlpha)
	}
	if p := fewColours(src); p != nil {
		return p, lost
	}
	return dithered(src), append(lost, lostColours)
}

// dithered reduces a picture to 256 colours, of which one is transparent if it
// has holes. The error of a pixel goes on to its neighbours, after Floyd and
// Steinberg, on every other line from right to left, but not into holes.
func dithered(src *image.NRGBA) *image.Paletted {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	hole := -1
	most := 256
	if !src.Opaque() {
		most, hole = 255, 255
	}
	colours := quantize(src, most)
	out := image.NewPaletted(image.Rect(0, 0, w, h), make(color.Palette, len(colours), 256))
	for i, c := range colours {
		out.Palette[i] = color.NRGBA{uint8(c[0] >> 4), uint8(c[1] >> 4), uint8(c[2] >> 4), 255}
	}
	if hole >= 0 {
		hole = len(colours)
		out.Palette = append(out.Palette, color.NRGBA{})
	}
	near := newNearest(colours, w*h)
	above, below := make([]rgb, w+2), make([]rgb, w+2) // errors, each at its x + 1
	for y := range h {
		row := src.Pix[y*src.Stride:][:4*w]
		x, step := 0, 1
		if y%2 == 1 {
			x, step = w-1, -1
		}
		for range w {
			p := row[4*x : 4*x+4 : 4*x+4]
			if p[3] == 0 {
				out.Pix[y*out.Stride+x] = uint8(hole)
				above[x+1] = rgb{}
				x += step
				continue
			}
			var want rgb
			for k := range want {
				want[k] = min(max(int32(p[k])<<4+(above[x+1][k]+8)>>4, 0), 255<<4)
			}
			i := near.find(want)
			out.Pix[y*out.Stride+x] = i
			for k := range want {
				e := (want[k] - colours[i][k]) * ditherStrength / 16
				above[x+1+step][k] += 7 * e
				below[x+1-step][k] += 3 * e
				below[x+1][k] += 5 * e
				below[x+1+step][k] += e
			}
			x += step
		}
		above, below = below, above
		clear(below)
	}
	return out
}

// ditherStrength is how many sixteenths of an error go on. All of them would
// give the mean of every area, and more noise.
const ditherStrength = 12

// fits tells whether GIF holds a palette as it is: one colour may be
// transparent, the others are opaque.
func fits(p color.Palette) bool {
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

// colourAt returns the pixel at the start of pix, of which there is but one
// that is transparent.
func colourAt(pix []uint8) color.NRGBA {
	if pix[3] == 0 {
		return color.NRGBA{}
	}
	return color.NRGBA{pix[0], pix[1], pix[2], 255}
}

// fewColours returns a picture of at most 256 colours with a palette of these, in
// order of appearance, and nil for others.
func fewColours(m *image.NRGBA) *image.Paletted {
	var (
		w, h  = m.Rect.Dx(), m.Rect.Dy()
		out   = image.NewPaletted(image.Rect(0, 0, w, h), nil)
		index = make(map[color.NRGBA]uint8)
		last  color.NRGBA // runs of a colour are common
		at    uint8
	)
	for y := range h {
		for x := range w {
			c := colourAt(m.Pix[y*m.Stride+4*x:])
			if c != last || len(index) == 0 {
				i, seen := index[c]
				if !seen {
					if len(index) == 256 {
						return nil
					}
					i = uint8(len(index))
					index[c] = i
					out.Palette = append(out.Palette, c)
				}
				last, at = c, i
			}
			out.Pix[y*out.Stride+x] = at
		}
	}
	return out
}
