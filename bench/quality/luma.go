package quality

import (
	"fmt"
	"image"
	"image/color"
	_ "image/gif" // registers its decoder, as those below
	_ "image/jpeg"
	_ "image/png"
	"math"

	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/tiff"

	"github.com/imgpar/imgpar/codec"
)

// plane holds samples from 0 to 255, row by row.
type plane struct {
	w, h int
	v    []float32
}

func newPlane(w, h int) plane { return plane{w, h, make([]float32, w*h)} }

func (p plane) size() image.Point { return image.Pt(p.w, p.h) }

// cut copies a part.
func (p plane) cut(x, y, w, h int) plane {
	c := newPlane(w, h)
	for i := range h {
		copy(c.v[i*w:][:w], p.v[(y+i)*p.w+x:])
	}
	return c
}

// readLuma reads the luma of a picture, upright.
func readLuma(name string) (plane, error) {
	f, fi, err := codec.Open(name)
	if err != nil {
		return plane{}, err
	}
	defer f.Close()
	header, err := codec.ReadHeader(f, fi.Size(), math.MaxInt64)
	if err != nil {
		return plane{}, fmt.Errorf("%s: %w", name, err)
	}
	m, _, err := image.Decode(f)
	if err != nil {
		return plane{}, fmt.Errorf("%s: %w", name, err)
	}
	if o, ok := m.(interface{ Opaque() bool }); ok && !o.Opaque() {
		return plane{}, fmt.Errorf("%s: the picture has transparency", name)
	}
	return luma(m).upright(header.Orientation), nil
}

func luma(m image.Image) plane {
	b := m.Bounds()
	p := newPlane(b.Dx(), b.Dy())
	for y := range p.h {
		row := p.v[y*p.w:][:p.w]
		switch m := m.(type) {
		case *image.YCbCr:
			fill(row, m.Y[m.YOffset(b.Min.X, b.Min.Y+y):])
		case *image.Gray:
			fill(row, m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):])
		default:
			for x := range row {
				row[x] = lumaOf(m.At(b.Min.X+x, b.Min.Y+y))
			}
		}
	}
	return p
}

func fill(row []float32, samples []uint8) {
	for x := range row {
		row[x] = float32(samples[x])
	}
}

// lumaOf is that of ITU-R BT.601, as JFIF has it.
func lumaOf(c color.Color) float32 {
	r, g, b, _ := c.RGBA()
	return float32(float64(299*r+587*g+114*b) / (1000 * 257)) // exact where r, g and b are the same
}

// upright undoes an orientation of EXIF, 1 to 8: from 5 on rows are columns; then the
// picture is mirrored at a vertical axis, at a horizontal one, or both.
func (p plane) upright(orientation int) plane {
	if orientation >= 5 {
		p = p.transposed()
	}
	var across, down bool
	switch orientation {
	case 1, 5:
		return p
	case 2, 6:
		across = true
	case 4, 8:
		down = true
	case 3, 7:
		across, down = true, true
	}
	m := newPlane(p.w, p.h)
	for i, v := range p.v {
		x, y := i%p.w, i/p.w
		if across {
			x = p.w - 1 - x
		}
		if down {
			y = p.h - 1 - y
		}
		m.v[y*p.w+x] = v
	}
	return m
}

func (p plane) transposed() plane {
	t := newPlane(p.h, p.w)
	for i, v := range p.v {
		t.v[i%p.w*t.w+i/p.w] = v
	}
	return t
}
