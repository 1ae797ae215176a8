package ops

import (
	"fmt"
	"image"
	"math/rand/v2"
	"testing"
)

const benchW, benchH = 1920, 1080

func benchmark(b *testing.B, op Op, src image.Image) {
	b.Helper()
	b.SetBytes(benchW * benchH) // reads as MP/s
	b.ReportAllocs()
	for b.Loop() {
		if _, err := op.Apply(src); err != nil {
			b.Fatal(err)
		}
	}
}

func benchPicture(pix []byte) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range pix {
		pix[i] = byte(rnd.Uint32())
	}
	for i := 3; i < len(pix); i += 4 {
		pix[i] = 255
	}
}

func benchNRGBA() *image.NRGBA {
	n := image.NewNRGBA(image.Rect(0, 0, benchW, benchH))
	benchPicture(n.Pix)
	return n
}

func benchYCbCr() *image.YCbCr {
	y := image.NewYCbCr(image.Rect(0, 0, benchW, benchH), image.YCbCrSubsampleRatio420)
	benchPicture(y.Y)
	return y
}

// benchNRGBA64 has the high bytes of benchNRGBA.
func benchNRGBA64() *image.NRGBA64 {
	n, deep := benchNRGBA(), image.NewNRGBA64(image.Rect(0, 0, benchW, benchH))
	for i, v := range n.Pix {
		deep.Pix[2*i], deep.Pix[2*i+1] = v, v
	}
	return deep
}

// benchClear is transparent here and there.
func benchClear() *image.NRGBA {
	n := benchNRGBA()
	for i := 3; i < len(n.Pix); i += 4 {
		n.Pix[i] = n.Pix[i-1]
	}
	return n
}

func BenchmarkBlur(b *testing.B) {
	for name, src := range map[string]image.Image{
		"YCbCr": benchYCbCr(), "NRGBA": benchNRGBA(), "clear": benchClear(), "NRGBA64": benchNRGBA64(),
	} {
		for _, sigma := range []float64{1, 10, 100} {
			b.Run(fmt.Sprintf("%s/%v", name, sigma), func(b *testing.B) { benchmark(b, Blur{sigma}, src) })
		}
	}
}

func BenchmarkGrayYCbCr(b *testing.B)   { benchmark(b, Gray{}, benchYCbCr()) }
func BenchmarkGrayNRGBA(b *testing.B)   { benchmark(b, Gray{}, benchNRGBA()) }
func BenchmarkInvert(b *testing.B)      { benchmark(b, Invert{}, benchNRGBA()) }
func BenchmarkAdjust(b *testing.B)      { benchmark(b, Adjust{Gamma: 2}, benchNRGBA()) }
func BenchmarkSaturation(b *testing.B)  { benchmark(b, Adjust{Saturation: 50}, benchNRGBA()) }
func BenchmarkAdjust64(b *testing.B)    { benchmark(b, Adjust{Gamma: 2}, benchNRGBA64()) }
func BenchmarkSharpen(b *testing.B)     { benchmark(b, Sharpen{Sigma: 1}, benchNRGBA()) }
func BenchmarkRotate(b *testing.B)      { benchmark(b, Rotate{10, White}, benchNRGBA()) }
func BenchmarkRotate64(b *testing.B)    { benchmark(b, Rotate{10, White}, benchNRGBA64()) }
func BenchmarkRotateClear(b *testing.B) { benchmark(b, Rotate{10, Transparent}, benchClear()) }
func BenchmarkResizeYCbCr(b *testing.B) { benchmark(b, Resize{Width: 800}, benchYCbCr()) }
func BenchmarkResizeNRGBA(b *testing.B) { benchmark(b, Resize{Width: 800}, benchNRGBA()) }
func BenchmarkFlipNRGBA(b *testing.B)   { benchmark(b, Flip{}, benchNRGBA()) }
func BenchmarkTurnYCbCr(b *testing.B)   { benchmark(b, Rotate{Degrees: 90}, benchYCbCr()) }
func BenchmarkTurnSamples(b *testing.B) {
	src := benchYCbCr().Y
	dst := make([]byte, len(src))
	for b.Loop() {
		TurnSamples(dst, src, benchW, benchH, benchW, 6)
	}
}
func BenchmarkTurnNRGBA(b *testing.B) { benchmark(b, Rotate{Degrees: 90}, benchNRGBA()) }
func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := Parse("resize w=2048 filter=linear | sharpen 0.5 | gray"); err != nil {
			b.Fatal(err)
		}
	}
}
