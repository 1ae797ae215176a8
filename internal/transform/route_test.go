package transform

import (
	"bytes"
	"image"
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
		{"gray | gray", codec.JPEG, "", 0, coded},
		{"orient | gray", codec.JPEG, "", 0, coded}, // the pixels are to be turned
		{"rotate 90 | flip h | crop 9x9", codec.JPEG, "", 0, coded},
		{"rotate -450", codec.JPEG, "", 0, coded},
		{"rotate 90", codec.JPEG, "", 85, pixels},
		{"rotate 90", codec.PNG, codec.JPEG, 0, pixels},
		{"rotate 45", codec.JPEG, "", 0, pixels},
		{"convert jpeg", codec.JPEG, codec.JPEG, 0, coded},
		{"rotate 90 | blur 2", codec.JPEG, "", 0, pixels},
		{"resize w=9 | gray", codec.JPEG, "", 0, planes},
		{"invert", codec.JPEG, "", 0, pixels},
	} {
		p, err := ops.Parse(c.pipeline)
		must(t, err)
		if got := choose(job.Job{Format: string(c.out), Quality: c.quality}, p, c.in); got != c.want {
			t.Errorf("%s from %s to %q: route %d, want %d", c.pipeline, c.in, c.out, got, c.want)
		}
	}
	gray := ops.Pipeline{ops.Gray{}}
	if got := choose(job.Job{Optimize: true}, gray, codec.JPEG); got != coded {
		t.Errorf("gray with tables of its own: route %d, want %d", got, coded)
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
		for y := range have.Height {
			for x := range have.Width {
				l := uint8(0)
				switch m := want.Image.(type) {
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
	p, err := codec.Decode(t.Context(), data, codec.DecodeOptions{MaxPixels: codec.MaxPixels})
	must(t, err)
	return p
}

// With a quality the luma is coded anew, upright, from what is decoded of it.
func TestGrayAnew(t *testing.T) {
	folder(t)
	for _, name := range []string{"jpeg_420.jpg", "orientation/exif_6.jpg", "jpeg_progressive_444.jpg"} {
		j := todo(fixture(name), "o.jpg", "gray")
		j.Quality = 95
		done(t, j, job.OK, "")
		in, err := os.ReadFile(fixture(name))
		must(t, err)
		want := read(t, in)
		have := get(t, "o.jpg")
		if w, h := want.Displayed(); have.Orientation != 1 || have.Width != w || have.Height != h {
			t.Errorf("%s: %dx%d of orientation %d", name, have.Width, have.Height, have.Orientation)
		}
		luma := ops.Upright(&image.Gray{Pix: want.Image.(*image.YCbCr).Y, Stride: want.Image.(*image.YCbCr).YStride, Rect: want.Image.Bounds()}, want.Orientation).(*image.Gray)
		sum := 0.0
		for y := range have.Height {
			for x := range have.Width {
				d := float64(luma.GrayAt(x, y).Y) - float64(have.Image.(*image.Gray).GrayAt(x, y).Y)
				sum += d * d
			}
		}
		if mse := sum / float64(have.Width*have.Height); mse > 4 { // 42 dB
			t.Errorf("%s: the luma is off by %.1f in the square", name, mse)
		}
		must(t, os.Remove("o.jpg"))
	}
}

// What --on-damage=salvage saves is the same by coefficients and by samples,
// and nothing is said of a file that is whole.
func TestSalvage(t *testing.T) {
	folder(t)
	whole, err := os.ReadFile(fixture("jpeg_restart_420.jpg"))
	must(t, err)
	must(t, os.WriteFile("cut.jpg", whole[:len(whole)/2], 0o666))
	for _, c := range []struct{ pipeline, format string }{{"gray", ""}, {"gray", "png"}, {"crop 64x32+16+16", ""}, {"flip v", "png"}} {
		j := todo("cut.jpg", "o", c.pipeline)
		j.Format = c.format
		done(t, j, job.Failed, "damaged at offset 2365: the file ends without EOI")
		j.Salvage = true
		res := done(t, j, job.OK, "")
		if len(res.Notes) != 1 || res.Notes[0] != "salvaged: damaged at offset 2365: the file ends without EOI" {
			t.Errorf("%s: notes %q", c.pipeline, res.Notes)
		}
		must(t, os.Remove("o"))
	}
	j := todo(fixture("jpeg_restart_420.jpg"), "o", "gray")
	j.Salvage = true
	if res := done(t, j, job.OK, ""); len(res.Notes) > 0 {
		t.Errorf("a whole file: notes %q", res.Notes)
	}
}
