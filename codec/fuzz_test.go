package codec

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/codec/webp"
	"github.com/imgpar/imgpar/internal/fuzztest"
)

// fuzzPixels keeps the memory of one picture small.
const fuzzPixels = 1 << 16

// fuzzMemory is for several forms of such a picture, and for what decoders and
// encoders take whatever the picture.
const fuzzMemory = 192 << 20

func seeds(f *testing.F) {
	fuzztest.Seeds(f, ".jpg", ".png", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".webp")
}

// known fails the test for an error that is not of the package, or that makes more
// than a line of a report.
func known(t *testing.T, err error) {
	t.Helper()
	var own *Error
	switch {
	case err == nil:
	case !errors.As(err, &own):
		t.Errorf("%T: %v", err, err)
	case own.Kind != Damaged && own.Kind != Corrupt && own.Kind != Unsupported && own.Kind != TooLarge:
		t.Errorf("kind %q: %v", own.Kind, err)
	case strings.ContainsFunc(err.Error(), unicode.IsControl) || len(err.Error()) > 500:
		t.Errorf("not a line: %q", err)
	}
}

func FuzzReadHeader(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzztest.Bound(t, data, 4<<20+64*int64(len(data)))()
		h, err := ReadHeader(bytes.NewReader(data), int64(len(data)), fuzzPixels)
		if err != nil {
			known(t, err)
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
		defer fuzztest.Bound(t, data, 8<<20+2*maxUnpacked)()
		d, err := Describe(bytes.NewReader(data), int64(len(data)), fuzzPixels)
		known(t, err)
		if err == nil && (d.Profile != nil) != (d.Metadata.ICC != nil) {
			t.Errorf("%d bytes of a profile are %v", len(d.Metadata.ICC), d.Profile)
		}
	})
}

// What is decoded has the size of its header, is the same where damage would be
// salvaged, and can be written in every format and read again.
func FuzzDecode(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzztest.Bound(t, data, fuzzMemory+2*maxUnpacked)()
		p, err := Decode(t.Context(), data, DecodeOptions{MaxPixels: fuzzPixels})
		salvaged, err2 := Decode(t.Context(), data, DecodeOptions{MaxPixels: fuzzPixels, Salvage: true})
		known(t, err)
		known(t, err2)
		over, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := Decode(over, data, DecodeOptions{MaxPixels: fuzzPixels}); !errors.Is(err, context.Canceled) {
			known(t, err) // of what is found before anything takes long
		}
		if err != nil {
			if err2 == nil && !IsDamaged(err) {
				t.Errorf("%v, but salvaged", err)
			}
			return
		}
		if err2 != nil || !reflect.DeepEqual(p, salvaged) {
			t.Errorf("where damage is salvaged, it is another picture: %v", err2)
		}
		if b := p.Image.Bounds(); b.Dx() != p.Width || b.Dy() != p.Height || b.Dx()*b.Dy() > fuzzPixels {
			t.Errorf("%v for %+v", b, p.Header)
		}
		for _, format := range []Format{JPEG, PNG, GIF, BMP, TIFF, WebP} {
			if format == WebP && max(p.Width, p.Height) > webp.MaxSide {
				continue
			}
			var buf bytes.Buffer
			if _, err := Encode(&buf, p.Image, Options{Format: format, Metadata: p.Metadata}); err != nil {
				t.Fatalf("encode %s: %v", format, err)
			}
			if again, err := Decode(t.Context(), buf.Bytes(), DecodeOptions{MaxPixels: fuzzPixels}); err != nil || again.Image.Bounds().Size() != p.Image.Bounds().Size() {
				t.Errorf("decode the %s: %v", format, err)
			}
		}
	})
}

// All routes of a JPEG lead to the same picture: by its planes, in its coded form and
// back, and to its gray by the splice.
func FuzzRoutes(f *testing.F) {
	add := func(data []byte) { f.Add(data, uint8(6), uint8(2), uint8(2)) }
	names, err := filepath.Glob(filepath.Join(fixtures, "*.jpg"))
	if err != nil || len(names) == 0 {
		f.Fatal(len(names), err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		if len(data) <= fuzztest.MaxSeed {
			add(data)
		}
	}
	add(photo(f, 6))
	o := DecodeOptions{MaxPixels: fuzzPixels}
	f.Fuzz(func(t *testing.T, data []byte, orientation, x, y uint8) {
		defer fuzztest.Bound(t, data, fuzzMemory)()
		if h, err := ReadHeader(bytes.NewReader(data), int64(len(data)), fuzzPixels); err != nil || h.Format != JPEG {
			return
		}
		p, err := Decode(t.Context(), data, o)
		known(t, err)
		checkPlaneRoute(t, data, o, p, err)
		checkCodedRoute(t, data, o, p, err, 1+int(orientation%8))
		checkCrop(t, data, o, int(x), int(y))
		checkGrayRoute(t, data, o)
	})
}

// checkPlaneRoute opens the planes of a JPEG of which Decode gives a picture, or an
// error.
func checkPlaneRoute(t *testing.T, data []byte, o DecodeOptions, want *Picture, wrong error) {
	t.Helper()
	var needs *NeedsPixelsError
	open, err := OpenPlanes(data, o)
	if errors.As(err, &needs) {
		return
	}
	if err != nil {
		if wrong == nil || err.Error() != wrong.Error() {
			t.Errorf("planes: %v, pixels: %v", err, wrong)
		}
		return
	}
	planes, notes, err := open.Decode(t.Context(), false, 1, nil)
	if (err == nil) != (wrong == nil) || err != nil && err.Error() != wrong.Error() {
		t.Fatalf("planes: %v, pixels: %v", err, wrong)
	}
	if err != nil {
		return
	}
	if got := open.Picture(planes, notes); !reflect.DeepEqual(got.Image, want.Image) {
		t.Fatal("planes make another picture")
	}
	for _, scale := range []int{2, 4, 8} {
		small, _, err := open.Decode(t.Context(), false, scale, nil)
		if err != nil || small.Width != (open.Width+scale-1)/scale || small.Height != (open.Height+scale-1)/scale {
			t.Fatalf("at 1/%d: %+v, %v", scale, small, err)
		}
	}
}

// checkCodedRoute turns a JPEG and turns it back.
func checkCodedRoute(t *testing.T, data []byte, o DecodeOptions, want *Picture, wrong error, orientation int) {
	t.Helper()
	c, err := OpenCoded(t.Context(), data, o)
	var needs *NeedsPixelsError
	for _, turn := range []int{orientation, []int{0, 1, 2, 3, 4, 5, 8, 7, 6}[orientation]} {
		if err == nil {
			err = c.Turn(turn)
		}
	}
	var out []byte
	if err == nil {
		out, _, err = c.Append(nil, orientation&1 == 0, Carry{})
	}
	if errors.As(err, &needs) {
		return
	}
	if (err == nil) != (wrong == nil) {
		t.Fatalf("coded: %v, pixels: %v", err, wrong)
	}
	if err != nil {
		known(t, err)
		return
	}
	got, err := Decode(t.Context(), out, o)
	if err != nil {
		t.Fatalf("turned by %d and back: %v", orientation, err)
	}
	if !slices.Equal(shown(got.Image), shown(want.Image)) {
		t.Fatalf("turned by %d and back, it is another picture", orientation)
	}
}

// checkCrop cuts a JPEG off at the top and the left.
func checkCrop(t *testing.T, data []byte, o DecodeOptions, x, y int) {
	t.Helper()
	c, err := OpenCoded(t.Context(), data, o)
	if err != nil {
		return
	}
	r := image.Rect(8*x, 8*y, c.Width, c.Height)
	if 8*x >= c.Width || 8*y >= c.Height || c.Crop(r) != nil {
		return
	}
	out, _, err := c.Append(nil, false, Carry{})
	if err != nil {
		return
	}
	if got, err := Decode(t.Context(), out, o); err != nil || got.Image.Bounds().Size() != r.Size() {
		t.Fatalf("cropped to %v: %v", r, err)
	}
}

// checkGrayRoute holds the splice against the luma that is decoded.
func checkGrayRoute(t *testing.T, data []byte, o DecodeOptions) {
	t.Helper()
	out, _, err := GrayJPEG(t.Context(), nil, data, Carry{}, new(jpeg.Scratch))
	if err != nil {
		if !errors.As(err, new(*NeedsPixelsError)) {
			known(t, err)
		}
		return
	}
	o.Gray = true
	want, err := Decode(t.Context(), data, o)
	if err != nil {
		t.Fatalf("spliced, but %v", err)
	}
	got, err := Decode(t.Context(), out, o)
	if err != nil {
		t.Fatalf("the gray file: %v", err)
	}
	if !slices.Equal(shown(got.Image), shown(want.Image)) {
		t.Fatal("the gray file has another luma")
	}
}

// FuzzEXIF takes blocks apart and writes them into a TIFF.
func FuzzEXIF(f *testing.F) {
	f.Add(fullEXIF(binary.LittleEndian))
	f.Add(fullEXIF(binary.BigEndian))
	f.Add(exifWith(binary.BigEndian, tiffShort, 6))
	f.Fuzz(func(t *testing.T, block []byte) {
		defer fuzztest.Bound(t, block, 32<<20+64*int64(len(block)))()
		data, _ := encoded(t, colours(8, 4), Options{Format: TIFF, Metadata: meta.Data{EXIF: block, IPTC: block}})
		first := decoded(t, data)
		again, _ := encoded(t, first.Image, Options{Format: TIFF, Metadata: first.Metadata})
		if got := decoded(t, again).Metadata; !bytes.Equal(got.EXIF, first.Metadata.EXIF) || !bytes.Equal(got.IPTC, first.Metadata.IPTC) {
			t.Errorf("from a TIFF into a TIFF, EXIF of %d bytes became one of %d, IPTC of %d one of %d",
				len(first.Metadata.EXIF), len(got.EXIF), len(first.Metadata.IPTC), len(got.IPTC))
		}
	})
}
