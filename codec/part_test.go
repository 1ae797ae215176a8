package codec

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"testing"
)

// A crop shares the memory of the picture it is cut from. Encoding it must
// neither read beyond its last row nor write its neighbours' pixels.
func TestAPartOfAPictureIsWrittenLikeAWholeOne(t *testing.T) {
	full, part := image.Rect(0, 0, 23, 17), image.Rect(9, 5, 23, 17)
	pictures := []draw.Image{
		image.NewGray(full), image.NewGray16(full), image.NewRGBA(full), image.NewNRGBA(full),
		image.NewRGBA64(full), image.NewNRGBA64(full), image.NewPaletted(full, grays),
	}
	for _, img := range pictures {
		for y := range full.Dy() {
			for x := range full.Dx() {
				img.Set(x, y, color.Gray{Y: uint8(11*x + 3*y)})
			}
		}
		sub := img.(interface {
			SubImage(image.Rectangle) image.Image
		}).SubImage(part)
		for _, f := range []Format{PNG, TIFF, BMP, GIF} {
			var buf bytes.Buffer
			if _, err := Encode(&buf, sub, Options{Format: f}); err != nil {
				t.Errorf("%T to %s: %v", img, f, err)
				continue
			}
			got, err := Decode(context.Background(), buf.Bytes(), DecodeOptions{MaxPixels: MaxPixels})
			if err != nil {
				t.Errorf("%T from %s: %v", img, f, err)
				continue
			}
			for y := range part.Dy() {
				for x := range part.Dx() {
					have := color.GrayModel.Convert(got.Image.At(x, y))
					want := color.GrayModel.Convert(sub.At(part.Min.X+x, part.Min.Y+y))
					if have != want {
						t.Fatalf("%T in %s at %d,%d: %v, want %v", img, f, x, y, have, want)
					}
				}
			}
		}
	}
}
