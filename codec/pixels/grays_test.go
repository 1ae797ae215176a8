package pixels

import (
	"image"
	"image/color"
	"testing"
)

func TestGraysAreTheValues(t *testing.T) {
	n, deep := image.NewNRGBA(image.Rect(0, 0, 257, 3)), image.NewNRGBA64(image.Rect(0, 0, 257, 3))
	for y := range 3 {
		for x := range 257 {
			n.SetNRGBA(x, y, color.NRGBA{uint8(x + y), uint8(x + y), uint8(x + y), 255})
			v := uint16(255*x + y)
			deep.SetNRGBA64(x, y, color.NRGBA64{v, v, v, 65535})
		}
	}
	part := image.Rect(5, 1, 257, 3)
	for _, img := range []image.Image{
		n, deep, &image.RGBA{Pix: n.Pix, Stride: n.Stride, Rect: n.Rect}, &image.RGBA64{Pix: deep.Pix, Stride: deep.Stride, Rect: deep.Rect}, n.SubImage(part), deep.SubImage(part),
	} {
		out := Grays(img)
		wide := false
		switch img.(type) {
		case *image.NRGBA64, *image.RGBA64:
			wide = true
		}
		if _, ok := out.(*image.Gray16); ok != wide || out == nil || out.Bounds().Size() != img.Bounds().Size() {
			t.Fatalf("%T: %T", img, out)
		}
		b := img.Bounds()
		for y := range b.Dy() {
			for x := range b.Dx() {
				want, _, _, _ := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
				if got, _, _, _ := out.At(x, y).RGBA(); got != want {
					t.Fatalf("%T: %d at %d,%d, want %d", img, got, x, y, want)
				}
			}
		}
	}
}

func TestNoGraysOfWhatIsMore(t *testing.T) {
	r := image.Rect(0, 0, 4, 4)
	clear, colour, deep := image.NewNRGBA(r), image.NewRGBA(r), image.NewRGBA64(r)
	for i := range colour.Pix {
		colour.Pix[i], clear.Pix[i] = 255, 255
	}
	colour.Pix[62], clear.Pix[63] = 254, 254
	for i := range deep.Pix {
		deep.Pix[i] = 255
	}
	deep.Pix[3] = 254 // the low byte of green
	for _, img := range []image.Image{clear, colour, deep, image.NewGray(r), image.NewYCbCr(r, image.YCbCrSubsampleRatio444)} {
		if out := Grays(img); out != nil {
			t.Errorf("%T became %T", img, out)
		}
	}
}
