// Package pixels gives the memory of pictures of any type in one form, and says
// what is in it, for those who write files and compare frames.
package pixels

import (
	"image"
	"image/color"
	"image/draw"

	"github.com/imgpar/imgpar/internal/jfif"
)

// Straight returns the pixels of a picture as they stand in an *image.NRGBA or, with
// deep, in an *image.NRGBA64, and the bytes from one row to the next. They may be
// those of the picture itself, and are not to be written to.
// Colours are not premultiplied.
func Straight(img image.Image, deep bool) (pix []byte, stride int) {
	b := img.Bounds()
	if deep {
		m := nrgba64(img)
		return m.Pix, m.Stride
	}
	switch m := img.(type) {
	case *image.NRGBA:
		return m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], m.Stride
	case *image.RGBA:
		if m.Opaque() { // premultiplied or not is the same
			return m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], m.Stride
		}
	case *image.NRGBA64:
		return highBytes(m), 4 * b.Dx()
	case *image.Paletted:
		return lookUp(m), 4 * b.Dx()
	case *image.Gray:
		pix = make([]byte, 0, 4*b.Dx()*b.Dy())
		for y := range b.Dy() {
			for _, v := range m.Pix[y*m.Stride:][:b.Dx()] {
				pix = append(pix, v, v, v, 255)
			}
		}
		return pix, 4 * b.Dx()
	case *image.YCbCr:
		pix = make([]byte, 4*b.Dx()*b.Dy())
		jfif.ToRGBA(pix, 4*b.Dx(), m)
		return pix, 4 * b.Dx()
	case *image.NYCbCrA:
		pix = make([]byte, 4*b.Dx()*b.Dy())
		jfif.ToRGBA(pix, 4*b.Dx(), &m.YCbCr)
		for y := range b.Dy() {
			for x, a := range m.A[y*m.AStride:][:b.Dx()] {
				pix[4*(y*b.Dx()+x)+3] = a
			}
		}
		return pix, 4 * b.Dx()
	}
	m := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(m, m.Rect, img, b.Min, draw.Src)
	return m.Pix, m.Stride
}

// highBytes returns the upper 8 bits of each channel: premultiplied on the way,
// what is nearly transparent would lose its colour.
func highBytes(m *image.NRGBA64) []byte {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	pix := make([]byte, 4*w*h)
	for y := range h {
		from, to := m.Pix[y*m.Stride:][:8*w], pix[4*w*y:][:4*w]
		for i := range to {
			to[i] = from[2*i]
		}
	}
	return pix
}

// lookUp returns the colours of a picture with a palette.
func lookUp(m *image.Paletted) []byte {
	var colours [256][4]byte
	for i, c := range m.Palette {
		v := color.NRGBAModel.Convert(c).(color.NRGBA)
		colours[i] = [4]byte{v.R, v.G, v.B, v.A}
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	pix := make([]byte, 0, 4*w*h)
	for y := range h {
		for _, i := range m.Pix[y*m.Stride:][:w] {
			pix = append(pix, colours[i][:]...)
		}
	}
	return pix
}

func nrgba64(img image.Image) *image.NRGBA64 {
	if m, ok := img.(*image.NRGBA64); ok && m.Rect.Min == (image.Point{}) {
		return m
	}
	b := img.Bounds()
	out := image.NewNRGBA64(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			out.SetNRGBA64(x, y, color.NRGBA64Model.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.NRGBA64))
		}
	}
	return out
}
