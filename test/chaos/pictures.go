//go:build chaos && linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/ops"
)

// picture is an input.
type picture struct {
	name   string // as imgpar is given it
	format codec.Format
	data   []byte
	image  image.Image // as the first operation gets it
	want   string      // its output, without the folder: no two have the same
	made   []byte      // by a run that nothing disturbs
}

var formats = []codec.Format{codec.JPEG, codec.PNG, codec.GIF, codec.BMP, codec.TIFF, codec.WebP}

// paint makes n small pictures below dir, each different from the others.
func paint(dir string, n int) ([]picture, error) {
	list := make([]picture, n)
	for i := range list {
		format := formats[i%len(formats)]
		var buf bytes.Buffer
		if _, err := codec.Encode(&buf, draw(uint64(i)), codec.Options{Format: format}); err != nil {
			return nil, err
		}
		decoded, err := codec.Decode(context.Background(), buf.Bytes(), codec.DecodeOptions{MaxPixels: 1 << 20})
		if err != nil {
			return nil, err
		}
		folder := filepath.Join(dir, fmt.Sprintf("folder%d", i%7))
		name := filepath.Join(folder, fmt.Sprintf("picture%04d.%s", i, format))
		if err := os.MkdirAll(folder, 0o777); err != nil {
			return nil, err
		}
		if err := os.WriteFile(name, buf.Bytes(), 0o666); err != nil {
			return nil, err
		}
		list[i] = picture{name: name, format: format, data: buf.Bytes(), image: decoded.Image}
	}
	return list, nil
}

// draw makes a picture of noise on a slope.
func draw(n uint64) image.Image {
	random := rand.New(rand.NewPCG(n, 1))
	img := image.NewNRGBA(image.Rect(0, 0, 16+random.IntN(48), 16+random.IntN(48)))
	from, by := random.IntN(128), 1+random.IntN(4)
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			v := uint8(from + by*y/2 + random.IntN(16))
			img.SetNRGBA(x, y, color.NRGBA{v, v ^ uint8(n), uint8(x), 255})
		}
	}
	return img
}

// hits says what hits each of some pictures, by name; others are not hit. What auto mode
// has on a goroutine is hit by what any process survives alone.
func (s *suite) hits(pictures []picture, c ops.Chaos) map[string]string {
	deeds := map[string]string{}
	for _, p := range pictures {
		here := s.mode == "auto" && p.format.Checked()
		if deed := c.Deed(p.image); deed != "" && (!here || anywhere[deed]) {
			deeds[p.name] = deed
		}
	}
	return deeds
}

// unchanged says which inputs are not as they were made, and what else there is.
func unchanged(pictures []picture, dir string) (wrong []string, err error) {
	known := map[string][]byte{}
	for _, p := range pictures {
		known[p.name] = p.data
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		switch want, ok := known[path]; {
		case err != nil:
			return err
		case !ok:
			wrong = append(wrong, path+" was not there before")
		case !bytes.Equal(data, want):
			wrong = append(wrong, path+" is no longer the source that it was")
		}
		delete(known, path)
		return nil
	})
	for name := range known {
		wrong = append(wrong, name+", a source, is gone")
	}
	return wrong, err
}
