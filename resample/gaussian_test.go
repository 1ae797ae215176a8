package resample

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/internal/simd"
)

// slowGaussian is the definition of a blur, in floating point.
func slowGaussian(src []float64, sigma float64) []float64 {
	reach := int(math.Ceil(4 * sigma))
	bell := make([]float64, reach+1)
	for i := range bell {
		bell[i] = math.Exp(-float64(i*i) / (2 * sigma * sigma))
	}
	dst := make([]float64, len(src))
	for i := range dst {
		sum, weights := 0.0, 0.0
		for j := max(0, i-reach); j <= min(len(src)-1, i+reach); j++ {
			w := bell[max(j-i, i-j)]
			sum, weights = sum+w*src[j], weights+w
		}
		dst[i] = sum / weights
	}
	return dst
}

func slowBlur(src []float64, w, h int, sigmaX, sigmaY float64) []float64 {
	dst := slices.Clone(src)
	column := make([]float64, h)
	for x := range w {
		for y := range column {
			column[y] = dst[y*w+x]
		}
		for y, v := range slowGaussian(column, sigmaY) {
			dst[y*w+x] = v
		}
	}
	for y := range h {
		copy(dst[y*w:], slowGaussian(dst[y*w:][:w], sigmaX))
	}
	return dst
}

// blur16 blurs through a coarse picture, or at once.
func blur16(t *testing.T, r *Resampler, src []uint16, w, h, channels int, sigmaX, sigmaY float64, coarse bool) []uint16 {
	t.Helper()
	dst := make([]uint16, len(src))
	if !coarse {
		r.Uint16(dst, w*channels, src, w*channels, channels, NewGaussian(w, sigmaX), NewGaussian(h, sigmaY))
		return dst
	}
	x, y := NewShrink(w, sigmaX), NewShrink(h, sigmaY)
	small := make([]uint16, x.Out*y.Out*channels)
	next := 0
	err := r.Shrink(small, channels, x, y, func(row []uint16, y int) error {
		if y != next || len(row) != w*channels {
			t.Fatalf("row %d of %d samples is asked for after row %d", y, len(row), next-1)
		}
		copy(row, src[y*w*channels:])
		next++
		return nil
	})
	if err != nil || next != h {
		t.Fatal(next, err)
	}
	r.Uint16(dst, w*channels, small, x.Out*channels, channels, x.Back(), y.Back())
	return dst
}

// patterns are what wrong weights show in: noise, edges and stripes of all periods, of full range.
func patterns(w, h int) map[string][]uint16 {
	rnd := rand.New(rand.NewPCG(uint64(w), uint64(h)))
	all := map[string][]uint16{}
	add := func(name string, at func(x, y int) float64) {
		p := make([]uint16, w*h)
		for i := range p {
			p[i] = uint16(math.Round(65535 * at(i%w, i/w)))
		}
		all[name] = p
	}
	step := func(on bool) float64 {
		if on {
			return 1
		}
		return 0
	}
	add("noise", func(int, int) float64 { return rnd.Float64() })
	add("black and white", func(int, int) float64 { return float64(rnd.IntN(2)) })
	add("edge", func(x, y int) float64 { return step(x > w/2) })
	add("corner", func(x, y int) float64 { return step(x > w/3 && y < h/2) })
	add("dot", func(x, y int) float64 { return step(x == w/2 && y == h/2) })
	add("frame", func(x, y int) float64 { return step(x == 0 || y == 0 || x == w-1 || y == h-1) })
	add("board", func(x, y int) float64 { return step((x+y)%2 == 0) })
	for _, period := range []float64{2, 2.1, 2.5, 3, 3.9, 4, 5, 7, 11, 16, 30} {
		add(fmt.Sprintf("columns of %v", period), func(x, y int) float64 { return 0.5 + 0.5*math.Cos(2*math.Pi*float64(x)/period) })
		add(fmt.Sprintf("rows of %v", period), func(x, y int) float64 { return step(math.Mod(float64(y), period) < period/2) })
	}
	return all
}

// The errors are those of weights with 14 bits, or 16 where a picture is shrunk, which show in stripes.
func TestGaussianAgainstTheDefinition(t *testing.T) {
	var r Resampler
	for _, c := range []struct {
		sigma  float64
		coarse bool
		w, h   int
		limit  float64 // of 65535
	}{
		{0.01, false, 40, 30, 0.5}, {0.3, false, 40, 30, 16}, {0.5, false, 40, 30, 16}, {1, false, 70, 50, 16}, {1.5, false, 70, 50, 16},
		{3, false, 70, 50, 16}, {7.99, false, 110, 60, 32}, {3, true, 70, 50, 16}, {7.99, true, 110, 60, 16}, {8, true, 110, 60, 16},
		{11.9, true, 110, 60, 16}, {20, true, 150, 90, 16}, {50, true, 260, 40, 16}, {50, true, 41, 40, 16},
		{200, true, 150, 30, 40}, {1000, true, 60, 50, 40}, {1000, true, 1, 1500, 40},
		{8, true, 1, 1, 0.5}, {9, true, 2, 1, 16}, {30, true, 1, 5, 16}, {2, true, 30, 20, 16}, {0.1, true, 9, 9, 1},
	} {
		worst, at := 0.0, ""
		for name, src := range patterns(c.w, c.h) {
			exact := make([]float64, len(src))
			for i, v := range src {
				exact[i] = float64(v)
			}
			exact = slowBlur(exact, c.w, c.h, c.sigma, c.sigma)
			for _, on := range []bool{true, false} {
				was := simd.SetAVX2(on)
				got := blur16(t, &r, src, c.w, c.h, 1, c.sigma, c.sigma, c.coarse)
				simd.SetAVX2(was)
				for i, v := range got {
					if d := math.Abs(float64(v) - exact[i]); d > worst {
						worst, at = d, fmt.Sprintf("%s, at %d,%d", name, i%c.w, i/c.w)
					}
				}
			}
		}
		t.Logf("sigma %v of %dx%d, coarse %v: worst error %.1f of 65535 (%s)", c.sigma, c.w, c.h, c.coarse, worst, at)
		if worst > c.limit {
			t.Errorf("sigma %v of %dx%d, coarse %v: error %.1f of 65535 (%s)", c.sigma, c.w, c.h, c.coarse, worst, at)
		}
	}
}

// Bytes are blurred as exactly as rounding lets them be.
func TestGaussianOfBytes(t *testing.T) {
	both(t, func(t *testing.T) {
		var r Resampler
		for _, sigma := range []float64{0.5, 1, 3, 7.99} {
			const w, h = 90, 60
			for name, src := range patterns(w, h) {
				pix, exact, dst := make([]byte, w*h), make([]float64, w*h), make([]byte, w*h)
				for i, v := range src {
					pix[i] = byte(v >> 8)
					exact[i] = float64(pix[i])
				}
				r.Bytes(dst, w, pix, w, 1, NewGaussian(w, sigma), NewGaussian(h, sigma))
				for i, v := range slowBlur(exact, w, h, sigma, sigma) {
					if d := math.Abs(v - float64(dst[i])); d > 0.7 {
						t.Fatalf("sigma %v, %s: error %.2f of 255", sigma, name, d)
					}
				}
			}
		}
	})
}

// Sides may be blurred differently, channels are blurred alike, and what an error has left behind does no harm.
func TestShrinkOfChannels(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 3))
	var r Resampler
	const w, h = 61, 83
	src := make([]uint16, 4*w*h)
	for i := range src {
		src[i] = uint16(rnd.Uint32())
	}
	stop := errors.New("stop")
	x, y := NewShrink(w, 4), NewShrink(h, 17)
	err := r.Shrink(make([]uint16, 4*x.Out*y.Out), 4, x, y, func(row []uint16, y int) error {
		if y == 40 {
			return stop
		}
		return nil
	})
	if err != stop {
		t.Fatal(err)
	}
	got := blur16(t, &r, src, w, h, 4, 4, 17, true)
	for c := range 4 {
		plane, exact := make([]uint16, w*h), make([]float64, w*h)
		for i := range plane {
			plane[i] = src[4*i+c]
			exact[i] = float64(plane[i])
		}
		for i, v := range blur16(t, &r, plane, w, h, 1, 4, 17, true) {
			if got[4*i+c] != v {
				t.Fatalf("channel %d, sample %d: %d, alone it is %d", c, i, got[4*i+c], v)
			}
		}
		for i, v := range slowBlur(exact, w, h, 4, 17) {
			if d := math.Abs(v - float64(got[4*i+c])); d > 16 {
				t.Fatalf("channel %d, sample %d: error %.1f", c, i, d)
			}
		}
	}
}

// What is flat stays so, to the last bit: the opaque stays opaque.
func TestBlurOfFlatPictures(t *testing.T) {
	both(t, func(t *testing.T) {
		var r Resampler
		for _, v := range []uint16{0, 1, 257, 32768, 65534, 65535} {
			for _, sigma := range []float64{0.7, 5, 40} {
				src := slices.Repeat([]uint16{v}, 70*30)
				for _, coarse := range []bool{false, true} {
					if got := blur16(t, &r, src, 70, 30, 1, sigma, sigma, coarse); !slices.Equal(got, src) {
						t.Errorf("%d blurred by %v, coarse %v: %d to %d", v, sigma, coarse, slices.Min(got), slices.Max(got))
					}
				}
			}
		}
	})
}

func TestDecay(t *testing.T) {
	for x := 0.0; x < 50; x += 0.37 {
		if got, want := decay(x), math.Exp(-x); math.Abs(got-want) > 1e-12*want {
			t.Errorf("decay(%v) is %v, want %v", x, got, want)
		}
	}
	if decay(51) != 0 || decay(math.Inf(1)) != 0 {
		t.Error("what is far off has not vanished")
	}
}

func TestNoGaussian(t *testing.T) {
	for _, make := range []func(int, float64){
		func(in int, sigma float64) { NewGaussian(in, sigma) }, func(in int, sigma float64) { NewShrink(in, sigma) },
	} {
		for _, c := range []struct {
			in    int
			sigma float64
		}{{0, 1}, {5, 0}, {5, -1}, {5, math.NaN()}, {5, math.Inf(1)}, {5, maxSigma + 1}} {
			func() {
				defer func() {
					if said, _ := recover().(string); !strings.HasPrefix(said, "resample: ") {
						t.Errorf("%+v: %q", c, said)
					}
				}()
				make(c.in, c.sigma)
			}()
		}
	}
}

// The kernels in assembly make the same blur, to the bit.
func TestVectorKernelsEqualGoWithGaussians(t *testing.T) {
	needVectors(t)
	rnd := rand.New(rand.NewPCG(7, 1))
	var r Resampler
	for range 300 {
		w, h, channels := 1+rnd.IntN(150), 1+rnd.IntN(60), 1+3*rnd.IntN(2)
		x, y := NewGaussian(w, 0.05+20*rnd.Float64()*rnd.Float64()), NewGaussian(h, 0.05+20*rnd.Float64()*rnd.Float64())
		for _, a := range []*Axis{x, y} {
			for i := range a.out {
				sum := 0
				for _, v := range a.row(i) {
					if sum += int(v); v < 0 {
						t.Fatalf("a weight is %d", v)
					}
				}
				if sum != one {
					t.Fatalf("weights add up to %d", sum)
				}
			}
		}
		src, src16 := random(w*h*channels, 0, 255, rnd), make([]uint16, w*h*channels)
		for i := range src16 {
			src16[i] = uint16(rnd.Uint32())
		}
		var dst [2][]byte
		var dst16 [2][]uint16
		for i, on := range []bool{true, false} {
			was := simd.SetAVX2(on)
			dst[i], dst16[i] = make([]byte, len(src)), make([]uint16, len(src))
			r.Bytes(dst[i], w*channels, src, w*channels, channels, x, y)
			r.Uint16(dst16[i], w*channels, src16, w*channels, channels, x, y)
			simd.SetAVX2(was)
		}
		if !slices.Equal(dst[0], dst[1]) || !slices.Equal(dst16[0], dst16[1]) {
			t.Fatalf("%dx%d with %d channels: vector kernels differ from Go", w, h, channels)
		}
	}
}

func BenchmarkBlur(b *testing.B) {
	const w, h = 2000, 1500
	var r Resampler
	src, dst := random(4*w*h, 0, 255, rand.New(rand.NewPCG(9, 9))), make([]byte, 4*w*h)
	for _, sigma := range []float64{1, 5, 10} {
		for _, on := range []bool{true, false} {
			was := simd.SetAVX2(on)
			b.Run(fmt.Sprintf("%v/%s", sigma, map[bool]string{true: "avx2", false: "go"}[simd.AVX2()]), func(b *testing.B) {
				for b.Loop() {
					r.Bytes(dst, 4*w, src, 4*w, 4, NewGaussian(w, sigma), NewGaussian(h, sigma))
				}
			})
			simd.SetAVX2(was)
		}
	}
	for _, sigma := range []float64{10, 100, 1000} {
		b.Run(fmt.Sprintf("Shrink/%v", sigma), func(b *testing.B) {
			x, y := NewShrink(w, sigma), NewShrink(h, sigma)
			small := make([]uint16, 4*x.Out*y.Out)
			for b.Loop() {
				err := r.Shrink(small, 4, x, y, func(row []uint16, y int) error {
					for i, v := range src[4*w*y:][:4*w] {
						row[i] = uint16(v) * 257
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
