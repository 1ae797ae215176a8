package ops

import (
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

func BenchmarkGrayYCbCr(b *testing.B)   { benchmark(b, Gray{}, benchYCbCr()) }
func BenchmarkGrayNRGBA(b *testing.B)   { benchmark(b, Gray{}, benchNRGBA()) }
func BenchmarkInvert(b *testing.B)      { benchmark(b, Invert{}, benchNRGBA()) }
func BenchmarkAdjust(b *testing.B)      { benchmark(b, Adjust{Gamma: 2}, benchNRGBA()) }
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
