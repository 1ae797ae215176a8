package bmp

import (
	"bytes"
	"testing"

	xbmp "golang.org/x/image/bmp"

	"github.com/imgpar/imgpar/bench/corpus/scene"
)

// BenchmarkDecode decodes a picture of 24 bits, by this package and by golang.org/x/image.
func BenchmarkDecode(b *testing.B) {
	const w, h = 1000, 750
	var buf bytes.Buffer
	if err := xbmp.Encode(&buf, scene.RGBA(1, w, h)); err != nil {
		b.Fatal(err)
	}
	data := buf.Bytes()
	run := func(name string, decode func() error) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(w * h) // reads as MP/s
			b.ReportAllocs()
			for b.Loop() {
				if err := decode(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	run("ours", func() error {
		f, err := Parse(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return err
		}
		_, err = f.Decode(b.Context(), data)
		return err
	})
	run("x/image", func() error {
		_, err := xbmp.Decode(bytes.NewReader(data))
		return err
	})
}
