package transform

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

func TestAGoodFile(t *testing.T) {
	folder(t)
	in := put(t, "a.png", gradient(40, 30), codec.PNG)
	res := done(t, todo("a.png", "out/deep/a.png", "resize w=20 | gray"), job.OK, "")
	p := get(t, "out/deep/a.png")
	if p.Width != 20 || p.Height != 15 || p.Channels != 1 {
		t.Errorf("the output has %dx%d pixels of %d channels", p.Width, p.Height, p.Channels)
	}
	fi, err := os.Stat("out/deep/a.png")
	must(t, err)
	if res.Width != 20 || res.Height != 15 || res.Pixels != 1200 || res.InBytes != int64(len(in)) || res.OutBytes != fi.Size() || len(res.Notes) > 0 {
		t.Errorf("%+v", res)
	}
	if now, err := os.ReadFile("a.png"); err != nil || !bytes.Equal(now, in) {
		t.Errorf("the source changed, or %v", err)
	}
	holds(t, "a.png", "out/deep/a.png")
}

func TestTheFormatOfTheOutput(t *testing.T) {
	folder(t)
	put(t, "a.jpg", gradient(8, 8), codec.JPEG)
	webp, err := os.ReadFile(fixture("webp_lossless.webp"))
	folder(t)
	must(t, err)
	must(t, os.WriteFile("w", webp, 0o666))
	put(t, "a.jpg", gradient(8, 8), codec.JPEG)
	for _, c := range []struct {
		in     string
		format codec.Format
		want   codec.Format
	}{
		{"a.jpg", "", codec.JPEG}, {"a.jpg", codec.PNG, codec.PNG}, {"w", "", codec.WebP}, {"w", codec.GIF, codec.GIF}, {"a.jpg", codec.TIFF, codec.TIFF},
	} {
		j := todo(c.in, "out-"+c.in+string(c.format), "gray")
		j.Format = string(c.format)
		done(t, j, job.OK, "")
		if got := get(t, string(j.Output)).Format; got != c.want {
			t.Errorf("%s as %q is %s, want %s", c.in, c.format, got, c.want)
		}
	}
	j := todo("w", "w2", "gray")
	j.Format = "avif"
	done(t, j, job.Failed, "unsupported: avif cannot be written")
}

func TestNotesOfAResult(t *testing.T) {
	folder(t)
	for _, c := range []struct {
		in     string
		format codec.Format
		want   []string
	}{
		{"jpeg_named.png", "png", []string{"named .png but is JPEG"}},
		{"jpeg_444.jpg", "jpeg", nil},
		{"gif_animated.gif", "png", nil},
		{"jpeg_metadata.jpg", "bmp", []string{"colours converted to sRGB from imgpar wide gamut", "not kept: EXIF, XMP, comment"}},
		{"png_rgba16.png", "jpeg", []string{"16 bits a channel became 8", "transparency became white"}},
	} {
		j := todo(fixture(c.in), c.in+"."+string(c.format), "convert "+string(c.format))
		j.Format = string(c.format)
		if res := done(t, j, job.OK, ""); !slices.Equal(res.Notes, c.want) {
			t.Errorf("%s: %q, want %q", c.in, res.Notes, c.want)
		}
	}
}

// A worker keeps its buffers, and nothing in them.
func TestOnePictureDoesNotShowInAnother(t *testing.T) {
	for _, pipeline := range []string{"invert", "rotate 90 | resize w=40"} {
		t.Run(pipeline, func(t *testing.T) { notInAnother(t, pipeline) })
	}
}

func notInAnother(t *testing.T, pipeline string) {
	folder(t)
	var names []string
	for _, name := range []string{"tiff_rgb.tif", "bmp_24.bmp", "jpeg_metadata.jpg", "broken/truncated.png", "png_gray1.png", "jpeg_444.jpg", "jpeg_grayscale.jpg", "jpeg_progressive_420.jpg", "orientation/exif_6.jpg", "gif_transparent.gif", "broken/empty.jpg", "tiff_gray16.tif", "webp_lossy.webp", "png_rgba16.png"} {
		names = append(names, fixture(name))
	}
	alone := map[string][]byte{}
	for i, name := range names {
		out := filepath.Join("alone", string(rune('a'+i)))
		perform(new(Worker), t.Context(), todo(name, out, pipeline))
		alone[name], _ = os.ReadFile(out) // none for what is broken
	}
	var w Worker
	for round := range 3 {
		order := slices.Clone(names)
		if round == 1 {
			slices.Reverse(order)
		}
		for i, name := range order {
			out := filepath.Join("shared", string(rune('0'+round))+string(rune('a'+i)))
			perform(&w, t.Context(), todo(name, out, pipeline))
			if got, _ := os.ReadFile(out); !bytes.Equal(got, alone[name]) {
				t.Errorf("round %d, %s: %d bytes, alone %d", round, name, len(got), len(alone[name]))
			}
		}
	}
}

func TestLargeBuffersAreLetGo(t *testing.T) {
	folder(t)
	put(t, "a.png", gradient(8, 8), codec.PNG)
	w := Worker{in: make([]byte, keepBuffer+1)}
	w.out.Grow(keepBuffer + 1)
	w.scaler.small = make([]byte, keepBuffer+1)
	if res := perform(&w, t.Context(), todo("a.png", "b.png", "gray")); res.Outcome != job.OK {
		t.Errorf("%+v", res)
	}
	if cap(w.in) > keepBuffer || w.out.Cap() > keepBuffer || cap(w.scaler.small) > keepBuffer {
		t.Errorf("%d, %d and %d bytes are kept", cap(w.in), w.out.Cap(), cap(w.scaler.small))
	}
}
