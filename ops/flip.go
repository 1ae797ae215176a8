package ops

import "image"

// Flip mirrors the picture, left and right, or, with Vertical, top and bottom. It is exact and keeps the picture's type.
type Flip struct {
	Vertical bool
}

var flipSpec = Spec{
	Name:    "flip",
	Summary: "mirror the picture: h swaps left and right, v top and bottom",
	Params:  []Param{operand(required(choice("direction", []string{"h", "v"}, "", "h or v")))},
	make:    func(a args) (Op, error) { return Flip{Vertical: a.text["direction"] == "v"}, nil },
}

func (f Flip) String() string {
	direction := "h"
	if f.Vertical {
		direction = "v"
	}
	return flipSpec.format(Values{"direction": direction})
}

func (f Flip) Sizes(w, h int) []image.Point { return f.turn().sizes(w, h) }

func (f Flip) Apply(src image.Image) (image.Image, error) {
	if err := checkPalette(src); err != nil {
		return nil, err
	}
	return turned(src, f.turn()), nil
}

// Turn returns the EXIF orientation that the same turn would undo: 2 or 4.
func (f Flip) Turn() int {
	if f.Vertical {
		return 4
	}
	return 2
}

func (f Flip) turn() turn {
	return upright[f.Turn()]
}
