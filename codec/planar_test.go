package codec

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/imgpar/imgpar/codec/jpeg"
)

func TestOpenPlanes(t *testing.T) {
	for name, c := range map[string]struct{ planes, hmax, vmax int }{
		"jpeg_grayscale.jpg":               {1, 1, 1},
		"jpeg_420.jpg":                     {3, 2, 2},
		"jpeg_440.jpg":                     {3, 1, 2},
		"jpeg_411.jpg":                     {3, 4, 1},
		"jpeg_progressive_444.jpg":         {3, 1, 1},
		"jpeg_separate_scans_420.jpg":      {3, 2, 2},
		"jpeg_cmyk.jpg":                    {0, 0, 0},
		"jpeg_ycck.jpg":                    {0, 0, 0},
		"jpeg_adobe_rgb.jpg":               {0, 0, 0},
		"orientation/exif_6.jpg":           {3, 2, 2},
		"jpeg_progressive_420.jpg":         {3, 2, 2},
		"jpeg_progressive_restart_444.jpg": {3, 1, 1},
	} {
		data, err := os.ReadFile(filepath.Join("..", "testdata", "images", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		p, err := OpenPlanes(data, DecodeOptions{MaxPixels: MaxPixels})
		var needs *NeedsPixelsError
		if c.planes == 0 {
			if !errors.As(err, &needs) {
				t.Errorf("%s: %v, want that it needs pixels", name, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if hmax, vmax := p.Sampling(); hmax != c.hmax || vmax != c.vmax {
			t.Errorf("%s: sampled %dx%d, want %dx%d", name, hmax, vmax, c.hmax, c.vmax)
		}
		for _, gray := range []bool{false, true} {
			for _, scale := range []int{1, 2, 4, 8} {
				checkPlanes(t, name, p, gray, scale, c.planes)
			}
		}
	}
	if _, err := OpenPlanes(nil, DecodeOptions{MaxPixels: MaxPixels}); err == nil {
		t.Error("an empty file has planes")
	}
}

// checkPlanes sees that each component has a sample for scale x scale of its own.
func checkPlanes(t *testing.T, name string, p *PlanarJPEG, gray bool, scale, count int) {
	t.Helper()
	planes, notes, err := p.Decode(t.Context(), gray, scale, nil)
	if err != nil || len(notes) > 0 {
		t.Fatalf("%s: %v, notes %q", name, err, notes)
	}
	if gray {
		count = 1
	}
	if len(planes.Planes) != count {
		t.Fatalf("%s: %d planes, want %d", name, len(planes.Planes), count)
	}
	hmax, vmax := p.Sampling()
	up := func(n, by int) int { return (n + by - 1) / by }
	for i, pl := range planes.Planes {
		w, h := up(up(p.Width*pl.H, hmax), scale), up(up(p.Height*pl.V, vmax), scale)
		if pl.Width != w || pl.Height != h {
			t.Errorf("%s at 1/%d: plane %d has %dx%d samples, want %dx%d", name, scale, i, pl.Width, pl.Height, w, h)
		}
	}
}

func TestPlanesOfADamagedFile(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "testdata", "images", "jpeg_restart_420.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	cut := data[:len(data)/2]
	var damaged *Error
	if _, err := OpenPlanes(cut, DecodeOptions{MaxPixels: MaxPixels}); !errors.As(err, &damaged) || damaged.Kind != Damaged {
		t.Errorf("%v, want that it is damaged", err)
	}
	p, err := OpenPlanes(cut, DecodeOptions{MaxPixels: MaxPixels, Salvage: true, JPEG: new(jpeg.Scratch)})
	if err != nil {
		t.Fatal(err)
	}
	_, notes, err := p.Decode(t.Context(), false, 2, nil)
	if err != nil || len(notes) != 1 || notes[0] != "salvaged: damaged at offset 2365: the file ends without EOI" {
		t.Errorf("%v, notes %q", err, notes)
	}
	if _, err := OpenPlanes(data, DecodeOptions{MaxPixels: 99}); !errors.As(err, &damaged) || damaged.Kind != TooLarge {
		t.Errorf("%v, want that it is too large", err)
	}
}
