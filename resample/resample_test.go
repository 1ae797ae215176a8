package resample

import (
	"image"
	"math/rand/v2"
	"testing"

	"github.com/disintegration/imaging"
)

func TestQuick(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		w, h, ow, oh := 1+rnd.IntN(80), 1+rnd.IntN(80), 1+rnd.IntN(80), 1+rnd.IntN(80)
		g := image.NewGray(image.Rect(0, 0, w, h))
		for i := range g.Pix {
			g.Pix[i] = byte(64 + rnd.IntN(128))
		}
		for f, k := range []imaging.ResampleFilter{imaging.Lanczos, imaging.CatmullRom, imaging.Linear, imaging.Box} {
			want := imaging.Resize(g, ow, oh, k)
			dst := make([]byte, ow*oh)
			new(Resampler).Bytes(dst, ow, g.Pix, w, 1, NewAxis(Filter(f), w, Span{0, float64(w)}, ow), NewAxis(Filter(f), h, Span{0, float64(h)}, oh))
			worst := 0
			for i := range dst {
				d := int(dst[i]) - int(want.Pix[4*i])
				worst = max(worst, d, -d)
			}
			if worst > 1 {
				t.Errorf("%dx%d to %dx%d, %d: %d", w, h, ow, oh, f, worst)
			}
		}
	}
}

func BenchmarkPlane(b *testing.B) {
	src := make([]byte, 2000*1500)
	for i := range src {
		src[i] = byte(i * 7)
	}
	dst := make([]byte, 1200*900)
	x, y := NewAxis(Lanczos, 2000, Span{0, 2000}, 1200), NewAxis(Lanczos, 1500, Span{0, 1500}, 900)
	var r Resampler
	for b.Loop() {
		r.Bytes(dst, 1200, src, 2000, 1, x, y)
	}
}

func BenchmarkNewAxis(b *testing.B) {
	for b.Loop() {
		NewAxis(Lanczos, 4000, Span{0, 4000}, 1200)
	}
}
