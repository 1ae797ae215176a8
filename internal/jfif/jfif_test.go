package jfif

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"testing"

	"github.com/imgpar/imgpar/internal/simd"
	"github.com/imgpar/imgpar/internal/simd/simdtest"
)

func fill(r *rand.Rand, b []byte, extreme bool) {
	for i := range b {
		b[i] = byte(r.Uint32())
		if extreme {
			b[i] = byte(-(r.Uint32() & 1))
		}
	}
}

// both runs do with kernels and without, which must give the same.
func both(t *testing.T, what string, do func() []byte) {
	t.Helper()
	defer simd.SetAVX2(simd.AVX2())
	simd.SetAVX2(true)
	a := bytes.Clone(do())
	simd.SetAVX2(false)
	if b := do(); !bytes.Equal(a, b) {
		t.Fatalf("%s: with a kernel\n%v, without\n%v", what, a, b)
	}
}

func TestFromRGBAIsTheSameWithoutKernels(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for w := 1; w <= 300; w++ {
		for _, front := range []bool{false, true} {
			top, low := simdtest.Slice[byte](t, 4*w, front), simdtest.Slice[byte](t, 4*w, front)
			out := [4][]byte{}
			for i, n := range []int{w, w, (w + 1) / 2, (w + 1) / 2} {
				out[i] = simdtest.Slice[byte](t, n, front)
			}
			fill(r, top, w%3 == 0)
			fill(r, low, w%3 == 0)
			both(t, "from RGBA", func() []byte {
				for i := range out {
					clear(out[i])
				}
				FromRGBA(out[0], out[1], out[2], out[3], top, low)
				return bytes.Join(out[:], nil)
			})
		}
	}
}

// All colours whose channels are multiples of 5, one in each square of 2x2.
func TestFromRGBAIsThatOfImageColor(t *testing.T) {
	const w = 2 * 52
	row := make([]byte, 4*w)
	y, cb, cr := make([]byte, w), make([]byte, w/2), make([]byte, w/2)
	for red := 0; red < 256; red += 5 {
		for green := 0; green < 256; green += 5 {
			for x := range w {
				copy(row[4*x:], []byte{byte(red), byte(green), byte(x / 2 * 5), 255})
			}
			FromRGBA(y, y, cb, cr, row, row)
			for x := range w {
				ly, lcb, lcr := color.RGBToYCbCr(byte(red), byte(green), byte(x/2*5))
				// image/color rounds chroma halves up, and not the mean of four.
				if y[x] != ly || max(cb[x/2], lcb)-min(cb[x/2], lcb) > 1 || max(cr[x/2], lcr)-min(cr[x/2], lcr) > 1 {
					t.Fatalf("%d, %d, %d: %d, %d, %d, want %d, %d, %d", red, green, x/2*5, y[x], cb[x/2], cr[x/2], ly, lcb, lcr)
				}
			}
		}
	}
}

var ratios = []image.YCbCrSubsampleRatio{
	image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420,
	image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410,
}

// Each pixel is what image/color makes of it, wherever a part begins.
func TestToRGBAIsThatOfImageColor(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for _, ratio := range ratios {
		whole := image.NewYCbCr(image.Rect(-3, -5, 80, 9), ratio)
		fill(r, whole.Y, false)
		fill(r, whole.Cb, false)
		fill(r, whole.Cr, false)
		for range 200 {
			x, y := r.IntN(40)-3, r.IntN(5)-5
			part := whole.SubImage(image.Rect(x, y, x+r.IntN(43), y+1+r.IntN(9))).(*image.YCbCr)
			w, h := part.Rect.Dx(), part.Rect.Dy()
			if w == 0 {
				continue
			}
			stride := 4*w + r.IntN(9)
			both(t, ratio.String(), func() []byte {
				dst := simdtest.Slice[byte](t, stride*(h-1)+4*w, false)
				ToRGBA(dst, stride, part)
				for y := range h {
					for x := range w {
						c := part.YCbCrAt(part.Rect.Min.X+x, part.Rect.Min.Y+y)
						red, green, blue := color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
						if got := [4]byte(dst[y*stride+4*x:]); got != [4]byte{red, green, blue, 255} {
							t.Fatalf("%v of %v, pixel %d,%d: %v is %v", part.Rect, ratio, x, y, c, got)
						}
					}
				}
				return dst
			})
		}
	}
	dst := []byte{1}
	ToRGBA(dst, 0, image.NewYCbCr(image.Rect(3, 3, 3, 3), ratios[0]))
	if dst[0] != 1 {
		t.Error("an empty picture was written")
	}
}

// Every luma with every chroma.
func TestToRGBAForAllColours(t *testing.T) {
	y, cb, cr := make([]byte, 256), make([]byte, 256), make([]byte, 256)
	dst := make([]byte, 1024)
	for i := range y {
		y[i] = byte(i)
	}
	for c := range 1 << 16 {
		for i := range cb {
			cb[i], cr[i] = byte(c>>8), byte(c)
		}
		toRow(dst, y, cb, cr, 0, 0)
		for i, v := range y {
			red, green, blue := color.YCbCrToRGB(v, byte(c>>8), byte(c))
			if p := dst[4*i:]; p[0] != red || p[1] != green || p[2] != blue || p[3] != 255 {
				t.Fatalf("%d, %d, %d is %v", v, c>>8, c&255, p[:4])
			}
		}
	}
}

// Rows of all lengths at the borders of memory.
func TestRowsStayWithinTheirMemory(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for w := 1; w <= 300; w++ {
		for shift := range 3 {
			for phase := range 1 << shift {
				n := (phase+w-1)>>shift + 1
				front := (w+phase)&1 == 0
				y, cb, cr := simdtest.Slice[byte](t, w, front), simdtest.Slice[byte](t, n, front), simdtest.Slice[byte](t, n, front)
				fill(r, y, w%3 == 0)
				fill(r, cb, w%3 == 0)
				fill(r, cr, w%3 == 0)
				dst := simdtest.Slice[byte](t, 4*w, front)
				both(t, "a row", func() []byte {
					clear(dst)
					toRow(dst, y, cb, cr, shift, phase)
					return dst
				})
			}
		}
	}
}

func BenchmarkFromRGBA(b *testing.B) {
	const w = 4000
	y, cb, cr, row := make([]byte, w), make([]byte, w/2), make([]byte, w/2), make([]byte, 4*w)
	benchBoth(b, 2*w, func() { FromRGBA(y, y, cb, cr, row, row) })
}

func BenchmarkToRGBA(b *testing.B) {
	m := image.NewYCbCr(image.Rect(0, 0, 4000, 2), image.YCbCrSubsampleRatio420)
	dst := make([]byte, 4*4000*2)
	benchBoth(b, 8000, func() { ToRGBA(dst, 4*4000, m) })
	b.Run("image/draw", func(b *testing.B) {
		out := &image.RGBA{Pix: dst, Stride: 4 * 4000, Rect: m.Rect}
		for b.Loop() {
			draw.Draw(out, out.Rect, m, image.Point{}, draw.Src)
		}
		b.ReportMetric(8000*float64(b.N)/1e6/b.Elapsed().Seconds(), "MP/s")
	})
}

func benchBoth(b *testing.B, pixels float64, do func()) {
	defer simd.SetAVX2(simd.AVX2())
	for _, on := range []bool{true, false} {
		simd.SetAVX2(on)
		b.Run(map[bool]string{true: "kernel", false: "go"}[on], func(b *testing.B) {
			for b.Loop() {
				do()
			}
			b.ReportMetric(pixels*float64(b.N)/1e6/b.Elapsed().Seconds(), "MP/s")
		})
	}
}
