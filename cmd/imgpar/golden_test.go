package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// goldens are pictures that somebody has looked at, and what makes them. The
// sources are lossless but for the last two, whose tolerance is that of another
// JPEG decoder.
var goldens = []struct {
	name      string
	source    string
	args      []string
	tolerance int // of 255, for each channel of each pixel
}{
	{"gray", "png_rgb8.png", []string{"gray"}, 1},
	{"resize", "png_rgb8.png", []string{"resize", "-w", "40"}, 2},
	{"resize_fill", "png_rgb8.png", []string{"resize", "-w", "30", "-h", "40", "--fill"}, 2},
	{"thumb_alpha", "png_rgba8.png", []string{"thumb", "--size", "32"}, 2},
	{"crop", "png_rgb8.png", []string{"crop", "40x30", "--gravity", "southeast"}, 0},
	{"rotate_90", "png_rgb8.png", []string{"rotate", "90"}, 0},
	{"rotate_7", "png_rgb8.png", []string{"rotate", "7"}, 2},
	{"flip_h", "png_rgb8.png", []string{"flip", "h"}, 0},
	{"blur", "png_rgb8.png", []string{"blur", "--sigma", "2"}, 2},
	{"sharpen", "png_rgb8.png", []string{"sharpen"}, 2},
	{"adjust", "png_rgb8.png", []string{"adjust", "--brightness", "10", "--saturation", "-50"}, 2},
	{"invert", "png_palette_trns.png", []string{"invert"}, 0},
	{"orient", "orientation/png_6.png", []string{"orient"}, 0},
	{"orient_jpeg", "orientation/exif_7.jpg", []string{"orient"}, 4},
	{"cmyk", "jpeg_cmyk.jpg", []string{"resize", "-w", "32"}, 4},
}

// What comes out shows what it should. -update rewrites the goldens; look at
// them then.
func TestGoldens(t *testing.T) {
	for _, g := range goldens {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			source := filepath.Join(fixtures(t), filepath.FromSlash(g.source))
			out := t.TempDir()
			if end := imgpar(t, slices.Concat(g.args, []string{"--format", "png", "-o", out, source})...); end.status != exitOK {
				t.Fatalf("status %d: %s", end.status, end.stderr)
			}
			stem := filepath.Base(source)
			made := filepath.Join(out, stem[:len(stem)-len(filepath.Ext(stem))]+".png")
			golden := filepath.Join("testdata", "golden", g.name+".png")
			if *update {
				data, err := os.ReadFile(made)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(golden, data, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			got, err := readPicture(made)
			if err != nil {
				t.Fatal(err)
			}
			want, err := readPicture(golden)
			if err != nil {
				t.Fatal(err)
			}
			if err := comparePixels(got, want, g.tolerance); err != nil {
				t.Errorf("%s and its golden: %v", g.name, err)
			}
		})
	}
}
