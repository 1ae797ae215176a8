package codec

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"slices"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/codec/meta"
)

func opened(t *testing.T, data []byte) *CodedJPEG {
	t.Helper()
	c, err := OpenCoded(t.Context(), data, DecodeOptions{MaxPixels: MaxPixels})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func closed(t *testing.T, c *CodedJPEG) (*Picture, []string) {
	t.Helper()
	file, notes, err := c.Append(nil, false, Carry{})
	if err != nil {
		t.Fatal(err)
	}
	return decoded(t, file), notes
}

// A picture that was turned in its coded form is the turned picture, but for
// the rounding of a transform that treats rows and columns in turn.
func TestTurnedCoded(t *testing.T) {
	data, _ := encoded(t, colours(64, 48), Options{Format: JPEG, Quality: 90})
	before := decoded(t, data).Image
	for o, from := range map[int]func(x, y int) (int, int){
		2: func(x, y int) (int, int) { return 63 - x, y },
		3: func(x, y int) (int, int) { return 63 - x, 47 - y },
		4: func(x, y int) (int, int) { return x, 47 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return y, 47 - x },
		7: func(x, y int) (int, int) { return 63 - y, 47 - x },
		8: func(x, y int) (int, int) { return 63 - y, x },
	} {
		c := opened(t, data)
		if err := c.Turn(o); err != nil {
			t.Fatal(err)
		}
		w, h := c.Size()
		p, _ := closed(t, c)
		if p.Width != w || p.Height != h || (w == 48) != (o >= 5) {
			t.Errorf("orientation %d: %dx%d, read as %dx%d", o, w, h, p.Width, p.Height)
			continue
		}
		for y := range h {
			for x := range w {
				u, v := from(x, y)
				got, want := stored(p.Image, x, y), stored(before, u, v)
				for i := range got {
					if d := int(got[i]) - int(want[i]); d < -1 || d > 1 {
						t.Fatalf("orientation %d: pixel %d,%d is %v, want %v", o, x, y, got, want)
					}
				}
			}
		}
	}
}

// The orientation is undone in the file's pixels and in what it says of them;
// the rest of its metadata stay as they are, in their order.
func TestUprightCoded(t *testing.T) {
	img := colours(64, 48)
	exif := exifWith(binary.BigEndian, tiffShort, 6)
	plain, _ := encoded(t, img, Options{Format: JPEG, Metadata: meta.Data{ICC: profile("RGB ", 70000), Comments: [][]byte{[]byte("a")}}})
	data := insert(plain, 2, seg(markCOM, "first"), seg(markAPP1, exifPrefix+string(exif)), seg(0xe5, "unknown"))
	c := opened(t, data)
	if c.Orientation != 6 {
		t.Fatalf("orientation %d", c.Orientation)
	}
	if err := c.Upright(); err != nil {
		t.Fatal(err)
	}
	p, notes := closed(t, c)
	if p.Width != 48 || p.Height != 64 || p.Orientation != 1 || len(notes) > 0 {
		t.Errorf("%dx%d of orientation %d, notes %q", p.Width, p.Height, p.Orientation, notes)
	}
	file, _, _ := c.Append(nil, false, Carry{})
	before, after := segments(t, data), segments(t, file)
	if len(before) != len(after) {
		t.Fatalf("%d segments became %d", len(before), len(after))
	}
	for i, s := range before {
		is := after[i]
		if patched := s.Marker == markAPP1; s.Marker != is.Marker || bytes.Equal(s.Data, is.Data) == patched {
			t.Errorf("segment %d, %02x, became %02x", i, s.Marker, is.Marker)
		}
	}
}

func segments(t *testing.T, data []byte) []jpeg.Segment {
	t.Helper()
	f, err := jpeg.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return f.Segments
}

func TestCroppedCoded(t *testing.T) {
	data, _ := encoded(t, colours(64, 48), Options{Format: JPEG, Quality: 90})
	before := decoded(t, data).Image
	c := opened(t, data)
	part := image.Rect(16, 32, 16+21, 32+9)
	if err := c.Crop(part); err != nil {
		t.Fatal(err)
	}
	p, _ := closed(t, c)
	if p.Width != 21 || p.Height != 9 {
		t.Fatalf("%dx%d", p.Width, p.Height)
	}
	for y := range 9 {
		for x := range 21 {
			if got, want := stored(p.Image, x, y), stored(before, 16+x, 32+y); got != want {
				t.Fatalf("pixel %d,%d is %v, want %v", x, y, got, want)
			}
		}
	}
}

func TestWhatNeedsPixels(t *testing.T) {
	data, _ := encoded(t, colours(61, 40), Options{Format: JPEG})
	for want, do := range map[string]func(*CodedJPEG) error{
		"the width, 61, is not a multiple of 16":    func(c *CodedJPEG) error { return c.Turn(2) },
		"the height, 40, is not a multiple of 16":   func(c *CodedJPEG) error { return c.Turn(6) },
		"the left edge, 8, is not a multiple of 16": func(c *CodedJPEG) error { return c.Crop(image.Rect(8, 0, 20, 20)) },
	} {
		err := do(opened(t, data))
		var needs *NeedsPixelsError
		if !errors.As(err, &needs) || needs.Reason != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	var needs *NeedsPixelsError
	if err := opened(t, fixture(t, "jpeg_adobe_rgb.jpg")).Gray(); !errors.As(err, &needs) || needs.Reason != "no luma of full size" {
		t.Errorf("gray of RGB: %v", err)
	}
}

// What changes nothing gives back the file.
func TestUnchangedCoded(t *testing.T) {
	data := append(fixture(t, "jpeg_metadata.jpg"), "behind"...)
	c := opened(t, data)
	b := image.Rect(0, 0, c.Width, c.Height)
	if err := errors.Join(c.Turn(1), c.Crop(b)); err != nil {
		t.Fatal(err)
	}
	if file, notes, err := c.Append(nil, false, Carry{}); !bytes.Equal(file, data) || len(notes) > 0 || err != nil {
		t.Errorf("%d bytes became %d, notes %q, %v", len(data), len(file), notes, err)
	}
	file, notes, err := c.Append([]byte("x"), true, Carry{})
	if err != nil || file[0] != 'x' || len(file) >= len(data) || !slices.Equal(notes, []string{"not kept: data behind the picture"}) {
		t.Errorf("optimised: %d bytes became %d, notes %q, %v", len(data), len(file), notes, err)
	}
	if d := furthest(decoded(t, data).Image, decoded(t, file[1:]).Image); d != 0 {
		t.Errorf("optimised: a value changed by %d", d)
	}
}

// Gray by coefficients and gray by the splice are one picture with the same
// things beside it.
func TestGrayCodedIsTheSplicedGray(t *testing.T) {
	for _, name := range goodFixtures(t) {
		data := fixture(t, name)
		if h, _ := header(data); h.Format != JPEG || !h.Luma {
			continue
		}
		spliced, notes, err := GrayJPEG(t.Context(), nil, data, Carry{}, new(jpeg.Scratch))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		c := opened(t, data)
		if err := c.Gray(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		file, other, err := c.Append(nil, false, Carry{})
		if err != nil || strings.Join(notes, ";") != strings.Join(other, ";") {
			t.Errorf("%s: notes %q and %q, %v", name, notes, other, err)
		}
		a, b := decoded(t, spliced), decoded(t, file)
		if d := furthest(a.Image, b.Image); d != 0 || !bytes.Equal(a.Metadata.EXIF, b.Metadata.EXIF) || a.Orientation != b.Orientation {
			t.Errorf("%s: a value is off by %d", name, d)
		}
	}
}

func TestSalvage(t *testing.T) {
	whole := fixture(t, "jpeg_restart_420.jpg")
	cut := whole[:len(whole)*2/3]
	_, err := Decode(t.Context(), cut, DecodeOptions{MaxPixels: MaxPixels})
	if !IsDamaged(err) {
		t.Fatalf("cut: %v", err)
	}
	o := DecodeOptions{MaxPixels: MaxPixels, Salvage: true}
	p, err := Decode(t.Context(), cut, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Notes) != 1 || !strings.HasPrefix(p.Notes[0], "salvaged: damaged at offset ") {
		t.Errorf("notes %q", p.Notes)
	}
	want := decoded(t, whole).Image
	for x := range p.Width {
		if got, want := stored(p.Image, x, 0), stored(want, x, 0); got != want {
			t.Fatalf("pixel %d,0 is %v, want %v", x, got, want)
		}
	}
	c, err := OpenCoded(t.Context(), cut, o)
	if err != nil {
		t.Fatal(err)
	}
	file, notes, err := c.Append(nil, false, Carry{})
	if err != nil || !slices.Equal(notes, p.Notes) {
		t.Errorf("coded: notes %q, %v", notes, err)
	}
	if d := furthest(p.Image, decoded(t, file).Image); d != 0 {
		t.Errorf("coded: a value is off by %d", d)
	}
	// Nothing is salvaged of a picture whose header is gone, and nothing is
	// said of one that is whole.
	if _, err := Decode(t.Context(), whole[:100], o); err == nil {
		t.Error("100 bytes are a picture")
	}
	if p, err := Decode(t.Context(), whole, o); err != nil || len(p.Notes) > 0 {
		t.Errorf("whole: notes %q, %v", p.Notes, err)
	}
}
