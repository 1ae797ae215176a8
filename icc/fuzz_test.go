package icc

import (
	"image"
	"testing"

	"github.com/imgpar/imgpar/internal/fuzztest"
)

// Whatever a profile says, it is refused or used, and what comes out is a picture, or a profile that can be read.
func FuzzParse(f *testing.F) {
	for _, p := range fixtures(f) {
		f.Add(p.data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzztest.Bound(t, data, 16<<20)()
		p, err := Parse(data)
		if err != nil {
			return
		}
		if n := len([]rune(p.Name())); n > maxName {
			t.Errorf("a name of %d characters", n)
		}
		if gray, err := p.Gray(); err == nil && gray != nil {
			if g, err := Parse(gray); err != nil || g.Space() != "GRAY" {
				t.Errorf("the profile for gray: %v", err)
			}
		}
		srgb := p.IsSRGB()
		tr, err := p.ToSRGB()
		if err != nil {
			if srgb {
				t.Errorf("sRGB, but not converted: %v", err)
			}
			return
		}
		r := image.Rect(0, 0, 5, 3)
		rgb, deep, inks, gray := image.NewNRGBA(r), image.NewNRGBA64(r), image.NewCMYK(r), image.NewGray16(r)
		for i := range deep.Pix {
			deep.Pix[i] = byte(i * 37)
		}
		copy(rgb.Pix, deep.Pix)
		copy(inks.Pix, deep.Pix)
		copy(gray.Pix, deep.Pix)
		for _, src := range []image.Image{rgb, deep, inks, gray} {
			if out, err := tr.Apply(t.Context(), src); err == nil && out.Bounds() != r {
				t.Errorf("%T: %v", src, out.Bounds())
			}
		}
	})
}
