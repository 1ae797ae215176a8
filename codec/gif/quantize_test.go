package gif

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// A palette entry is found as looking at all of them finds it.
func TestNearestIsTheNearest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 17, 256} {
		palette := make([]rgb, n)
		for i := range palette {
			palette[i] = rgb{r.Int32N(256) << 4, r.Int32N(64) << 4, r.Int32N(256) << 4}
		}
		for _, questions := range []int{0, 1 << 20} {
			near := newNearest(palette, questions)
			for range 20_000 {
				c := rgb{r.Int32N(255<<4 + 1), r.Int32N(255<<4 + 1), r.Int32N(255<<4 + 1)}
				want, least := 0, int32(1<<31-1)
				for i, p := range palette {
					if d := (p[0]-c[0])*(p[0]-c[0]) + (p[1]-c[1])*(p[1]-c[1]) + (p[2]-c[2])*(p[2]-c[2]); d < least {
						want, least = i, d
					}
				}
				if got := int(near.find(c)); got != want {
					t.Fatalf("%d colours, %v: %d, want %d", n, c, got, want)
				}
			}
		}
	}
}

// Clouds of colours that lie apart have one palette entry each.
func TestQuantizeFindsClouds(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	centres := []color.NRGBA{{20, 20, 20, 255}, {200, 30, 30, 255}, {30, 200, 60, 255}, {220, 220, 90, 255}, {90, 90, 230, 255}}
	m := image.NewNRGBA(image.Rect(0, 0, 200, 200))
	for i := 0; i < len(m.Pix); i += 4 {
		c := centres[r.IntN(len(centres))]
		copy(m.Pix[i:], []uint8{c.R + uint8(r.IntN(5)), c.G + uint8(r.IntN(5)), c.B + uint8(r.IntN(5)), 255})
	}
	got := quantize(m, len(centres))
	if len(got) != len(centres) {
		t.Fatalf("%d colours", len(got))
	}
	for _, c := range centres {
		want := rgb{int32(c.R+2) << 4, int32(c.G+2) << 4, int32(c.B+2) << 4}
		if !slices.Contains(got, want) {
			t.Errorf("%v is missing in %v", want, got)
		}
	}
}

func TestHolesAreNoColour(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 60, 60))
	for y := range 60 {
		for x := range 60 {
			m.SetNRGBA(x, y, color.NRGBA{uint8(4 * x), uint8(4 * y), uint8(2*x + 2*y), 255 * uint8((x/8+y/8+1)%2)})
		}
	}
	p := dithered(m)
	if len(p.Palette) > 256 {
		t.Fatalf("%d colours", len(p.Palette))
	}
	for y := range 60 {
		for x := range 60 {
			if got, want := p.At(x, y).(color.NRGBA).A, m.NRGBAAt(x, y).A; got != want {
				t.Fatalf("pixel %d,%d has alpha %d, want %d", x, y, got, want)
			}
		}
	}
}

// psnr is the likeness of two pictures at 0,0 of the same size, in decibels.
func psnr(a, b image.Image) float64 {
	sum, n := 0.0, 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			r, g, b1, _ := a.At(x, y).RGBA()
			r2, g2, b2, _ := b.At(x, y).RGBA()
			for _, v := range []float64{float64(r) - float64(r2), float64(g) - float64(g2), float64(b1) - float64(b2)} {
				sum += v / 0x101 * v / 0x101
				n++
			}
		}
	}
	return 10 * math.Log10(255*255*float64(n)/max(sum, 1e-9))
}

// Floors about a decibel, in the dark three, below what is reached.
func TestDitheredPicturesAreNear(t *testing.T) {
	hues := image.NewNRGBA(image.Rect(0, 0, 256, 256))
	for y := range 256 {
		for x := range 256 {
			hues.SetNRGBA(x, y, color.NRGBA{uint8(x), uint8(y), uint8((x + y) / 2), 255})
		}
	}
	dark := image.NewNRGBA(image.Rect(0, 0, 256, 256))
	for y := range 256 {
		for x := range 256 {
			dark.SetNRGBA(x, y, color.NRGBA{uint8(x / 8), uint8(y / 8), uint8((x + y) / 16), 255})
		}
	}
	for name, c := range map[string]struct {
		img   *image.NRGBA
		least float64
	}{"hues": {hues, 33}, "dark": {dark, 43}} {
		if db := psnr(c.img, dithered(c.img)); db < c.least {
			t.Errorf("%s: %.1f dB, want %.1f at least", name, db, c.least)
		} else {
			t.Logf("%s: %.1f dB", name, db)
		}
	}
}

// The mean of an area stays what it was, but for what is not passed on.
func TestDitheringKeepsTheMean(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 128, 128))
	r := rand.New(rand.NewPCG(7, 8))
	for i := 0; i < len(m.Pix); i += 4 {
		copy(m.Pix[i:], []uint8{uint8(r.IntN(256)), uint8(r.IntN(256)), uint8(r.IntN(256)), 255})
	}
	p := dithered(m)
	var want, got [3]int
	for y := range 128 {
		for x := range 128 {
			a, b := m.NRGBAAt(x, y), p.At(x, y).(color.NRGBA)
			for k, v := range [][2]uint8{{a.R, b.R}, {a.G, b.G}, {a.B, b.B}} {
				want[k] += int(v[0])
				got[k] += int(v[1])
			}
		}
	}
	for k := range want {
		if d := (got[k] - want[k]) / (128 * 128); d < -1 || d > 1 {
			t.Errorf("channel %d: mean %d, was %d", k, got[k]/(128*128), want[k]/(128*128))
		}
	}
}
