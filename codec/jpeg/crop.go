package jpeg

import "fmt"

// Crop returns the w x h pixels from x, y on, without loss. The result shares no
// memory with the source. Of what is cut off, only the rest of the blocks that
// the edge runs through stays in it.
//
// x and y must be multiples of what an MCU covers, else the error is a
// *NotLosslessError; w and h are free. A picture of one component has MCUs of one
// block, whatever its sampling factors (A.2.2), and the result has sampling
// factors of 1. A region that is empty or reaches beyond the picture is an error,
// and so is a picture that lacks blocks.
func (c *Coefficients) Crop(x, y, w, h int) (*Coefficients, error) {
	if err := c.checkBlocks(); err != nil {
		return nil, err
	}
	if x < 0 || y < 0 || w < 1 || h < 1 || w > c.Width-x || h > c.Height-y {
		return nil, fmt.Errorf("a region of %dx%d at %d,%d is not within %dx%d", w, h, x, y, c.Width, c.Height)
	}
	mcuW, mcuH := c.mcuSize()
	if err := checkCrop(x, y, mcuW, mcuH); err != nil {
		return nil, err
	}
	out := c.blank(w, h, false)
	hmax, vmax, _, _ := out.layout()
	for i := range out.Components {
		to, from := &out.Components[i], &c.Components[i]
		columns, rows := ceilDiv(ceilDiv(w*to.H, hmax), 8), ceilDiv(ceilDiv(h*to.V, vmax), 8)
		first := y/mcuH*to.V*from.Columns + x/mcuW*to.H
		for row := range rows {
			copy(to.Blocks[row*to.Columns:][:columns], from.Blocks[first+row*from.Columns:])
		}
		to.fillEdge(columns, rows)
	}
	return out, nil
}

// CheckCrop returns the *NotLosslessError that Coefficients.Crop would, before
// anything is read.
func (f *File) CheckCrop(x, y int) error {
	mcuW, mcuH := f.mcuSize()
	return checkCrop(x, y, mcuW, mcuH)
}

func checkCrop(x, y, mcuW, mcuH int) error {
	switch {
	case x%mcuW != 0:
		return &NotLosslessError{fmt.Sprintf("the left edge, %d, is not a multiple of %d", x, mcuW)}
	case y%mcuH != 0:
		return &NotLosslessError{fmt.Sprintf("the top edge, %d, is not a multiple of %d", y, mcuH)}
	}
	return nil
}
