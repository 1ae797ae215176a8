package codec

import (
	"image"
	"image/color"
	"slices"
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
		n, deep, opaqueRGBA(n), &image.RGBA64{Pix: deep.Pix, Stride: deep.Stride, Rect: deep.Rect}, n.SubImage(part), deep.SubImage(part),
	} {
		out := Grays(img)
		if out == nil || out.Bounds().Size() != img.Bounds().Size() || IsDeep(out) != IsDeep(img) || !isGray(out) {
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
	got := []bool{IsGray(clear), IsGray(colour), IsGray(image.NewGray16(r)), IsGray(image.NewPaletted(r, color.Palette{color.Gray{9}}))}
	if !slices.Equal(got, []bool{true, false, true, true}) {
		t.Errorf("gray is %v", got)
	}
}
