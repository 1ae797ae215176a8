package pixels

import (
	"image"
	"image/color"
	"image/draw"
	"testing"
)

func TestGrayWithAlphaIsSeen(t *testing.T) {
	r := image.Rect(0, 0, 3, 2)
	for _, m := range []draw.Image{image.NewRGBA(r), image.NewNRGBA(r), image.NewRGBA64(r), image.NewNRGBA64(r)} {
		draw.Draw(m, r, image.NewUniform(color.Gray{90}), image.Point{}, draw.Src)
		if IsGrayAlpha(m) {
			t.Errorf("%T: opaque grays", m)
		}
		m.Set(1, 1, color.NRGBA{50, 50, 50, 128})
		if !IsGrayAlpha(m) {
			t.Errorf("%T: grays, one half transparent", m)
		}
		m.Set(2, 1, color.NRGBA64{0x3232, 0x3232, 0x4232, 0xffff})
		if IsGrayAlpha(m) {
			t.Errorf("%T: a colour", m)
		}
	}
	if IsGrayAlpha(image.NewGray(r)) || IsGrayAlpha(image.NewPaletted(r, color.Palette{color.Transparent})) {
		t.Error("a picture of one channel")
	}
}

// Every type comes out as its colour model has it.
func TestStraightPixels(t *testing.T) {
	r := image.Rect(2, 3, 7, 7)
	rgba := image.NewRGBA(image.Rect(0, 0, 9, 9))
	for i := range rgba.Pix {
		rgba.Pix[i] = uint8(5*i) | 3
	}
	solid := image.NewRGBA(r)
	draw.Draw(solid, r, image.NewUniform(color.RGBA{9, 8, 7, 255}), image.Point{}, draw.Src)
	gray := image.NewGray(image.Rect(0, 0, 9, 9))
	copy(gray.Pix, rgba.Pix)
	paletted := image.NewPaletted(r, color.Palette{color.NRGBA{1, 2, 3, 0}, color.NRGBA{200, 100, 50, 9}})
	paletted.SetColorIndex(4, 4, 1)
	nrgba := image.NewNRGBA(r)
	copy(nrgba.Pix, rgba.Pix)
	ycbcr := image.NewNYCbCrA(r, image.YCbCrSubsampleRatio420)
	for i := range ycbcr.Y {
		ycbcr.Y[i], ycbcr.A[i] = uint8(9*i), uint8(11*i)
	}
	for _, img := range []image.Image{solid, gray.SubImage(r), paletted, nrgba, ycbcr, &ycbcr.YCbCr} {
		pix, stride := Straight(img, false)
		for y := range r.Dy() {
			for x := range r.Dx() {
				p := pix[y*stride+4*x:]
				got, c := color.NRGBA{p[0], p[1], p[2], p[3]}, img.At(r.Min.X+x, r.Min.Y+y)
				want, isStraight := c.(color.NRGBA)
				if v, ok := c.(color.NYCbCrA); ok {
					want.R, want.G, want.B = color.YCbCrToRGB(v.Y, v.Cb, v.Cr)
					want.A, isStraight = v.A, true
				}
				if !isStraight {
					want = color.NRGBAModel.Convert(c).(color.NRGBA)
				}
				if got != want {
					t.Fatalf("%T at %d,%d: %v, want %v", img, x, y, got, want)
				}
			}
		}
		if deep, stride := Straight(img, true); len(deep) < (r.Dy()-1)*stride+8*r.Dx() {
			t.Errorf("%T: %d bytes of 16 bits a channel", img, len(deep))
		}
	}
}

func TestNearlyTransparentColoursStay(t *testing.T) {
	m := image.NewNRGBA64(image.Rect(3, 4, 6, 6))
	for y := 4; y < 6; y++ {
		for x := 3; x < 6; x++ {
			m.SetNRGBA64(x, y, color.NRGBA64{0x1234, uint16(x) << 12, uint16(y) << 13, 0x0100})
		}
	}
	pix, stride := Straight(m.SubImage(image.Rect(4, 4, 6, 6)), false)
	for y := range 2 {
		for x := range 2 {
			got := [4]byte(pix[y*stride+4*x:])
			if want := [4]byte{0x12, byte(x+4) << 4, byte(y+4) << 5, 1}; got != want {
				t.Errorf("%d,%d: %v, want %v", x, y, got, want)
			}
		}
	}
}
