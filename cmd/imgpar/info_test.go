package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/internal/transform"
)

// infoContract is the name and type of every field that info --json gives of a
// file that can be read.
var infoContract = map[string]string{
	"type": "string", "input": "string", "outcome": "string", "reason": "string", "in_bytes": "float64",
	"format": "string", "variant": "string", "width": "float64", "height": "float64",
	"displayed_width": "float64", "displayed_height": "float64", "bits": "float64", "color": "string", "alpha": "bool",
	"orientation": "float64", "frames": "float64", "animated": "bool", "loop": "float64",
	"camera": "string", "lens": "string", "taken": "string", "artist": "string", "copyright": "string", "gps": "bool",
	"exif_bytes": "float64", "xmp_bytes": "float64", "iptc_bytes": "float64",
	"comment_bytes": "[]interface {}", "chunks": "[]interface {}", "other": "[]interface {}",
	"gray": "map[string]interface {}", "resize": "map[string]interface {}",
}

// Every fixture has a line that keeps the contract: good ones all fields, broken
// ones a reason or, where only their pixels are broken, all fields as well.
func TestInfoJSON(t *testing.T) {
	var names []string
	err := filepath.WalkDir(fixtures(t), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) != ".md" {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	end := imgpar(t, append([]string{"info", "--json"}, names...)...)
	if end.status != exitFailed || end.stderr != "" {
		t.Errorf("status %d, %s", end.status, end.stderr)
	}
	lines := strings.Split(strings.TrimSuffix(end.stdout, "\n"), "\n")
	if len(lines) != len(names) {
		t.Fatalf("%d lines for %d files", len(lines), len(names))
	}
	for i, line := range lines {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if object["input"] != names[i] {
			t.Errorf("line %d is on %v, want %s", i, object["input"], names[i])
		}
		broken := strings.Contains(filepath.ToSlash(names[i]), "/broken/")
		if object["outcome"] == "failed" && broken && object["reason"] != "" && object["format"] == nil {
			continue
		}
		if object["outcome"] != "ok" || object["reason"] != "" {
			t.Errorf("%s", line)
		}
		for name, kind := range infoContract {
			if got := fmt.Sprintf("%T", object[name]); got != kind {
				t.Errorf("%s: %s is %s, want %s", names[i], name, got, kind)
			}
		}
		if _, ok := object["profile"]; !ok {
			t.Errorf("%s: no word on a profile", names[i])
		}
		for name := range object {
			if infoContract[name] == "" && name != "profile" {
				t.Errorf("%s: field %s is not in the contract", names[i], name)
			}
		}
	}
}

// What the fixtures have nothing of.
func TestInfoText(t *testing.T) {
	s := sight{name: "a.webp", size: 1234567, gray: transform.Way{Route: "pixels", Scale: 1, Reason: "not a JPEG"}, resize: transform.Way{Route: "planes", Scale: 4}}
	s.Header = codec.Header{
		Format: codec.WebP, Width: 4000, Height: 3000, Bits: 8, Color: codec.ColorYCbCr, Alpha: true, Orientation: 8,
		Frames: 12, Animated: true, Loop: 1, Variant: "animated",
	}
	s.Profile = &codec.Profile{Name: "sRGB \x1b[2J", Space: "RGB", SRGB: true}
	s.Metadata = meta.Data{ICC: make([]byte, 3144), EXIF: make([]byte, 1), IPTC: make([]byte, 1000), Other: []string{"text"}}
	s.Shot = codec.Shot{Camera: "Canon EOS 5D", Lens: "EF50mm", Taken: "2024-02-29T13:14:15+02:00", Artist: "Zoë", Copyright: "\x07", GPS: true}
	want := `
a.webp
  format       WebP, animated
  size         3000x4000, stored as 4000x3000 (12.0 megapixels)
  colours      YCbCr and alpha, 8 bits a channel
  orientation  8: to be turned 90 degrees counterclockwise
  profile      "sRGB \x1b[2J (as sRGB, RGB, 3,144 bytes)"
  camera       Canon EOS 5D
  lens         EF50mm
  taken        2024-02-29 13:14:15+02:00
  artist       Zoë
  copyright    "\a"
  metadata     EXIF 1 byte, IPTC 1,000 bytes, text, with GPS
  pictures     animation of 12 frames, played once
  file         1,234,567 bytes
  gray         pixels: not a JPEG
  resize       planes at 1/4
`
	if diff := cmp.Diff(want, infoText(s, true)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for want, h := range map[string]codec.Header{
		"":                                      {Frames: 1},
		"3 pages":                               {Frames: 3},
		"animation of 2 frames, played 5 times": {Frames: 2, Animated: true, Loop: 5},
		"animation of 1 frame, played for ever": {Frames: 1, Animated: true},
	} {
		if got := framesText(h); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for want, p := range map[string]codec.Profile{
		"damaged: icc: a profile of 5 bytes": {Fault: "icc: a profile of 5 bytes"},
		"without a name (CMYK, 0 bytes)":     {Space: "CMYK"},
	} {
		if got := profileText(codec.Description{Profile: &p}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := colourText(codec.Header{Color: codec.ColorPalette, Bits: 1}); got != "palette, 1 bit a pixel" {
		t.Error(got)
	}
}
