package tiff

import (
	"bytes"
	"testing"

	xtiff "golang.org/x/image/tiff"

	"github.com/imgpar/imgpar/bench/corpus/scene"
)

const benchW, benchH = 1000, 750

func BenchmarkWrite(b *testing.B) {
	img := scene.RGBA(1, benchW, benchH)
	var buf bytes.Buffer
	b.SetBytes(benchW * benchH) // reads as MP/s
	b.ReportAllocs()
	for b.Loop() {
		buf.Reset()
		if err := NewWriter(&buf).WritePage(img, Description{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(buf.Len()), "B-file")
}

// BenchmarkDecode reads what this package writes, LZW with differences, by it and by golang.org/x/image.
func BenchmarkDecode(b *testing.B) {
	var buf bytes.Buffer
	if err := NewWriter(&buf).WritePage(scene.RGBA(1, benchW, benchH), Description{}); err != nil {
		b.Fatal(err)
	}
	run := func(name string, decode func(r *bytes.Reader) error) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(benchW * benchH)
			b.ReportAllocs()
			for b.Loop() {
				if err := decode(bytes.NewReader(buf.Bytes())); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	run("ours", func(r *bytes.Reader) error {
		f, err := Open(r, r.Size())
		if err != nil {
			return err
		}
		_, _, err = f.Pages[0].Decode(b.Context())
		return err
	})
	run("x/image", func(r *bytes.Reader) error {
		_, err := xtiff.Decode(r)
		return err
	})
}
