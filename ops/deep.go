package ops

import (
	"image"
	"slices"

	"github.com/imgpar/imgpar/resample"
)

// deepBand is how many rows of the result are made at once of samples with 16 bits.
const deepBand = 16

// bandHeight returns how many rows of the source are in memory for that at most, where part rows of h become out.
func bandHeight(f Filter, part, out, h int) int {
	reach := [...]int{Lanczos: 3, CatmullRom: 2, Linear: 1, Box: 1, Nearest: 0}[f]
	scale := max(1, float64(part)/float64(max(out, 1)))
	return int(min(float64(h), float64(deepBand+2*reach)*scale+4))
}

// deep scales by bands what deepRows reads, and returns what it writes.
func (s *scaler) deep(src image.Image, f frame, linear bool) (image.Image, error) {
	b := src.Bounds()
	rows := rowsOf(src, f.size, linear)
	x, y := s.axes(f, b.Dx(), b.Dy())
	if err := s.bands(rows, b.Dx(), f.size, x, y); err != nil {
		return nil, err
	}
	return rows.result(), nil
}

// bands makes a picture of that size, band by band, by the weights of x and y. Rows of the source, which are w pixels
// wide, are kept where two bands need them.
func (s *scaler) bands(rows deepRows, w int, size image.Point, x, y *resample.Axis) error {
	width, made := w*rows.channels, size.X*rows.channels
	s.made = slices.Grow(s.made[:0], deepBand*made)[:deepBand*made]
	begin, end := 0, 0 // the rows of the source that s.band has
	for row := 0; row < size.Y; row += deepBand {
		if err := s.ended(); err != nil {
			return err
		}
		n := min(deepBand, size.Y-row)
		part, lo, hi := y.Cut(row, row+n)
		if lo < begin || lo > end {
			begin, end = lo, lo
		}
		end = min(end, hi)
		kept := copy(s.band, s.band[(lo-begin)*width:(end-begin)*width])
		s.band = slices.Grow(s.band[:kept], (hi-lo)*width-kept)[:(hi-lo)*width]
		for begin = lo; end < hi; end++ {
			if err := rows.read(s.band[(end-lo)*width:][:width], end); err != nil {
				return err
			}
		}
		s.Uint16(s.made, made, s.band, width, rows.channels, x, part)
		for i := range n {
			rows.write(s.made[i*made:][:made], row+i)
		}
	}
	return nil
}

// deepRows are the rows of a picture as the mean of colours wants them: with 16 bits, proportional to light if that is
// asked for, and multiplied by their alpha. Rows of one channel are gray, those of four are colour and alpha.
type deepRows struct {
	channels int
	read     func(dst []uint16, y int) error // a row of the source
	write    func(src []uint16, y int)       // a row of the result
	result   func() image.Image
}

// rowsOf returns the rows of src and of a result of that size.
func rowsOf(src image.Image, size image.Point, linear bool) deepRows {
	r := image.Rectangle{Max: size}
	var c *curve
	if linear {
		c = sRGB()
	}
	switch src := src.(type) {
	case *image.Gray:
		out := image.NewGray(r)
		return deepRows{1,
			func(dst []uint16, y int) error { c.readGray(dst, src.Pix[y*src.Stride:]); return nil },
			func(row []uint16, y int) { c.writeGray(out.Pix[y*out.Stride:], row) },
			func() image.Image { return out }}
	case *image.Gray16:
		out := image.NewGray16(r)
		return deepRows{1,
			func(dst []uint16, y int) error { c.readGray16(dst, src.Pix[y*src.Stride:]); return nil },
			func(row []uint16, y int) { c.writeGray16(out.Pix[y*out.Stride:], row) },
			func() image.Image { return out }}
	case *image.NRGBA64:
		return c.deepColour(r, func(dst []uint16, y int) { c.readNRGBA64(dst, src.Pix[y*src.Stride:]) })
	case *image.RGBA64:
		return c.deepColour(r, func(dst []uint16, y int) { c.readRGBA64(dst, src.Pix[y*src.Stride:]) })
	case *image.RGBA:
		return c.colour(r, func(dst []uint16, y int) error { c.readRGBA(dst, src.Pix[y*src.Stride:]); return nil })
	case *image.NRGBA:
		return c.colour(r, func(dst []uint16, y int) error { c.readNRGBA(dst, src.Pix[y*src.Stride:]); return nil })
	}
	b := src.Bounds()
	return c.colour(r, func(dst []uint16, y int) error {
		n, err := toNRGBA(window(src, image.Rect(b.Min.X, b.Min.Y+y, b.Max.X, b.Min.Y+y+1)))
		if err != nil {
			return err
		}
		c.readNRGBA(dst, n.Pix)
		return nil
	})
}

func (c *curve) colour(r image.Rectangle, read func([]uint16, int) error) deepRows {
	out := image.NewNRGBA(r)
	return deepRows{4, read,
		func(row []uint16, y int) { c.writeNRGBA(out.Pix[y*out.Stride:], row) },
		func() image.Image { return plain(out) }}
}

func (c *curve) deepColour(r image.Rectangle, read func([]uint16, int)) deepRows {
	out := image.NewNRGBA64(r)
	return deepRows{4,
		func(dst []uint16, y int) error { read(dst, y); return nil },
		func(row []uint16, y int) { c.writeNRGBA64(out.Pix[y*out.Stride:], row) },
		func() image.Image { return plain64(out) }}
}

// window returns the pixels of src that lie in r.
func window(src image.Image, r image.Rectangle) image.Image {
	if s, ok := src.(interface {
		SubImage(image.Rectangle) image.Image
	}); ok {
		return s.SubImage(r)
	}
	return windowed{src, r}
}

type windowed struct {
	image.Image
	r image.Rectangle
}

func (w windowed) Bounds() image.Rectangle { return w.r }
