package webp

import (
	"bytes"
	"io"
	"os"
	"testing"

	"github.com/imgpar/imgpar/bench/corpus/scene"
	"github.com/imgpar/imgpar/codec/meta"
)

const benchW, benchH = 600, 450

func BenchmarkEncode(b *testing.B) {
	img := scene.RGBA(1, benchW, benchH)
	var buf bytes.Buffer
	b.SetBytes(benchW * benchH) // reads as MP/s
	b.ReportAllocs()
	for b.Loop() {
		buf.Reset()
		Encode(&buf, img, meta.Data{})
	}
	b.ReportMetric(float64(buf.Len()), "B-file")
}

func BenchmarkDecode(b *testing.B) {
	var lossless bytes.Buffer
	Encode(&lossless, scene.RGBA(1, benchW, benchH), meta.Data{})
	lossy, err := os.ReadFile("../../testdata/images/webp_lossy.webp")
	if err != nil {
		b.Fatal(err)
	}
	for name, data := range map[string][]byte{"lossless": lossless.Bytes(), "lossy": lossy} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f, err := Open(io.NewSectionReader(bytes.NewReader(data), 0, int64(len(data))), 1)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(f.Width) * int64(f.Height))
				if _, err := f.Still(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
