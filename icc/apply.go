package icc

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
)

// rowsBetween is how many rows are converted before ctx is looked at.
const rowsBetween = 16

// Apply returns src in sRGB, and never changes src. A picture of 16 bits a channel keeps them, one with alpha its alpha,
// one with a palette the palette, converted; it shares the indices with src. Gray stays gray. *image.CMYK (255 is full
// ink) becomes *image.RGBA, as *image.YCbCr does, and what package image does not know, and *image.NYCbCrA,
// *image.NRGBA. Other pictures keep their type. It stops when ctx is done, with ctx's error. A picture that is not of the
// profile's space is an error; gray of a type for colours, such as gray with alpha, is of the space GRAY.
func (t *Transform) Apply(ctx context.Context, src image.Image) (image.Image, error) {
	b := src.Bounds()
	switch m := src.(type) {
	case *image.Gray, *image.Gray16:
		return t.grays(ctx, src)
	case *image.CMYK:
		out := image.NewRGBA(b)
		return out, t.inks(ctx, out, m)
	}
	if t.space == "CMYK" {
		return nil, t.misfit("colours without inks")
	}
	switch m := src.(type) {
	case *image.Paletted:
		return t.palette(m)
	case *image.RGBA:
		out := image.NewRGBA(b)
		return out, t.rows(ctx, b, func(y int) error {
			return t.premultiplied(out.Pix[out.PixOffset(b.Min.X, y):][:4*b.Dx()], m.Pix[m.PixOffset(b.Min.X, y):][:4*b.Dx()])
		})
	case *image.NRGBA:
		out := image.NewNRGBA(b)
		return out, t.rows(ctx, b, func(y int) error {
			return t.pixels.row8(out.Pix[out.PixOffset(b.Min.X, y):][:4*b.Dx()], m.Pix[m.PixOffset(b.Min.X, y):][:4*b.Dx()])
		})
	case *image.RGBA64:
		out := image.NewRGBA64(b)
		return out, t.rows(ctx, b, func(y int) error {
			return t.premultiplied16(out.Pix[out.PixOffset(b.Min.X, y):][:8*b.Dx()], m.Pix[m.PixOffset(b.Min.X, y):][:8*b.Dx()])
		})
	case *image.NRGBA64:
		out := image.NewNRGBA64(b)
		return out, t.rows(ctx, b, func(y int) error {
			return t.pixels.row16(out.Pix[out.PixOffset(b.Min.X, y):][:8*b.Dx()], m.Pix[m.PixOffset(b.Min.X, y):][:8*b.Dx()])
		})
	case *image.YCbCr:
		out := image.NewRGBA(b)
		return out, t.drawn(ctx, out, m, t.pixels.row8)
	case *image.NYCbCrA:
		return t.withAlpha(ctx, m)
	}
	out := image.NewNRGBA(b)
	return out, t.rows(ctx, b, func(y int) error {
		row := image.Rect(b.Min.X, y, b.Max.X, y+1)
		draw.Draw(out, row, src, row.Min, draw.Src)
		pix := out.Pix[out.PixOffset(b.Min.X, y):][:4*b.Dx()]
		return t.pixels.row8(pix, pix)
	})
}

// InPlaceCMYK is Apply for a picture that is not needed any more: the result takes its memory.
func (t *Transform) InPlaceCMYK(ctx context.Context, m *image.CMYK) (*image.RGBA, error) {
	out := &image.RGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}
	return out, t.inks(ctx, out, m)
}

func (t *Transform) misfit(what string) error {
	return fmt.Errorf("icc: a profile for %s on a picture of %s", t.space, what)
}

// rows calls do for every row of r, until ctx is done.
func (t *Transform) rows(ctx context.Context, r image.Rectangle, do func(y int) error) error {
	for y := r.Min.Y; y < r.Max.Y && !r.Empty(); y++ {
		if (y-r.Min.Y)%rowsBetween == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		if err := do(y); err != nil {
			return err
		}
	}
	return nil
}

func (t *Transform) inks(ctx context.Context, out *image.RGBA, m *image.CMYK) error {
	if t.space != "CMYK" {
		return t.misfit("inks")
	}
	b := m.Rect
	return t.rows(ctx, b, func(y int) error {
		return t.pixels.row8(out.Pix[out.PixOffset(b.Min.X, y):][:4*b.Dx()], m.Pix[m.PixOffset(b.Min.X, y):][:4*b.Dx()])
	})
}

// drawn draws src over and over a few rows of out and takes these on by row8.
func (t *Transform) drawn(ctx context.Context, out *image.RGBA, src *image.YCbCr, row8 func(dst, src []byte) error) error {
	b := out.Rect
	return t.rows(ctx, b, func(y int) error {
		if (y-b.Min.Y)%rowsBetween == 0 {
			draw.Draw(out, image.Rect(b.Min.X, y, b.Max.X, y+rowsBetween), src, image.Pt(b.Min.X, y), draw.Src)
		}
		pix := out.Pix[out.PixOffset(b.Min.X, y):][:4*b.Dx()]
		return row8(pix, pix)
	})
}

func (t *Transform) withAlpha(ctx context.Context, m *image.NYCbCrA) (image.Image, error) {
	out := image.NewNRGBA(m.Rect)
	opaque := &image.RGBA{Pix: out.Pix, Stride: out.Stride, Rect: out.Rect}
	if err := t.drawn(ctx, opaque, &m.YCbCr, t.pixels.row8); err != nil {
		return nil, err
	}
	return out, t.rows(ctx, m.Rect, func(y int) error {
		for x := m.Rect.Min.X; x < m.Rect.Max.X; x++ {
			out.Pix[out.PixOffset(x, y)+3] = m.A[m.AOffset(x, y)]
		}
		return nil
	})
}

func (t *Transform) palette(m *image.Paletted) (image.Image, error) {
	out := *m
	out.Palette = make(color.Palette, len(m.Palette))
	for i, c := range m.Palette {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		pix := []byte{n.R, n.G, n.B, n.A}
		if err := t.pixels.row8(pix, pix); err != nil {
			return nil, err
		}
		out.Palette[i] = color.NRGBA{pix[0], pix[1], pix[2], pix[3]}
		if n.A == 255 {
			out.Palette[i] = color.RGBA{pix[0], pix[1], pix[2], 255}
		}
	}
	return &out, nil
}

// premultiplied converts pixels whose colours are multiplied by their alpha.
func (t *Transform) premultiplied(dst, src []byte) error {
	if opaque(src) {
		return t.pixels.row8(dst, src)
	}
	copy(dst, src)
	for p := dst; len(p) >= 4; p = p[4:] {
		if a := uint32(p[3]); a > 0 && a < 255 {
			for i, c := range p[:3] {
				p[i] = uint8(min((uint32(c)*255+a/2)/a, 255))
			}
		}
	}
	if err := t.pixels.row8(dst, dst); err != nil {
		return err
	}
	for p := dst; len(p) >= 4; p = p[4:] {
		if a := uint32(p[3]); a < 255 {
			for i, c := range p[:3] {
				p[i] = uint8((uint32(c)*a + 127) / 255)
			}
		}
	}
	return nil
}

func opaque(pix []byte) bool {
	all := byte(255)
	for i := 3; i < len(pix); i += 4 {
		all &= pix[i]
	}
	return all == 255
}

// premultiplied16 is premultiplied for 16 bits a channel.
func (t *Transform) premultiplied16(dst, src []byte) error {
	copy(dst, src)
	for p := dst; len(p) >= 8; p = p[8:] {
		if a := uint64(p[6])<<8 | uint64(p[7]); a > 0 && a < 65535 {
			for i := 0; i < 6; i += 2 {
				c := min(((uint64(p[i])<<8|uint64(p[i+1]))*65535+a/2)/a, 65535)
				p[i], p[i+1] = uint8(c>>8), uint8(c)
			}
		}
	}
	if err := t.pixels.row16(dst, dst); err != nil {
		return err
	}
	for p := dst; len(p) >= 8; p = p[8:] {
		if a := uint64(p[6])<<8 | uint64(p[7]); a < 65535 {
			for i := 0; i < 6; i += 2 {
				c := ((uint64(p[i])<<8|uint64(p[i+1]))*a + 32767) / 65535
				p[i], p[i+1] = uint8(c>>8), uint8(c)
			}
		}
	}
	return nil
}
