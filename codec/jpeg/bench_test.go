package jpeg

import (
	"bytes"
	"context"
	"fmt"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"github.com/imgpar/imgpar/bench/corpus/scene"
)

// benchFiles returns the JPEGs that IMGPAR_BENCH names as a glob, or a
// 12-megapixel picture of the benchmark's own, and how many megapixels that is.
func benchFiles(b *testing.B) (files [][]byte, megapixels float64) {
	b.Helper()
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
		data, err := Encode(nil, planesOf(scene.New(1, 4000, 3000)), EncodeOptions{Quality: 90})
		if err != nil {
			b.Fatal(err)
		}
		files = append(files, data)
	}
	for _, data := range files {
		f, err := Parse(data)
		if err != nil {
			b.Fatal(err)
		}
		megapixels += float64(f.Width) * float64(f.Height) / 1e6
	}
	return files, megapixels
}

// benchEach measures what is done with every file.
func benchEach(b *testing.B, files [][]byte, megapixels float64, do func(data []byte) error) {
	size := int64(0)
	for _, data := range files {
		size += int64(len(data))
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, data := range files {
			if err := do(data); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(megapixels*float64(b.N)/b.Elapsed().Seconds(), "MP/s")
}

// BenchmarkGray grays the files of benchFiles.
func BenchmarkGray(b *testing.B) {
	files, megapixels := benchFiles(b)
	var mem Scratch
	var out []byte
	benchEach(b, files, megapixels, func(data []byte) error {
		f, err := Parse(data)
		if err != nil {
			return err
		}
		out, err = f.AppendGray(context.Background(), out[:0], f.Segments, &mem)
		return err
	})
}

// BenchmarkDecode decodes the files of benchFiles to planes, by this package
// and by the standard library.
func BenchmarkDecode(b *testing.B) {
	files, megapixels := benchFiles(b)
	var mem Scratch
	run := func(name string, decode func(f *File) error) {
		b.Run(name, func(b *testing.B) {
			benchEach(b, files, megapixels, func(data []byte) error {
				f, err := Parse(data)
				if err != nil {
					return err
				}
				return decode(f)
			})
		})
	}
	run("ours", func(f *File) error {
		_, err := f.Decode(context.Background(), DecodeOptions{}, &mem)
		return err
	})
	for _, scale := range []int{1, 2, 4, 8} {
		var p *Planes
		run(fmt.Sprintf("reused/scale=%d", scale), func(f *File) (err error) {
			p, err = f.Decode(context.Background(), DecodeOptions{Scale: scale, Reuse: p}, &mem)
			return err
		})
	}
	run("luma", func(f *File) error {
		_, err := f.Decode(context.Background(), DecodeOptions{Components: 1}, &mem)
		return err
	})
	run("coefficients", func(f *File) error {
		_, err := f.Coefficients(context.Background(), &mem)
		return err
	})
	b.Run("image/jpeg", func(b *testing.B) {
		benchEach(b, files, megapixels, func(data []byte) error {
			_, err := jpeg.Decode(bytes.NewReader(data))
			return err
		})
	})
}
