package codec

import (
	"bytes"
	"testing"

	"github.com/imgpar/imgpar/bench/corpus"
	"github.com/imgpar/imgpar/bench/corpus/scene"
)

// benchFiles are a file of each format, of 640x480 pixels, and two JPEGs of the corpus: a photo and a tiny one.
func benchFiles(b *testing.B) map[string][]byte {
	b.Helper()
	files := map[string][]byte{"photo": corpus.Photo(0), "tiny": corpus.TinyPhoto(0)}
	img := scene.RGBA(1, 640, 480)
	for _, info := range Formats() {
		if !info.Write {
			continue
		}
		var buf bytes.Buffer
		if _, err := Encode(&buf, img, Options{Format: info.Format}); err != nil {
			b.Fatal(err)
		}
		files[string(info.Format)] = buf.Bytes()
	}
	return files
}

// BenchmarkReadHeader is what every file of a run costs before anything is done with it.
func BenchmarkReadHeader(b *testing.B) {
	for name, data := range benchFiles(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ReadHeader(bytes.NewReader(data), int64(len(data)), MaxPixels); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkDecode is the way to pixels, of what is too small to weigh: the overhead of a file.
func BenchmarkDecode(b *testing.B) {
	data := corpus.TinyPhoto(0)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(b.Context(), data, DecodeOptions{MaxPixels: MaxPixels}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDescribe is imgpar info.
func BenchmarkDescribe(b *testing.B) {
	data := corpus.Photo(0)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Describe(bytes.NewReader(data), int64(len(data)), MaxPixels); err != nil {
			b.Fatal(err)
		}
	}
}
