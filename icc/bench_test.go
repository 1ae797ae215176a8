package icc

import (
	"image"
	"testing"
)

// One operation is one pixel.
func BenchmarkApply(b *testing.B) {
	r := image.Rect(0, 0, 1000, 200)
	rgb, deep, inks, gray := image.NewRGBA(r), image.NewRGBA64(r), image.NewCMYK(r), image.NewGray(r)
	noise(gray, inks.Pix, 4)
	noise(gray, gray.Pix, 1)
	for i, v := range inks.Pix { // ramps with noise on them
		inks.Pix[i] = v/8 + byte(i/4%1000/5)
	}
	copy(rgb.Pix, inks.Pix)
	copy(deep.Pix, inks.Pix)
	copy(deep.Pix[len(inks.Pix):], inks.Pix)
	for i := 3; i < len(rgb.Pix); i += 4 {
		rgb.Pix[i], deep.Pix[2*i], deep.Pix[2*i+1] = 255, 255, 255
	}
	for i := 6; i < len(deep.Pix); i += 8 {
		deep.Pix[i], deep.Pix[i+1] = 255, 255
	}
	ycc := image.NewYCbCr(r, image.YCbCrSubsampleRatio420)
	copy(ycc.Y, gray.Pix)
	for _, c := range []struct {
		name, profile string
		img           image.Image
	}{
		{"RGB by matrix", "DisplayP3-v4", rgb}, {"YCbCr by matrix", "DisplayP3-v4", ycc}, {"RGB by matrix, 16 bits", "DisplayP3-v4", deep},
		{"RGB by table", "RGB lut16", rgb}, {"CMYK by table", "CGATS001Compat-v2-micro", inks}, {"gray", "dot gain", gray},
	} {
		tr := transform(b, find(b, c.profile))
		b.Run(c.name, func(b *testing.B) {
			for range (b.N + r.Dx()*r.Dy() - 1) / (r.Dx() * r.Dy()) {
				if _, err := tr.Apply(b.Context(), c.img); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// What a picture costs before its first pixel.
func BenchmarkToSRGB(b *testing.B) {
	for _, name := range []string{"DisplayP3-v4", "P3 by table", "CGATS001Compat-v2-micro", "CMYK mAB"} {
		data := find(b, name)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				transform(b, data)
			}
		})
	}
}

func BenchmarkGrayProfile(b *testing.B) {
	data := find(b, "Adobe RGB")
	for b.Loop() {
		if _, err := parsed(b, data).Gray(); err != nil {
			b.Fatal(err)
		}
	}
}
