package main

import (
	"fmt"
	"image"
	"image/color"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"os"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/tiff"
)

// pixels holds the dimensions of a picture, as its header has them, and its
// format against those given.
func pixels(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 3, "pixels FILE WxH FORMAT")
	f, err := os.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	c, format, err := image.DecodeConfig(f)
	ts.Check(err)
	if got := fmt.Sprintf("%dx%d", c.Width, c.Height); got != args[1] || format != args[2] {
		ts.Fatalf("%s is %s %s, want %s %s", args[0], got, format, args[1], args[2])
	}
}

// samePixels compares two pictures by what they show: no channel of any pixel
// may differ by more than the tolerance, of 255.
func samePixels(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: samepixels FILE FILE [TOLERANCE]")
	}
	tolerance := 0
	if len(args) == 3 {
		var err error
		tolerance, err = strconv.Atoi(args[2])
		ts.Check(err)
	}
	a, err := readPicture(ts.MkAbs(args[0]))
	ts.Check(err)
	b, err := readPicture(ts.MkAbs(args[1]))
	ts.Check(err)
	switch err := comparePixels(a, b, tolerance); {
	case err != nil && !neg:
		ts.Fatalf("%s and %s: %v", args[0], args[1], err)
	case err == nil && neg:
		ts.Fatalf("%s and %s show the same", args[0], args[1])
	}
}

func readPicture(name string) (image.Image, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	return img, err
}

// comparePixels names the first pixel that differs by more than the tolerance.
func comparePixels(a, b image.Image, tolerance int) error {
	if a.Bounds().Size() != b.Bounds().Size() {
		return fmt.Errorf("%v and %v pixels", a.Bounds().Size(), b.Bounds().Size())
	}
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			p, q := at(a, x, y), at(b, x, y)
			for i := range p {
				if d := int(p[i]) - int(q[i]); d > tolerance || -d > tolerance {
					return fmt.Errorf("pixel %d,%d is %v and %v", x, y, p, q)
				}
			}
		}
	}
	return nil
}

// at returns red, green, blue and alpha, 8 bits each and not premultiplied,
// counted from the upper left corner.
func at(img image.Image, x, y int) [4]uint8 {
	min := img.Bounds().Min
	c := color.NRGBAModel.Convert(img.At(min.X+x, min.Y+y)).(color.NRGBA)
	return [4]uint8{c.R, c.G, c.B, c.A}
}
