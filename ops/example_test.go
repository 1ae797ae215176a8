package ops_test

import (
	"context"
	"fmt"
	"image"
	"log"

	"github.com/imgpar/imgpar/ops"
)

func Example() {
	p, err := ops.Parse("resize width=800 | gray")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p)

	src := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	size, _, err := p.Check(4000, 3000, ops.Limits{MaxPixels: 268_000_000})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(size)

	out, err := p.Apply(context.Background(), src)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%T %v\n", out, out.Bounds())
	// Output:
	// resize w=800 | gray
	// (800,600)
	// *image.Gray (0,0)-(800,600)
}

func ExampleParse_error() {
	_, err := ops.Parse("resize width=-1")
	fmt.Println(err)
	// Output:
	// resize: width -1: want a whole number of pixels from 1 to 65535
}
