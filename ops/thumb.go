package ops

import (
	"context"
	"image"
	"strconv"
)

// Thumb makes a square of Size x Size pixels: it cuts the largest centred square out of the picture and scales it down
// with Lanczos. A square that is smaller than that stays as it is. Linear is that of Resize.
type Thumb struct {
	Size   int // in pixels, 1 to MaxSide
	Linear bool
}

var thumbSpec = Spec{
	Name:    "thumb",
	Summary: "make a square thumbnail, cut from the centre",
	Params:  []Param{thumbSize(), linearLight()},
	make:    func(a args) (Op, error) { return Thumb{Size: a.int("size"), Linear: a.bool("linear")}, nil },
}

func thumbSize() Param {
	p := operand(pixels("size", "", "side of the square in pixels"))
	p.Default = "256"
	return p
}

func (t Thumb) String() string {
	v := Values{"size": strconv.Itoa(t.Size)}
	if t.Linear {
		v["linear"] = "true"
	}
	return thumbSpec.format(v)
}

func (t Thumb) Sizes(w, h int) []image.Point { return t.resize().Sizes(w, h) }

func (t Thumb) Apply(src image.Image) (image.Image, error) { return t.apply(context.Background(), src) }

func (t Thumb) apply(ctx context.Context, src image.Image) (image.Image, error) {
	if err := valid(t); err != nil {
		return nil, err
	}
	return t.resize().apply(ctx, src)
}

func (t Thumb) resize() Resize {
	return Resize{Width: t.Size, Height: t.Size, Mode: Fill, Linear: t.Linear}
}
