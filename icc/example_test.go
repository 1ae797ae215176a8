package icc_test

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"log"
	"os"

	"github.com/imgpar/imgpar/icc"
)

func Example() {
	data, err := os.ReadFile("testdata/DisplayP3-v4.icc")
	if err != nil {
		log.Fatal(err)
	}
	p, err := icc.Parse(data)
	if err != nil {
		log.Fatal(err)
	}
	t, err := p.ToSRGB()
	if err != nil {
		log.Fatal(err)
	}
	img := image.NewRGBA(image.Rect(0, 0, 1, 1))
	img.Set(0, 0, color.RGBA{200, 100, 50, 255})
	out, err := t.Apply(context.Background(), img)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.Space(), p.Name(), p.IsSRGB(), out.At(0, 0))
	// Output: RGB sP3 false {215 93 31 255}
}
