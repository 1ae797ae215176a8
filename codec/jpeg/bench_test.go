package jpeg

import (
	"bytes"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkGray grays the JPEGs that IMGPAR_BENCH names as a glob, or a
// 12-megapixel picture of its own.
func BenchmarkGray(b *testing.B) {
	var files [][]byte
	size := int64(0)
	if glob := os.Getenv("IMGPAR_BENCH"); glob != "" {
		names, err := filepath.Glob(glob)
		if err != nil {
			b.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				b.Fatal(err)
			}
			files = append(files, data)
		}
	} else {
		var buf bytes.Buffer
		if err := jpeg.Encode(&buf, noise(rand.New(rand.NewPCG(1, 1)), 4000, 3000), nil); err != nil {
			b.Fatal(err)
		}
		files = append(files, buf.Bytes())
	}
	pixels := 0.0
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
