package jpeg

import (
	"bytes"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// benchFiles returns the JPEGs that IMGPAR_BENCH names as a glob, or a
// 12-megapixel picture of noise.
func benchFiles(b *testing.B) [][]byte {
	b.Helper()
	glob := os.Getenv("IMGPAR_BENCH")
	if glob == "" {
		var buf bytes.Buffer
		if err := jpeg.Encode(&buf, noise(rand.New(rand.NewPCG(1, 1)), 4000, 3000), nil); err != nil {
			b.Fatal(err)
		}
		return [][]byte{buf.Bytes()}
	}
	names, err := filepath.Glob(glob)
	if err != nil {
		b.Fatal(err)
	}
	var files [][]byte
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		files = append(files, data)
	}
	return files
}

// BenchmarkGray grays the pictures of benchFiles.
func BenchmarkGray(b *testing.B) {
	files := benchFiles(b)
	size, pixels := int64(0), 0.0
	for _, data := range files {
		f, err := Parse(data)
		if err != nil {
			b.Fatal(err)
		}
		pixels += float64(f.Width) * float64(f.Height)
		size += int64(len(data))
	}
	b.SetBytes(size)
	var mem Scratch
	var out []byte
	for b.Loop() {
		for _, data := range files {
			f, err := Parse(data)
			if err != nil {
				b.Fatal(err)
			}
			if out, err = f.AppendGray(out[:0], all, &mem); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(pixels*float64(b.N)/1e6/b.Elapsed().Seconds(), "MP/s")
}
