//go:build unix

package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
)

const (
	perFolder = 1000 // pictures
	side      = 16   // pixels
	kinds     = 16   // of pictures
)

// makeTree makes a tree of so many pictures. One that is there already is taken
// if its last picture is: then it was made to the end.
func makeTree(tree string, files int, flat bool) error {
	if _, err := os.Stat(filepath.Join(tree, pictureName(files-1, flat))); err == nil {
		return nil
	}
	var pictures [kinds][]byte
	for i := range pictures {
		pictures[i] = picture(i)
	}
	for i := range files {
		name := filepath.Join(tree, pictureName(i, flat))
		if i == 0 || !flat && i%perFolder == 0 {
			if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
				return err
			}
		}
		if err := os.WriteFile(name, pictures[i%kinds], 0o666); err != nil {
			return err
		}
	}
	return nil
}

func pictureName(i int, flat bool) string {
	name := fmt.Sprintf("IMG_%07d.jpg", i)
	if flat {
		return name
	}
	return fmt.Sprintf("%05d/%s", i/perFolder, name)
}

// picture is a small JPEG in colour, another one for each kind.
func picture(kind int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	for i := range side * side {
		x, y := i%side, i/side
		img.SetRGBA(x, y, color.RGBA{uint8(16 * x), uint8(16 * y), uint8(16 * (kind ^ x)), 255})
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err) // memory takes all that is written to it
	}
	return b.Bytes()
}
