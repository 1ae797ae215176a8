package transform

import (
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// Operations keep 16 bits a channel; where a format cannot, the result says so,
// once.
func TestLostDepthIsSaid(t *testing.T) {
	for _, c := range []struct {
		name, pipeline, out string
		bits                int
	}{
		{"png_rgb16.png", "gray", "o.png", 16},
		{"png_gray16.png", "flip h", "o.png", 16},
		{"tiff_gray16.tif", "rotate 90", "o.tif", 16},
		{"png_rgba16.png", "resize w=20", "o.png", 16},
		{"png_gray16.png", "thumb 20 linear", "o.tif", 16},
		{"png_gray16.png", "blur 1", "o.tif", 16},
		{"png_rgba16.png", "sharpen 3 | rotate 7 | adjust gamma=2", "o.png", 16},
		{"png_rgb16.png", "invert", "o.jpg", 8},
		{"png_rgb16.png", "resize w=20", "o.jpg", 8},
	} {
		folder(t)
		j := todo(fixture(c.name), c.out, c.pipeline)
		f, _ := codec.FromName(c.out)
		j.Format = string(f)
		res := done(t, j, job.OK, "")
		said := 0
		for _, n := range res.Notes {
			if n == codec.NoteShallow {
				said++
			}
		}
		if got := get(t, c.out).Bits; got != c.bits || said != 1-c.bits/16 {
			t.Errorf("%s of %s: %d bits, said %d times (%q)", c.pipeline, c.name, got, said, res.Notes)
		}
	}
}
