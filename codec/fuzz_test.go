package codec

import (
	"bytes"
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/imgpar/imgpar/codec/meta"
)

// fuzzPixels keeps the memory of one picture small.
const fuzzPixels = 1 << 16

func seeds(f *testing.F) {
	for _, pattern := range []string{"*.*", "broken/*", "orientation/*"} {
		names, err := filepath.Glob(filepath.Join(fixtures, filepath.FromSlash(pattern)))
		if err != nil || len(names) == 0 {
			f.Fatalf("%s: %d files, %v", pattern, len(names), err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
}

func FuzzReadHeader(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := ReadHeader(bytes.NewReader(data), int64(len(data)), fuzzPixels)
		if err != nil {
			return
		}
		if h.Width < 1 || h.Height < 1 || h.Width*h.Height > fuzzPixels || h.Orientation < 1 || h.Orientation > 8 || h.Frames < 1 {
			t.Errorf("%+v", h)
		}
		most := int64(64 * fuzzPixels)
		if h.Format == TIFF { // whose pixels may have 64 samples, and tiles be larger than the picture
			most = 256 << 20
		}
		if n := h.DecodeBytes(0); n < 0 || n > most {
			t.Errorf("%d bytes for %+v", n, h)
		}
	})
}

func FuzzDescribe(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Describe(bytes.NewReader(data), int64(len(data)), fuzzPixels)
		if err == nil && (d.Profile != nil) != (d.Metadata.ICC != nil) {
			t.Errorf("%d bytes of a profile are %v", len(d.Metadata.ICC), d.Profile)
		}
	})
}

func FuzzDecode(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Decode(context.Background(), data, DecodeOptions{MaxPixels: fuzzPixels})
		if err != nil {
			return
		}
		if b := p.Image.Bounds(); b.Dx() != p.Width || b.Dy() != p.Height || b.Dx()*b.Dy() > fuzzPixels {
			t.Errorf("%v for %+v", b, p.Header)
		}
		for _, format := range []Format{JPEG, PNG, TIFF} {
			var buf bytes.Buffer
			if _, err := Encode(&buf, p.Image, Options{Format: format, Metadata: p.Metadata}); err != nil {
				t.Fatalf("encode %s: %v", format, err)
			}
			if _, err := Decode(context.Background(), buf.Bytes(), DecodeOptions{MaxPixels: fuzzPixels}); err != nil {
				t.Errorf("decode the %s: %v", format, err)
			}
		}
	})
}

// FuzzEXIF takes blocks apart and writes them into a TIFF.
func FuzzEXIF(f *testing.F) {
	f.Add(fullEXIF(binary.LittleEndian))
	f.Add(fullEXIF(binary.BigEndian))
	f.Add(exifWith(binary.BigEndian, tiffShort, 6))
	f.Fuzz(func(t *testing.T, block []byte) {
		data, _ := encoded(t, colours(8, 4), Options{Format: TIFF, Metadata: meta.Data{EXIF: block, IPTC: block}})
		first := decoded(t, data)
		again, _ := encoded(t, first.Image, Options{Format: TIFF, Metadata: first.Metadata})
		if got := decoded(t, again).Metadata; !bytes.Equal(got.EXIF, first.Metadata.EXIF) || !bytes.Equal(got.IPTC, first.Metadata.IPTC) {
			t.Errorf("from a TIFF into a TIFF, EXIF of %d bytes became one of %d, IPTC of %d one of %d",
				len(first.Metadata.EXIF), len(got.EXIF), len(first.Metadata.IPTC), len(got.IPTC))
		}
	})
}
