package ops

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"github.com/imgpar/imgpar/internal/jfif"
)

// toNRGBA returns src with its top left corner at 0,0 and 8 bits a channel. It shares memory with src where it can: the
// caller must not write to it.
func toNRGBA(src image.Image) (*image.NRGBA, error) {
	if p, ok := src.(*image.Paletted); ok {
		if err := checkPalette(p); err != nil {
			return nil, err
		}
		return unpalette(p), nil
	}
	out := sharedNRGBA(src)
	if b := out.Rect; !b.Empty() && len(out.Pix) < (b.Dy()-1)*out.Stride+4*b.Dx() {
		return nil, fmt.Errorf("the picture's memory is too short for %dx%d pixels", b.Dx(), b.Dy())
	}
	return out, nil
}

func sharedNRGBA(src image.Image) *image.NRGBA {
	switch src := src.(type) {
	case *image.NRGBA:
		return &image.NRGBA{Pix: src.Pix, Stride: src.Stride, Rect: atZero(src)}
	case *image.RGBA:
		if src.Opaque() { // then premultiplied and straight alpha are the same bytes
			return &image.NRGBA{Pix: src.Pix, Stride: src.Stride, Rect: atZero(src)}
		}
	case *image.NRGBA64:
		return highBytes(src)
	}
	return drawn(src)
}

// drawn copies src into a new picture through image/draw, which has fast paths for the opaque types into RGBA.
func drawn(src image.Image) *image.NRGBA {
	out := image.NewNRGBA(atZero(src))
	if m, ok := src.(*image.YCbCr); ok {
		jfif.ToRGBA(out.Pix, out.Stride, m)
		return out
	}
	var dst draw.Image = out
	if opaque(src) {
		dst = &image.RGBA{Pix: out.Pix, Stride: out.Stride, Rect: out.Rect}
	}
	draw.Draw(dst, out.Rect, src, src.Bounds().Min, draw.Src)
	return out
}

// highBytes goes around image/draw, which would lose the colour of nearly transparent pixels by premultiplying.
func highBytes(src *image.NRGBA64) *image.NRGBA {
	out := image.NewNRGBA(atZero(src))
	w, h := out.Rect.Dx(), out.Rect.Dy()
	for y := range h {
		from, to := src.Pix[y*src.Stride:][:8*w], out.Pix[y*out.Stride:][:4*w]
		for i := range to {
			to[i] = from[2*i]
		}
	}
	return out
}

func unpalette(p *image.Paletted) *image.NRGBA {
	var colours [256]color.NRGBA
	for i, c := range p.Palette[:min(len(p.Palette), 256)] {
		colours[i] = color.NRGBAModel.Convert(c).(color.NRGBA)
	}
	out := image.NewNRGBA(atZero(p))
	w, h := out.Rect.Dx(), out.Rect.Dy()
	for y := range h {
		row := out.Pix[y*out.Stride:]
		for x, index := range p.Pix[y*p.Stride:][:w] {
			c := colours[index]
			d := row[4*x : 4*x+4 : 4*x+4]
			d[0], d[1], d[2], d[3] = c.R, c.G, c.B, c.A
		}
	}
	return out
}

// checkPalette finds the pixels of a paletted picture that have no colour. Other pictures have none such.
func checkPalette(src image.Image) error {
	p, ok := src.(*image.Paletted)
	if !ok || len(p.Palette) >= 256 {
		return nil
	}
	w, h := p.Rect.Dx(), p.Rect.Dy()
	for y := range h {
		for _, index := range p.Pix[y*p.Stride:][:w] {
			if int(index) >= len(p.Palette) {
				return fmt.Errorf("palette index %d of %d colours", index, len(p.Palette))
			}
		}
	}
	return nil
}

// toNRGBA64 is toNRGBA for 16 bits a channel.
func toNRGBA64(src image.Image) *image.NRGBA64 {
	switch src := src.(type) {
	case *image.NRGBA64:
		return &image.NRGBA64{Pix: src.Pix, Stride: src.Stride, Rect: atZero(src)}
	case *image.RGBA64:
		if src.Opaque() {
			return &image.NRGBA64{Pix: src.Pix, Stride: src.Stride, Rect: atZero(src)}
		}
	}
	out := image.NewNRGBA64(atZero(src))
	draw.Draw(out, out.Rect, src, src.Bounds().Min, draw.Src)
	return out
}

// plain returns a picture without transparency as *image.RGBA, the type that encoders are quick with.
func plain(n *image.NRGBA) image.Image {
	if n.Opaque() {
		return &image.RGBA{Pix: n.Pix, Stride: n.Stride, Rect: n.Rect}
	}
	return n
}

func plain64(n *image.NRGBA64) image.Image {
	if n.Opaque() {
		return &image.RGBA64{Pix: n.Pix, Stride: n.Stride, Rect: n.Rect}
	}
	return n
}

// plainOf is plain and plain64 for a picture of any type.
func plainOf(img image.Image) image.Image {
	switch img := img.(type) {
	case *image.NRGBA:
		return plain(img)
	case *image.NRGBA64:
		return plain64(img)
	}
	return img
}

// isDeep tells whether a picture has 16 bits a channel.
func isDeep(img image.Image) bool {
	switch img.(type) {
	case *image.Gray16, *image.RGBA64, *image.NRGBA64:
		return true
	}
	return false
}

// atZero returns the bounds of src, moved to 0,0.
func atZero(src image.Image) image.Rectangle {
	return image.Rectangle{Max: src.Bounds().Size()}
}

// opaque reports whether src is known to have no transparent pixel.
func opaque(src image.Image) bool {
	o, ok := src.(interface{ Opaque() bool })
	return ok && o.Opaque()
}
