package transform

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
	"io"
	"testing"

	"github.com/disintegration/imaging"

	"github.com/imgpar/imgpar/bench/corpus"
	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// nowhere is for pipelines whose outputs nobody wants.
type nowhere struct{ n int }

func (w *nowhere) Write(p []byte) (int, error) {
	w.n += len(p)
	return len(p), nil
}

// BenchmarkDo takes a photo of the corpus and a tiny picture from file to file, in
// memory, by this package, and the way that the standard library and imaging offer.
func BenchmarkDo(b *testing.B) {
	files := map[string][]byte{"photo": corpus.Photo(0), "tiny": corpus.TinyPhoto(0)}
	for _, c := range []struct {
		name, pipeline string
		plain          func(image.Image) image.Image
	}{
		{"gray", "gray", grayed},
		{"resize", "resize w=1200", func(m image.Image) image.Image { return imaging.Resize(m, 1200, 0, imaging.Lanczos) }},
		{"thumb", "thumb 256", func(m image.Image) image.Image { return imaging.Fill(m, 256, 256, imaging.Center, imaging.Lanczos) }},
	} {
		for name, file := range files {
			b.Run(c.name+"/"+name+"/ours", func(b *testing.B) {
				j := todo("a.jpg", "b.jpg", c.pipeline)
				j.Quality = codec.DefaultQuality
				var w Worker
				var to nowhere
				in := bytes.NewReader(file)
				b.SetBytes(int64(len(file)))
				b.ReportAllocs()
				for b.Loop() {
					a := w.Do(b.Context(), j.Work(int64(len(file)), func(int) bool { return false }), in, []io.Writer{&to})
					if p := a.Parts[0]; p.Outcome != job.OK {
						b.Fatal(p.Reason)
					}
				}
				b.ReportMetric(float64(to.n)/float64(b.N), "B-file")
			})
			if name == "tiny" && c.pipeline != "gray" {
				continue // imaging would make it larger
			}
			b.Run(c.name+"/"+name+"/imaging", func(b *testing.B) {
				var to nowhere
				b.SetBytes(int64(len(file)))
				b.ReportAllocs()
				for b.Loop() {
					m, err := jpeg.Decode(bytes.NewReader(file))
					if err == nil {
						err = jpeg.Encode(&to, c.plain(m), &jpeg.Options{Quality: codec.DefaultQuality})
					}
					if err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(to.n)/float64(b.N), "B-file")
			})
		}
	}
}

// grayed is what the standard library has for it.
func grayed(m image.Image) image.Image {
	g := image.NewGray(m.Bounds())
	draw.Draw(g, g.Rect, m, m.Bounds().Min, draw.Src)
	return g
}
