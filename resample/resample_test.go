package resample

import (
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/disintegration/imaging"
	"github.com/imgpar/imgpar/internal/simd"
)

// both runs f with kernels in assembly, where there are any, and with those in Go.
func both(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	t.Run("go", func(t *testing.T) {
		defer simd.SetAVX2(simd.SetAVX2(false))
		f(t)
	})
	if simd.AVX2() {
		t.Run("avx2", f)
	}
}

func random(n int, least, most byte, rnd *rand.Rand) []byte {
	s := make([]byte, n)
	for i := range s {
		s[i] = least + byte(rnd.IntN(int(most-least)+1))
	}
	return s
}

// slow is the definition of a filter, in floating point: the source goes on as far as part does, and what a filter
// reaches beyond that is left out.
func slow(f Filter, src []float64, part Span, out int) []float64 {
	sinc := func(x float64) float64 {
		if x == 0 {
			return 1
		}
		return math.Sin(math.Pi*x) / (math.Pi * x)
	}
	kernel := func(x float64) float64 {
		x = math.Abs(x)
		switch {
		case f == Lanczos && x < 3:
			return sinc(x) * sinc(x/3)
		case f == CatmullRom && x < 1:
			return 1.5*x*x*x - 2.5*x*x + 1
		case f == CatmullRom && x < 2:
			return -0.5*x*x*x + 2.5*x*x - 4*x + 2
		case f == Linear && x < 1:
			return 1 - x
		case f == Box && x <= 0.5:
			return 1
		}
		return 0
	}
	scale := (part.To - part.From) / float64(out)
	dst := make([]float64, out)
	for i := range dst {
		sum, weights := 0.0, 0.0
		for j := min(0, int(math.Floor(part.From))); j < max(len(src), int(math.Ceil(part.To))); j++ {
			w := kernel((float64(j) + 0.5 - part.From - (float64(i)+0.5)*scale) / max(scale, 1))
			sum += w * src[min(max(j, 0), len(src)-1)]
			weights += w
		}
		dst[i] = sum / weights
	}
	return dst
}

// slowPicture runs slow over columns and then over rows.
func slowPicture(f Filter, src []float64, w, h int, px, py Span, ow, oh int) []float64 {
	tall := make([]float64, w*oh)
	for x := range w {
		column := make([]float64, h)
		for y := range column {
			column[y] = src[y*w+x]
		}
		for y, v := range slow(f, column, py, oh) {
			tall[y*w+x] = v
		}
	}
	var dst []float64
	for y := range oh {
		dst = append(dst, slow(f, tall[y*w:][:w], px, ow)...)
	}
	return dst
}

// anyPart is a part of n samples that often is all of them, and may stand out.
func anyPart(n int, rnd *rand.Rand) Span {
	if rnd.IntN(2) == 0 {
		return whole(n)
	}
	from := (rnd.Float64()*1.2 - 0.2) * float64(n)
	return Span{from, from + 0.7 + rnd.Float64()*float64(n)}
}

func TestAgainstTheDefinition(t *testing.T) {
	both(t, func(t *testing.T) {
		rnd := rand.New(rand.NewPCG(5, 5))
		var r Resampler
		worst8, worst16 := 0.0, 0.0
		for range 300 {
			f := Filter(rnd.IntN(3)) // a box depends on how ties are rounded
			w, h, ow, oh := 1+rnd.IntN(70), 1+rnd.IntN(70), 1+rnd.IntN(70), 1+rnd.IntN(70)
			px, py := anyPart(w, rnd), anyPart(h, rnd)
			x, y := r.Axis(f, w, px, ow), r.Axis(f, h, py, oh)

			src := random(w*h, 0, 255, rnd)
			exact := make([]float64, len(src))
			src16, exact16 := make([]uint16, len(src)), make([]float64, len(src))
			for i, v := range src {
				exact[i] = float64(v)
				src16[i] = 20000 + uint16(v)*101 // not saturated between the passes
				exact16[i] = float64(src16[i])
			}
			dst, dst16 := make([]byte, ow*oh), make([]uint16, ow*oh)
			r.Bytes(dst, ow, src, w, 1, x, y)
			r.Uint16(dst16, ow, src16, w, 1, x, y)
			for i, v := range slowPicture(f, exact, w, h, px, py, ow, oh) {
				worst8 = max(worst8, math.Abs(min(max(v, 0), 255)-float64(dst[i])))
			}
			for i, v := range slowPicture(f, exact16, w, h, px, py, ow, oh) {
				worst16 = max(worst16, math.Abs(v-float64(dst16[i])))
			}
		}
		t.Logf("worst error: %.3f of 255, %.1f of 65535", worst8, worst16)
		if worst8 > 0.6 || worst16 > 16 { // 0.5 is rounding
			t.Errorf("error %.3f of 255, %.1f of 65535", worst8, worst16)
		}
	})
}

// Package imaging rounds and clamps to 8 bits between its passes, the first of which is the horizontal one. Without
// overshoots that makes a difference of one level; in noise over the whole range the clamping makes more.
func TestAgainstImaging(t *testing.T) {
	both(t, func(t *testing.T) {
		rnd := rand.New(rand.NewPCG(6, 6))
		var r Resampler
		for _, c := range []struct {
			least, most   byte
			median, worst int
		}{{80, 175, 0, 1}, {0, 255, 0, 60}} {
			var differences []int
			for range 200 {
				w, h, ow, oh := 1+rnd.IntN(90), 1+rnd.IntN(90), 1+rnd.IntN(90), 1+rnd.IntN(90)
				src := &image.Gray{Pix: random(w*h, c.least, c.most, rnd), Stride: w, Rect: image.Rect(0, 0, w, h)}
				for f, k := range []imaging.ResampleFilter{imaging.Lanczos, imaging.CatmullRom, imaging.Linear, imaging.Box} {
					want := imaging.Resize(src, ow, oh, k)
					got := make([]byte, ow*oh)
					r.Bytes(got, ow, src.Pix, w, 1, r.Axis(Filter(f), w, whole(w), ow), r.Axis(Filter(f), h, whole(h), oh))
					for i, v := range got {
						d := int(v) - int(want.Pix[4*i])
						differences = append(differences, max(d, -d))
					}
				}
			}
			slices.Sort(differences)
			median, worst := differences[len(differences)/2], differences[len(differences)-1]
			t.Logf("%d to %d: median %d, 99 %% at most %d, worst %d", c.least, c.most, median, differences[len(differences)*99/100], worst)
			if median > c.median || worst > c.worst {
				t.Errorf("%d to %d: median %d, worst %d", c.least, c.most, median, worst)
			}
		}
	})
}

func TestChannelsAreResampledAlike(t *testing.T) {
	both(t, func(t *testing.T) {
		rnd := rand.New(rand.NewPCG(7, 7))
		const w, h, ow, oh = 83, 61, 37, 70
		var r Resampler
		x, y := r.Axis(Lanczos, w, Span{3.25, 80}, ow), r.Axis(Lanczos, h, whole(h), oh)
		src, got := random(4*w*h, 0, 255, rnd), make([]byte, 4*ow*oh)
		r.Bytes(got, 4*ow, src, 4*w, 4, x, y)
		for c := range 4 {
			plane, want := make([]byte, w*h), make([]byte, ow*oh)
			for i := range plane {
				plane[i] = src[4*i+c]
			}
			r.Bytes(want, ow, plane, w, 1, x, y)
			for i, v := range want {
				if got[4*i+c] != v {
					t.Fatalf("channel %d, sample %d: %d, alone it is %d", c, i, got[4*i+c], v)
				}
			}
		}
	})
}

// Bands that are scaled on their own are those of the whole.
func TestBandsAreThoseOfTheWhole(t *testing.T) {
	both(t, func(t *testing.T) {
		rnd := rand.New(rand.NewPCG(10, 10))
		var r Resampler
		for range 200 {
			w, h, ow, oh := 1+rnd.IntN(90), 1+rnd.IntN(90), 1+rnd.IntN(50), 1+rnd.IntN(50)
			x, y := NewAxis(Filter(rnd.IntN(4)), w, anyPart(w, rnd), ow), NewAxis(Filter(rnd.IntN(4)), h, anyPart(h, rnd), oh)
			src, want, got := random(w*h, 0, 255, rnd), make([]byte, ow*oh), make([]byte, ow*oh)
			r.Bytes(want, ow, src, w, 1, x, y)
			for left := 0; left < ow; {
				right := left + 1 + rnd.IntN(ow-left)
				px, x0, x1 := x.Cut(left, right)
				for top := 0; top < oh; {
					bottom := top + 1 + rnd.IntN(oh-top)
					py, y0, y1 := y.Cut(top, bottom)
					band := make([]byte, (x1-x0)*(y1-y0))
					for i := range y1 - y0 {
						copy(band[i*(x1-x0):][:x1-x0], src[(y0+i)*w+x0:])
					}
					r.Bytes(got[top*ow+left:], ow, band, x1-x0, 1, px, py)
					top = bottom
				}
				left = right
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%dx%d to %dx%d: %v, want %v", w, h, ow, oh, got, want)
			}
		}
	})
}

// A blob must not move, whatever the scale and wherever a part begins.
func TestCentroidsStay(t *testing.T) {
	both(t, func(t *testing.T) {
		rnd := rand.New(rand.NewPCG(8, 8))
		var r Resampler
		worst := 0.0
		for range 400 {
			f := Filter(rnd.IntN(3))
			in := 100 + rnd.IntN(900)
			scale := math.Exp(rnd.Float64()*5 - 2) // 0.14 to 20
			from := rnd.Float64()*10 - 5
			out := max(int((float64(in)+rnd.Float64()*10-from)/scale), 12)
			part := Span{from, from + float64(out)*scale}

			sigma := 1.3 * max(scale, 1)
			centre := part.From + (part.To-part.From)*(0.45+0.1*rnd.Float64())
			if centre < 6*sigma || centre > float64(in)-6*sigma {
				continue
			}
			src := make([]uint16, in)
			for i := range src {
				d := (float64(i) + 0.5 - centre) / sigma
				src[i] = uint16(10000 + 40000*math.Exp(-d*d/2))
			}
			dst := make([]uint16, out)
			r.Uint16(dst, out, src, in, 1, r.Axis(f, in, part, out), NewAxis(Box, 1, whole(1), 1))
			sum, moment := 0.0, 0.0
			for i, v := range dst {
				sum += float64(v) - 10000
				moment += (float64(v) - 10000) * (float64(i) + 0.5)
			}
			worst = max(worst, math.Abs(moment/sum-(centre-part.From)/scale))
		}
		t.Logf("worst shift: %.4f samples", worst)
		if !(worst < 0.05) || worst == 0 {
			t.Errorf("a blob has moved by %.3f samples", worst)
		}
	})
}

// A dot of one sample that stands in a larger result stays as well.
func TestDotsStayWhenEnlarged(t *testing.T) {
	both(t, func(t *testing.T) {
		var r Resampler
		for out := 40; out < 400; out += 7 {
			for _, f := range []Filter{Lanczos, CatmullRom} { // a tent moves a dot by up to 0.08
				src, dst := make([]uint16, 40), make([]uint16, out)
				for i := range src {
					src[i] = 20000
				}
				src[17] = 50000
				r.Uint16(dst, out, src, 40, 1, r.Axis(f, 40, whole(40), out), NewAxis(Box, 1, whole(1), 1))
				sum, moment := 0.0, 0.0
				for i, v := range dst {
					sum += float64(v) - 20000
					moment += (float64(v) - 20000) * (float64(i) + 0.5)
				}
				if shift := moment/sum - 17.5*float64(out)/40; math.Abs(shift) > 0.05 {
					t.Errorf("filter %d to %d: shifted by %.3f", f, out, shift)
				}
			}
		}
	})
}

func TestFlatStaysFlat(t *testing.T) {
	both(t, func(t *testing.T) {
		var r Resampler
		for _, v := range []byte{0, 1, 128, 254, 255} {
			src, dst := random(70*50, v, v, rand.New(rand.NewPCG(0, 0))), make([]byte, 33*90)
			x, y := r.Axis(Lanczos, 70, Span{-3.5, 72}, 33), r.Axis(CatmullRom, 50, whole(50), 90)
			r.Bytes(dst, 33, src, 70, 1, x, y)
			if slices.Min(dst) != v || slices.Max(dst) != v {
				t.Errorf("%d became %d to %d", v, slices.Min(dst), slices.Max(dst))
			}
		}
	})
}

func TestWhatDoesNotFitPanics(t *testing.T) {
	x, y := NewAxis(Box, 8, whole(8), 4), NewAxis(Box, 6, whole(6), 3)
	ok := func(dst, dstStride, src, srcStride, channels int) (said string) {
		defer func() {
			if p := recover(); p != nil {
				said = p.(string)
			}
		}()
		new(Resampler).Bytes(make([]byte, dst), dstStride, make([]byte, src), srcStride, channels, x, y)
		return ""
	}
	if said := ok(12, 4, 48, 8, 1); said != "" {
		t.Error(said)
	}
	if said := ok(14, 5, 58, 10, 1); said != "" { // the last rows are not padded
		t.Error(said)
	}
	for _, c := range [][5]int{{11, 4, 48, 8, 1}, {12, 4, 47, 8, 1}, {13, 5, 58, 10, 1}, {12, 3, 48, 8, 1}, {12, 4, 48, 7, 1},
		{12, 4, 48, 8, 4}, {12, 4, 48, 8, 2}, {0, 0, 0, 0, 1}} {
		if said := ok(c[0], c[1], c[2], c[3], c[4]); !strings.HasPrefix(said, "resample: ") {
			t.Errorf("%v: %q", c, said)
		}
	}
}

func BenchmarkResample(b *testing.B) {
	rnd := rand.New(rand.NewPCG(9, 9))
	var r Resampler
	for _, c := range []struct {
		name                   string
		w, h, ow, oh, channels int
	}{
		{"Plane1200", 2000, 1500, 1200, 900, 1},
		{"Plane400", 1000, 750, 400, 300, 1},
		{"Plane150", 500, 375, 150, 112, 1},
		{"RGBA1200", 4000, 3000, 1200, 900, 4},
		{"Plane150of12MP", 4000, 3000, 150, 112, 1},
	} {
		x, y := NewAxis(Lanczos, c.w, whole(c.w), c.ow), NewAxis(Lanczos, c.h, whole(c.h), c.oh)
		src, dst := random(c.w*c.h*c.channels, 0, 255, rnd), make([]byte, c.ow*c.oh*c.channels)
		src16, dst16 := make([]uint16, len(src)), make([]uint16, len(dst))
		for i, v := range src {
			src16[i] = uint16(v) * 257
		}
		for _, on := range []bool{true, false} {
			was := simd.SetAVX2(on)
			kind := map[bool]string{true: "avx2", false: "go"}[simd.AVX2()]
			b.Run(c.name+"/8/"+kind, func(b *testing.B) {
				for b.Loop() {
					r.Bytes(dst, c.ow*c.channels, src, c.w*c.channels, c.channels, x, y)
				}
			})
			b.Run(c.name+"/16/"+kind, func(b *testing.B) {
				for b.Loop() {
					r.Uint16(dst16, c.ow*c.channels, src16, c.w*c.channels, c.channels, x, y)
				}
			})
			simd.SetAVX2(was)
		}
	}
}
