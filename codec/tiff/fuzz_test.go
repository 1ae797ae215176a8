package tiff

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// fuzzPixels keeps the memory of one picture small.
const fuzzPixels = 1 << 16

func FuzzDecode(f *testing.F) {
	for _, c := range []int{compNone, compLZW, compDeflate, compPackBits, compZstd} {
		for _, bits := range []int{1, 8, 12, 16, 32} {
			f.Add(spec{w: 20, h: 17, n: 3, bits: bits, photometric: photoRGB, compression: c, predictor: 2, tileW: 16, tileH: 16, planar: bits == 8}.noise(1).file())
			f.Add(spec{w: 20, h: 17, n: 1, bits: bits, photometric: whiteIsZero, compression: c, rows: 5, order: binary.BigEndian, big: true}.noise(1).file())
		}
	}
	f.Add(written(f, Description{}, image.NewNRGBA(image.Rect(0, 0, 20, 20)), image.NewGray16(image.Rect(0, 0, 9, 9))))
	for _, pattern := range []string{"testdata/*.tif*", "../../testdata/images/*.tif"} {
		names, err := filepath.Glob(filepath.FromSlash(pattern))
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			known(t, err)
			return
		}
		for _, p := range file.Pages[:min(3, len(file.Pages))] {
			if p.Check() != nil || int64(p.Width)*int64(p.Height) > fuzzPixels {
				continue
			}
			if n := p.DecodeBytes(); n < 0 || n > 256<<20 {
				t.Errorf("%d bytes for %dx%d", n, p.Width, p.Height)
			}
			m, _, err := p.Decode(context.Background())
			if err != nil {
				known(t, err)
			} else if b := m.Bounds(); b.Dx() != p.Width || b.Dy() != p.Height {
				t.Errorf("%v for %dx%d", b, p.Width, p.Height)
			}
		}
	})
}

// known fails the test for an error that is of no kind that callers know.
func known(t *testing.T, err error) {
	t.Helper()
	var (
		bad  *FormatError
		gone *UnsupportedError
		over *LimitError
	)
	if !errors.As(err, &bad) && !errors.As(err, &gone) && !errors.As(err, &over) || errors.Is(err, io.EOF) {
		t.Errorf("%T: %v", err, err)
	}
}
