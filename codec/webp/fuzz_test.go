package webp

import (
	"bytes"
	"encoding/binary"
	"image"
	"io"
	"testing"

	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/internal/fuzztest"
)

const (
	fuzzPixels = 1 << 14  // keeps the memory of one picture small
	fuzzMemory = 64 << 20 // for a still or a few frames; of VP8L, tables of prefix codes come to it
)

// Whatever a file holds, its pictures are as large as its chunks say.
func FuzzOpen(f *testing.F) {
	fuzztest.Seeds(f, ".webp")
	for _, r := range []image.Rectangle{image.Rect(0, 0, 1, 1), image.Rect(0, 0, 30, 20)} {
		var still, moving bytes.Buffer
		Encode(&still, image.NewNRGBA(r), meta.Data{EXIF: []byte("II*\x00"), XMP: []byte("<x/>")})
		f.Add(still.Bytes())
		w := NewWriter(&moving, r.Dx(), r.Dy(), 2, meta.Data{})
		w.Add(image.NewNRGBA(r), 1e8)
		w.Add(image.NewNRGBA(image.Rect(0, 0, 1, 1)), 1e8)
		w.Close()
		f.Add(moving.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		defer fuzztest.Bound(t, data, fuzzMemory)()
		const most = 3
		file, err := Open(io.NewSectionReader(bytes.NewReader(data), 0, int64(len(data))), most)
		if err != nil {
			return
		}
		for _, c := range file.other {
			if c.length < 0 || c.off < 12 {
				t.Errorf("a chunk %+v", c)
			}
		}
		m, exif := file.Metadata(1<<16), file.EXIF(1<<10)
		if len(m.ICC)+len(m.XMP)+len(m.EXIF)+len(exif) > 4*len(data) {
			t.Errorf("%d bytes of metadata", len(m.ICC)+len(m.XMP)+len(m.EXIF))
		}
		if file.Width < 1 && !file.Animated || file.Frames > most {
			t.Fatalf("%dx%d, %d frames", file.Width, file.Height, file.Frames)
		}
		if !file.Animated {
			if file.Width*file.Height > fuzzPixels {
				return
			}
			if img, err := file.Still(); err == nil && img.Bounds() != image.Rect(0, 0, file.Width, file.Height) {
				t.Errorf("%v of %dx%d", img.Bounds(), file.Width, file.Height)
			}
			return
		}
		for i := range file.Frames {
			c := file.frames[i]
			if b, err := readAt(file.r, c.off, 16); err != nil || (1+uint24(b[6:]))*(1+uint24(b[9:])) > fuzzPixels {
				continue
			}
			p, img, err := file.Frame(i)
			if err == nil && (img.Bounds().Size() != p.Size() || !p.In(image.Rect(0, 0, file.Width, file.Height)) || p.Delay < 0) {
				t.Errorf("frame %d of %v at %v on %dx%d", i, img.Bounds(), p, file.Width, file.Height)
			}
		}
	})
}

// What is written comes back, the metadata included.
func FuzzEncode(f *testing.F) {
	f.Add([]byte("pixels of some sort"), uint8(9), uint8(5), []byte("EXIF"), []byte("XMP"))
	f.Fuzz(func(t *testing.T, pix []byte, w, h uint8, exif, xmp []byte) {
		if w == 0 || h == 0 || len(pix) == 0 {
			return
		}
		defer fuzztest.Bound(t, pix, fuzzMemory+8*int64(len(exif)+len(xmp)))()
		img := image.NewNRGBA(image.Rect(0, 0, int(w), int(h)))
		for i := range img.Pix {
			img.Pix[i] = pix[i%len(pix)]
		}
		var buf bytes.Buffer
		Encode(&buf, img, meta.Data{EXIF: exif, XMP: xmp})
		data := buf.Bytes()
		if size := binary.LittleEndian.Uint32(data[4:]); int(size)+8 != len(data) {
			t.Fatalf("%d bytes, the container says %d", len(data), size)
		}
		file, err := Open(io.NewSectionReader(bytes.NewReader(data), 0, int64(len(data))), 1)
		if err != nil || file.Err() != nil {
			t.Fatal(err, file.Err())
		}
		m := file.Metadata(1 << 30)
		if !bytes.Equal(m.EXIF, exif) || !bytes.Equal(m.XMP, xmp) {
			t.Errorf("EXIF of %d bytes became %d, XMP of %d %d", len(exif), len(m.EXIF), len(xmp), len(m.XMP))
		}
		got, err := file.Still()
		if err != nil {
			t.Fatal(err)
		}
		if m, ok := got.(*image.NRGBA); !ok || m.Rect != img.Rect || !bytes.Equal(m.Pix, img.Pix) {
			t.Error("other pixels come back")
		}
	})
}
