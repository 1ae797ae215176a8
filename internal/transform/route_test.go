package transform

import (
	"bytes"
	"errors"
	"image"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/icc"
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
		{"resize w=9", codec.JPEG, codec.PNG, 0, planes},
		{"resize w=9", codec.JPEG, codec.JPEG, 85, planes},
		{"resize w=9", codec.PNG, codec.JPEG, 0, pixels},
		{"thumb", codec.JPEG, "", 0, planes},
		{"orient | crop 9x9 | gray | flip v | rotate 270 | thumb 5 | blur 1", codec.JPEG, "", 0, planes},
		{"resize w=9 filter=box enlarge", codec.JPEG, "", 0, planes},
		{"resize w=9 filter=nearest", codec.JPEG, "", 0, pixels},
		{"resize w=9 linear", codec.JPEG, "", 0, pixels},
		{"thumb 9 linear", codec.JPEG, "", 0, pixels},
		{"rotate 45 | resize w=9", codec.JPEG, "", 0, pixels},
		{"blur 1 | resize w=9", codec.JPEG, "", 0, pixels},
		{"convert png | resize w=9", codec.JPEG, codec.PNG, 0, planes},
		{"crop 9x9", codec.JPEG, codec.PNG, 0, pixels},
	} {
		p, err := ops.Parse(c.pipeline)
		must(t, err)
		if got := choose(job.Job{Target: job.Target{Format: string(c.out)}, Quality: c.quality}, p, c.in); got != c.want {
			t.Errorf("%s from %s to %q: route %d, want %d", c.pipeline, c.in, c.out, got, c.want)
		}
	}
	gray := ops.Pipeline{ops.Gray{}}
	if got := choose(job.Job{Optimize: true}, gray, codec.JPEG); got != coded {
		t.Errorf("gray with tables of its own: route %d, want %d", got, coded)
	}
}

// A spliced gray keeps the orientation beside the pixels as they are stored,
// the other metadata, a profile with the curve of that for colours, and every pixel of the luma.
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
		if (have.Metadata.ICC != nil) != (want.Metadata.ICC != nil) || (have.Metadata.ICC != nil) != slices.Contains(res.Notes, "profile for gray made of imgpar wide gamut") {
			t.Errorf("%s: a profile of %d bytes is left of one of %d, notes %q", name, len(have.Metadata.ICC), len(want.Metadata.ICC), res.Notes)
		}
		if have.Metadata.ICC != nil {
			p, err := icc.Parse(have.Metadata.ICC)
			must(t, err)
			if p.Space() != "GRAY" {
				t.Errorf("%s: a gray picture has a profile for %s", name, p.Space())
			}
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

// A picture whose colours are not YCbCr, and one that is not scaled after all,
// go by pixels; what others make by planes has metadata and notes as well.
func TestScaledFiles(t *testing.T) {
	for _, c := range []struct {
		name, pipeline string
		byPlanes       bool
		ratio          image.YCbCrSubsampleRatio
		width, height  int
	}{
		{"jpeg_420.jpg", "resize w=60", true, image.YCbCrSubsampleRatio420, 60, 40},
		{"jpeg_422.jpg", "resize w=60", true, image.YCbCrSubsampleRatio422, 60, 40},
		{"jpeg_422.jpg", "rotate 90 | resize h=61", true, image.YCbCrSubsampleRatio440, 41, 61},
		{"jpeg_440.jpg", "resize h=60 | rotate 270", true, image.YCbCrSubsampleRatio422, 60, 40},
		{"jpeg_411.jpg", "resize w=61", true, image.YCbCrSubsampleRatio411, 61, 40},
		{"jpeg_411.jpg", "resize w=61 | rotate 90", true, image.YCbCrSubsampleRatio444, 40, 61},
		{"jpeg_444.jpg", "resize w=60", true, image.YCbCrSubsampleRatio444, 60, 46},
		{"jpeg_metadata.jpg", "thumb 9", true, image.YCbCrSubsampleRatio420, 9, 9},
		{"jpeg_progressive_420.jpg", "thumb 9", true, image.YCbCrSubsampleRatio420, 9, 9},
		{"jpeg_420.jpg", "resize w=60 | sharpen", true, image.YCbCrSubsampleRatio420, 60, 40},
		{"jpeg_420.jpg", "resize", false, image.YCbCrSubsampleRatio420, 0, 0},
		{"jpeg_cmyk.jpg", "thumb 9", false, image.YCbCrSubsampleRatio420, 9, 9},
		{"jpeg_ycck.jpg", "thumb 9", false, image.YCbCrSubsampleRatio420, 9, 9},
		{"jpeg_adobe_rgb.jpg", "thumb 9", false, image.YCbCrSubsampleRatio420, 9, 9},
	} {
		folder(t)
		in, err := os.ReadFile(fixture(c.name))
		must(t, err)
		p, err := ops.Parse(c.pipeline)
		must(t, err)
		var w Worker
		_, _, err = w.byPlanes(t.Context(), w.on(t, in, p, ""))
		var needs *codec.NeedsPixelsError
		if errors.As(err, &needs) == c.byPlanes {
			t.Errorf("%s of %s by planes: %v", c.pipeline, c.name, err)
		}
		res := done(t, todo(fixture(c.name), "o.jpg", c.pipeline), job.OK, "")
		want, have := read(t, in), get(t, "o.jpg")
		if c.width == 0 {
			c.width, c.height = want.Displayed()
		}
		if have.Width != c.width || have.Height != c.height || res.Width != c.width || res.Height != c.height || res.Pixels != int64(want.Width*want.Height) {
			t.Errorf("%s of %s: %dx%d pixels, want %dx%d; %+v", c.pipeline, c.name, have.Width, have.Height, c.width, c.height, res)
		}
		if m, ok := have.Image.(*image.YCbCr); !ok || m.SubsampleRatio != c.ratio {
			t.Errorf("%s of %s: %T of %v, want %v", c.pipeline, c.name, have.Image, m.SubsampleRatio, c.ratio)
		}
		if !bytes.Equal(have.Metadata.ICC, want.Metadata.ICC) || !bytes.Equal(have.Metadata.XMP, want.Metadata.XMP) ||
			(have.Metadata.EXIF == nil) != (want.Metadata.EXIF == nil) {
			t.Errorf("%s of %s: metadata changed", c.pipeline, c.name)
		}
		if wantNotes := len(want.Notes); len(res.Notes) != wantNotes {
			t.Errorf("%s of %s: notes %q, want %q", c.pipeline, c.name, res.Notes, want.Notes)
		}
	}
}

// Of a colour picture that is grayed before or behind the scaling, luma alone is
// decoded.
func TestScaledGray(t *testing.T) {
	in, err := os.ReadFile(fixture("jpeg_420.jpg"))
	must(t, err)
	var w Worker
	var before []byte
	for _, text := range []string{"gray | resize w=50", "resize w=50 | gray", "resize w=50 | orient | flip h | flip h | gray", "orient | gray | resize w=50 | gray"} {
		p, err := ops.Parse(text)
		must(t, err)
		_, img := planar(t, &w, in, p, "")
		g, ok := img.(*image.Gray)
		if !ok {
			t.Fatalf("%s gives %T", text, img)
		}
		if before != nil && !bytes.Equal(g.Pix, before) {
			t.Errorf("%s gives other pixels", text)
		}
		before = bytes.Clone(g.Pix)
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
	for _, c := range []struct{ pipeline, format string }{{"gray", ""}, {"gray", "png"}, {"crop 64x32+16+16", ""}, {"flip v", "png"}, {"resize w=20", ""}, {"thumb 9", "png"}} {
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
