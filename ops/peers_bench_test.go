package ops

import (
	"image"
	"testing"

	"github.com/disintegration/imaging"
	"golang.org/x/image/draw"

	"github.com/imgpar/imgpar/bench/corpus/scene"
)

// BenchmarkResize12MP takes a photo's RGBA to 1200 pixels by Lanczos, by this package and
// by imaging; golang.org/x/image, which has none, by CatmullRom, whose window is smaller.
func BenchmarkResize12MP(b *testing.B) {
	src := scene.RGBA(1, 4000, 3000)
	run := func(name string, resize func()) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(4000 * 3000) // reads as MP/s
			b.ReportAllocs()
			for b.Loop() {
				resize()
			}
		})
	}
	for name, op := range map[string]Resize{"ours": {Width: 1200}, "linear": {Width: 1200, Linear: true}} {
		run(name, func() {
			if _, err := op.Apply(src); err != nil {
				b.Fatal(err)
			}
		})
	}
	run("imaging", func() { imaging.Resize(src, 1200, 900, imaging.Lanczos) })
	run("x/image", func() {
		dst := image.NewRGBA(image.Rect(0, 0, 1200, 900))
		draw.CatmullRom.Scale(dst, dst.Rect, src, src.Rect, draw.Src, nil)
	})
}

// BenchmarkPeers is what imaging has too, of 2 megapixels.
func BenchmarkPeers(b *testing.B) {
	src := imaging.Clone(scene.RGBA(1, benchW, benchH))
	for _, c := range []struct {
		name    string
		op      Op
		imaging func(image.Image) *image.NRGBA
	}{
		{"blur", Blur{2}, func(m image.Image) *image.NRGBA { return imaging.Blur(m, 2) }},
		{"gray", Gray{}, imaging.Grayscale},
		{"invert", Invert{}, imaging.Invert},
		{"turn", Rotate{Degrees: 90}, imaging.Rotate270}, // imaging's turn the other way
	} {
		b.Run(c.name+"/ours", func(b *testing.B) { benchmark(b, c.op, src) })
		b.Run(c.name+"/imaging", func(b *testing.B) {
			b.SetBytes(benchW * benchH)
			b.ReportAllocs()
			for b.Loop() {
				c.imaging(src)
			}
		})
	}
}
