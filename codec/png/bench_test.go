package png

import (
	"bytes"
	"image"
	"image/draw"
	stdpng "image/png"
	"io"
	"testing"

	"github.com/imgpar/imgpar/bench/corpus/scene"
)

const benchW, benchH = 1000, 750

// BenchmarkEncode encodes like photos, by this package and by the standard library.
func BenchmarkEncode(b *testing.B) {
	gray := image.NewGray(image.Rect(0, 0, benchW, benchH))
	draw.Draw(gray, gray.Rect, scene.New(1, benchW, benchH), image.Point{}, draw.Src)
	for _, c := range []struct {
		name string
		img  image.Image
	}{{"rgb", scene.RGBA(1, benchW, benchH)}, {"gray", gray}} {
		run := func(name string, encode func(io.Writer) error) {
			b.Run(c.name+"/"+name, func(b *testing.B) {
				var buf bytes.Buffer
				b.SetBytes(benchW * benchH) // reads as MP/s
				b.ReportAllocs()
				for b.Loop() {
					buf.Reset()
					if err := encode(&buf); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(buf.Len()), "B-file")
			})
		}
		run("ours", func(w io.Writer) error { return Encode(w, c.img, EncodeOptions{}) })
		run("image/png", func(w io.Writer) error { return stdpng.Encode(w, c.img) })
	}
}

func BenchmarkDecode(b *testing.B) {
	var buf bytes.Buffer
	if err := Encode(&buf, scene.RGBA(1, benchW, benchH), EncodeOptions{}); err != nil {
		b.Fatal(err)
	}
	run := func(name string, decode func(data []byte) error) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(benchW * benchH)
			b.ReportAllocs()
			for b.Loop() {
				if err := decode(buf.Bytes()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	run("ours", func(data []byte) error {
		_, err := Decode(b.Context(), data, Options{})
		return err
	})
	run("image/png", func(data []byte) error {
		_, err := stdpng.Decode(bytes.NewReader(data))
		return err
	})
}
