package transform

import (
	"bytes"
	"image"
	stdjpeg "image/jpeg"
	"os"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/ops"
)

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		pipeline string
		in, out  codec.Format
		quality  int
		want     route
	}{
		{"gray", codec.JPEG, "", 0, splice},
		{"gray", codec.JPEG, codec.JPEG, 0, splice},
		{"gray", codec.JPEG, codec.JPEG, 85, pixels}, // a quality asks for new coding
		{"gray", codec.JPEG, codec.PNG, 0, pixels},
		{"gray", codec.PNG, codec.JPEG, 0, pixels},
		{"gray", codec.PNG, "", 0, pixels},
		{"gray | gray", codec.JPEG, "", 0, pixels},
		{"orient | gray", codec.JPEG, "", 0, pixels}, // the pixels are to be turned
		{"resize w=9 | gray", codec.JPEG, "", 0, pixels},
		{"invert", codec.JPEG, "", 0, pixels},
	} {
		p, err := ops.Parse(c.pipeline)
		must(t, err)
		if got := choose(job.Job{Format: string(c.out), Quality: c.quality}, p, c.in); got != c.want {
			t.Errorf("%s from %s to %q: route %d, want %d", c.pipeline, c.in, c.out, got, c.want)
		}
	}
}

// A spliced gray keeps the orientation beside the pixels as they are stored,
// the other metadata but a profile for colours, and every pixel of the luma.
func TestSplicedGray(t *testing.T) {
	folder(t)
	for _, name := range []string{"jpeg_metadata.jpg", "orientation/exif_6.jpg", "jpeg_progressive_420.jpg", "jpeg_grayscale.jpg"} {
		res := done(t, todo(fixture(name), "o.jpg", "gray"), job.OK, "")
		in, err := os.ReadFile(fixture(name))
		must(t, err)
		out, err := os.ReadFile("o.jpg")
		must(t, err)
		have, want := read(t, out), read(t, in)
		if have.Orientation != want.Orientation || !bytes.Equal(have.Metadata.EXIF, want.Metadata.EXIF) || !bytes.Equal(have.Metadata.XMP, want.Metadata.XMP) {
			t.Errorf("%s: metadata changed", name)
		}
		if have.Metadata.ICC != nil || (want.Metadata.ICC != nil) != strings.Contains(strings.Join(res.Notes, ";"), "not kept: RGB ICC profile") {
			t.Errorf("%s: a profile of %d bytes is left, notes %q", name, len(have.Metadata.ICC), res.Notes)
		}
		if w, h := want.Displayed(); res.Width != w || res.Height != h || res.Pixels != int64(w*h) {
			t.Errorf("%s: the result says %dx%d, %d pixels", name, res.Width, res.Height, res.Pixels)
		}
		gray, ok := have.Image.(*image.Gray)
		if !ok {
			t.Fatalf("%s: the output is %T", name, have.Image)
		}
		ref, err := stdjpeg.Decode(bytes.NewReader(in))
		must(t, err)
		for y := range have.Height {
			for x := range have.Width {
				l := uint8(0)
				switch m := ref.(type) {
				case *image.YCbCr:
					l = m.Y[m.YOffset(x, y)]
				case *image.Gray:
					l = m.GrayAt(x, y).Y
				}
				if gray.GrayAt(x, y).Y != l {
					t.Fatalf("%s: pixel %d,%d is %d, want %d", name, x, y, gray.GrayAt(x, y).Y, l)
				}
			}
		}
		must(t, os.Remove("o.jpg"))
	}
}

// A gray JPEG is its own gray picture.
func TestGrayOfGrayIsACopy(t *testing.T) {
	folder(t)
	for _, name := range []string{"jpeg_grayscale.jpg", "jpeg_progressive_grayscale.jpg"} {
		done(t, todo(fixture(name), name, "gray"), job.OK, "")
		in, err := os.ReadFile(fixture(name))
		must(t, err)
		if out, _ := os.ReadFile(name); !bytes.Equal(in, out) {
			t.Errorf("%s changed", name)
		}
	}
}

// What stands behind a picture, such as a second one, is not lost in silence.
func TestDataBehindThePicture(t *testing.T) {
	folder(t)
	in, err := os.ReadFile(fixture("jpeg_444.jpg"))
	must(t, err)
	for rest, note := range map[string]string{"": "", "\x00\x00\x00": "", "\xff\xd8\xff\xe0 another": "not kept: data behind the picture"} {
		must(t, os.WriteFile("a.jpg", append(bytes.Clone(in), rest...), 0o666))
		res := done(t, todo("a.jpg", "o.jpg", "gray"), job.OK, "")
		if got := strings.Join(res.Notes, ";"); got != note {
			t.Errorf("%q behind the picture: notes %q, want %q", rest, got, note)
		}
		must(t, os.Remove("o.jpg"))
	}
}

// Pictures without a luma component go by their pixels.
func TestGrayWithoutLuma(t *testing.T) {
	folder(t)
	for _, name := range []string{"jpeg_cmyk.jpg", "jpeg_ycck.jpg", "jpeg_adobe_rgb.jpg"} {
		done(t, todo(fixture(name), name, "gray"), job.OK, "")
		if p := get(t, name); p.Channels != 1 {
			t.Errorf("%s has %d channels", name, p.Channels)
		}
	}
}

func read(t *testing.T, data []byte) *codec.Picture {
	t.Helper()
	p, err := codec.Decode(t.Context(), data, codec.MaxPixels)
	must(t, err)
	return p
}
