package transform

import (
	"bytes"
	"image"
	"iter"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/ops"
)

// of yields frames of those pictures, 70 ms, 140 ms, ... each.
func of(pictures ...image.Image) iter.Seq2[codec.Frame, error] {
	return func(yield func(codec.Frame, error) bool) {
		for i, m := range pictures {
			if !yield(codec.Frame{Image: m, Orientation: 1, Delay: time.Duration(i+1) * 70 * time.Millisecond}, nil) {
				return
			}
		}
	}
}

// several writes a file of several pictures.
func several(t *testing.T, name string, f codec.Format, pictures ...image.Image) {
	t.Helper()
	var buf bytes.Buffer
	_, err := codec.EncodeFrames(&buf, of(pictures...), codec.Options{Format: f, Loop: 3})
	must(t, err)
	must(t, os.WriteFile(name, buf.Bytes(), 0o666))
}

// framesOf reads a file of several pictures.
func framesOf(t *testing.T, name string) (codec.Header, []codec.Frame) {
	t.Helper()
	data, err := os.ReadFile(name)
	must(t, err)
	h, err := codec.ReadHeader(bytes.NewReader(data), int64(len(data)), codec.MaxPixels)
	must(t, err)
	var all []codec.Frame
	for f, err := range codec.Frames(t.Context(), data, codec.DecodeOptions{MaxPixels: codec.MaxPixels}) {
		must(t, err)
		f.Image = nrgbaOf(f.Image)
		all = append(all, f)
	}
	return h, all
}

// nrgbaOf is a copy of a picture.
func nrgbaOf(m image.Image) *image.NRGBA {
	out := image.NewNRGBA(image.Rectangle{Max: m.Bounds().Size()})
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.Set(x, y, m.At(m.Bounds().Min.X+x, m.Bounds().Min.Y+y))
		}
	}
	return out
}

// flag is a picture of few colours, so that a GIF holds it exactly.
func flag(w, h, shift int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := 0; i < len(m.Pix); i += 4 {
		c := uint8((i/4%w + i/4/w*2 + shift) / 5 * 40)
		m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3] = c, 255-c, uint8(shift*50), 255
	}
	return m
}

// Every frame goes through the pipeline, and delays, loops and order stay.
func TestEveryFrameIsWorkedOn(t *testing.T) {
	pictures := []image.Image{flag(31, 20, 0), flag(31, 20, 1), flag(31, 20, 4)}
	for _, c := range []struct {
		name   string
		format codec.Format
	}{{"in.gif", codec.GIF}, {"in.tif", codec.TIFF}} {
		for _, pipeline := range []string{"flip h", "rotate 90 | invert", "gray", "crop 9x7+2+3", "orient"} {
			folder(t)
			several(t, c.name, c.format, pictures...)
			res := done(t, todo(c.name, "out"+c.name, pipeline), job.OK, "")
			p, err := ops.Parse(pipeline)
			must(t, err)
			before, _ := framesOf(t, c.name)
			h, got := framesOf(t, "out"+c.name)
			if len(got) != len(pictures) || h.Frames != before.Frames || h.Animated != before.Animated || h.Loop != before.Loop {
				t.Fatalf("%s, %s: %+v became %+v", c.name, pipeline, before, h)
			}
			if res.Width != h.Width || res.Height != h.Height || res.Pixels != 3*31*20 || len(res.Notes) > 0 {
				t.Errorf("%s, %s: %+v of a picture of %dx%d", c.name, pipeline, res, h.Width, h.Height)
			}
			for i, f := range got {
				want, err := p.Apply(t.Context(), pictures[i])
				must(t, err)
				if !bytes.Equal(f.Image.(*image.NRGBA).Pix, nrgbaOf(want).Pix) {
					t.Errorf("%s, %s: picture %d is another", c.name, pipeline, i)
				}
				if h.Animated && f.Delay != time.Duration(i+1)*70*time.Millisecond {
					t.Errorf("%s, %s: picture %d is shown for %v", c.name, pipeline, i, f.Delay)
				}
			}
		}
	}
}

// Pages keep their own sizes, depths and orientations, which are undone.
func TestPagesDiffer(t *testing.T) {
	folder(t)
	deep := image.NewGray16(image.Rect(0, 0, 12, 30))
	for i := range deep.Pix {
		deep.Pix[i] = uint8(i * 7)
	}
	several(t, "in.tif", codec.TIFF, flag(20, 10, 1), deep)
	res := done(t, todo("in.tif", "out.tif", "resize w=10 h=10"), job.OK, "")
	if res.Width != 10 || res.Height != 5 {
		t.Errorf("the result has %dx%d pixels, want the first page's 10x5", res.Width, res.Height)
	}
	_, got := framesOf(t, "out.tif")
	if size := got[1].Image.Bounds().Size(); size != image.Pt(4, 10) {
		t.Errorf("the second page has %v pixels, want 4x10", size)
	}
}

func TestSeveralPicturesWhereOneFits(t *testing.T) {
	for _, c := range []struct {
		in     codec.Format
		out    string
		reason string
	}{
		{codec.GIF, "jpeg", "unsupported: 2 frames of an animation, which do not fit into one JPEG; --first-frame takes the first"},
		{codec.GIF, "tiff", "unsupported: 2 frames of an animation, which do not fit into one TIFF; --first-frame takes the first"},
		{codec.TIFF, "png", "unsupported: 2 pages, which do not fit into one PNG; --first-frame takes the first"},
		{codec.TIFF, "gif", "unsupported: 2 pages, which do not fit into one GIF; --first-frame takes the first"},
	} {
		folder(t)
		several(t, "in", c.in, flag(20, 10, 0), flag(20, 10, 1))
		j := todo("in", "out", "invert")
		j.Format = c.out
		done(t, j, job.Failed, c.reason)
		if _, err := os.Lstat("out"); err == nil {
			t.Errorf("%s to %s: there is an output", c.in, c.out)
		}
		j.First = true
		res := done(t, j, job.OK, "")
		what := "only the first frame of an animation"
		if c.in == codec.TIFF {
			what = "only the first page of several"
		}
		if !slices.Contains(res.Notes, what) {
			t.Errorf("%s to %s: notes %q, want %q", c.in, c.out, res.Notes, what)
		}
	}
}

// A frame that breaks off costs the file, and nothing is written.
func TestDamageInALaterFrame(t *testing.T) {
	for name, f := range map[string]codec.Format{"in.gif": codec.GIF, "in.tif": codec.TIFF} {
		folder(t)
		several(t, name, f, flag(60, 50, 0), flag(60, 50, 1))
		data, err := os.ReadFile(name)
		must(t, err)
		broken := bytes.Clone(data)
		for i := len(broken) / 2; i < len(broken)/2+40; i++ {
			broken[i] = 0xff
		}
		must(t, os.WriteFile(name, broken, 0o666))
		var w Worker
		if res := perform(&w, t.Context(), todo(name, "out", "invert")); res.Outcome != job.Failed {
			t.Errorf("%s: %+v", name, res)
		}
		if _, err := os.Lstat("out"); err == nil {
			t.Errorf("%s: there is an output", name)
		}
	}
}
