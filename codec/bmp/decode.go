package bmp

import (
	"context"
	"encoding/binary"
	"image"
	"slices"
)

// Picture is a decoded BMP.
type Picture struct {
	Image   image.Image // *image.Paletted, *image.RGBA, or with alpha *image.NRGBA
	Unset   int         // pixels that run-length encoding left out
	NoAlpha bool        // alpha was 0 everywhere, and is taken for none
}

// rowsBetween is how many rows are read between two looks at the context.
const rowsBetween = 64

// Decode reads the picture of a whole file that Parse has read the header of.
// It ends early with ctx's error.
func (f *File) Decode(ctx context.Context, data []byte) (*Picture, error) {
	if err := f.check(int64(len(data))); err != nil {
		return nil, err
	}
	p := &Picture{}
	r := image.Rect(0, 0, f.Width, f.Height)
	var err error
	switch {
	case f.Palette != nil:
		m := image.NewPaletted(r, f.Palette)
		p.Image = m
		if f.coding.rle() {
			p.Unset, err = f.runs(ctx, data, m.Pix)
			return p, err
		}
		return p, f.rows(ctx, data, m.Pix, m.Stride, f.indices())
	case f.Alpha:
		m := image.NewNRGBA(r)
		p.Image = m
		err = f.rows(ctx, data, m.Pix, m.Stride, f.colours())
		p.NoAlpha = withoutAlpha(m)
		return p, err
	}
	m := image.NewRGBA(r)
	p.Image = m
	if f.coding.rle() {
		opaque(m.Pix)
		p.Unset, err = f.runs(ctx, data, m.Pix)
		return p, err
	}
	return p, f.rows(ctx, data, m.Pix, m.Stride, f.colours())
}

// check refuses a picture that the file cannot hold.
func (f *File) check(size int64) error {
	switch {
	case f.Width <= 0 || f.Height <= 0:
		return formatf(fileHeader+4, "has %dx%d pixels", f.Width, f.Height)
	case float64(f.Width)*float64(f.Height) > f.PixelsPerByte()*float64(size):
		return formatf(size, "ends too early")
	case f.coding.rle():
		return nil
	}
	// The padding of the last row may be left out.
	if need := f.pixels + f.stride()*int64(f.Height-1) + f.rowBytes(); need > size {
		return formatf(size, "ends too early")
	}
	return nil
}

// rowBytes are the bytes of a row, and stride those to the next, a multiple of
// four.
func (f *File) rowBytes() int64 { return (int64(f.Width)*int64(f.PixelBits) + 7) / 8 }
func (f *File) stride() int64   { return (f.rowBytes() + 3) &^ 3 }

// rows reads uncompressed rows, each by a function that fills dst from src.
func (f *File) rows(ctx context.Context, data []byte, pix []uint8, stride int, read func(dst, src []byte) error) error {
	for i := range f.Height {
		if i%rowsBetween == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		y := f.Height - 1 - i
		if f.TopDown {
			y = i
		}
		at := f.pixels + int64(i)*f.stride()
		if err := read(pix[y*stride:][:stride], data[at:][:f.rowBytes()]); err != nil {
			err.(*FormatError).Offset = at
			return err
		}
	}
	return nil
}

// indices returns what reads a row of a palette picture.
func (f *File) indices() func(dst, src []byte) error {
	bits := f.PixelBits
	perByte, mask := 8/bits, byte(1<<bits-1)
	return func(dst, src []byte) error {
		if bits == 8 {
			copy(dst, src)
		} else {
			for x := range dst {
				dst[x] = src[x/perByte] >> (8 - bits - x%perByte*bits) & mask
			}
		}
		if len(f.Palette) > int(mask) {
			return nil
		}
		return f.checkIndex(slices.Max(dst))
	}
}

func (f *File) checkIndex(i byte) error {
	if int(i) >= len(f.Palette) {
		return formatf(0, "has palette index %d of %d colours", i, len(f.Palette))
	}
	return nil
}

// colours returns what reads a row of colours into red, green, blue, alpha.
func (f *File) colours() func(dst, src []byte) error {
	m := f.fields
	size := f.PixelBits / 8
	if m[0].mask == 0xff0000 && m[1].mask == 0xff00 && m[2].mask == 0xff && (!f.Alpha || m[3].mask == 0xff000000) {
		return func(dst, src []byte) error {
			wholeBytes(dst, src, size, f.Alpha)
			return nil
		}
	}
	return func(dst, src []byte) error {
		for ; len(dst) > 0; dst, src = dst[4:], src[size:] {
			p := uint32(binary.LittleEndian.Uint16(src))
			if size == 4 {
				p = binary.LittleEndian.Uint32(src)
			}
			dst[0], dst[1], dst[2], dst[3] = m[0].value(p), m[1].value(p), m[2].value(p), 255
			if f.Alpha {
				dst[3] = m[3].value(p)
			}
		}
		return nil
	}
}

// wholeBytes reads a row whose channels are bytes: blue, green, red, and, with
// a size of 4, alpha or nothing.
func wholeBytes(dst, src []byte, size int, alpha bool) {
	if size == 3 {
		for ; len(dst) >= 4 && len(src) >= 3; dst, src = dst[4:], src[3:] {
			dst[0], dst[1], dst[2], dst[3] = src[2], src[1], src[0], 255
		}
		return
	}
	keep := byte(255)
	if alpha {
		keep = 0
	}
	for ; len(dst) >= 4 && len(src) >= 4; dst, src = dst[4:], src[4:] {
		dst[0], dst[1], dst[2], dst[3] = src[2], src[1], src[0], src[3]|keep
	}
}

// withoutAlpha makes a picture opaque that is transparent everywhere, and
// tells whether it was.
func withoutAlpha(m *image.NRGBA) bool {
	for i := 3; i < len(m.Pix); i += 4 {
		if m.Pix[i] != 0 {
			return false
		}
	}
	opaque(m.Pix)
	return true
}

func opaque(pix []uint8) {
	for i := 3; i < len(pix); i += 4 {
		pix[i] = 255
	}
}
