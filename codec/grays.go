package codec

import (
	"bytes"
	"image"
	"image/draw"

	"github.com/imgpar/imgpar/codec/tiff"
)

// IsGray tells whether a picture has no colours: by its type or its palette, or,
// where it has transparency, by its pixels.
func IsGray(img image.Image) bool { return isGray(img) || tiff.IsGrayAlpha(img) }

// Grays returns an opaque picture of red, green and blue that are alike in every
// pixel as one of gray with the same depth, and nil for any other.
func Grays(img image.Image) image.Image {
	size := 1
	switch img.(type) {
	case *image.RGBA, *image.NRGBA:
	case *image.RGBA64, *image.NRGBA64:
		size = 2
	default:
		return nil
	}
	pix, stride := memory(img)
	b := img.Bounds()
	for y := range b.Dy() {
		for row := pix[y*stride:][:4*size*b.Dx()]; len(row) > 0; row = row[4*size:] {
			if !bytes.Equal(row[:size], row[size:2*size]) || !bytes.Equal(row[:size], row[2*size:3*size]) {
				return nil
			}
		}
	}
	if !isOpaque(img) {
		return nil
	}
	if size == 1 {
		return gray(img)
	}
	out := image.NewGray16(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Rect, img, b.Min, draw.Src)
	return out
}
