package jpeg

import "fmt"

// Crop returns the w x h pixels from x, y on, without loss. The result shares no
// memory with the source.
//
// x and y must be multiples of what an MCU covers, else the error is a
// *NotLosslessError; w and h are free. A picture of one component has MCUs of one
// block, whatever its sampling factors (A.2.2), and the result has sampling
// factors of 1. A region that is empty or reaches beyond the picture is an error.
func (c *Coefficients) Crop(x, y, w, h int) (*Coefficients, error) {
	mcuW, mcuH := c.mcuSize()
	switch {
	case x < 0 || y < 0 || w < 1 || h < 1 || w > c.Width-x || h > c.Height-y:
		return nil, fmt.Errorf("a region of %dx%d at %d,%d is not within %dx%d", w, h, x, y, c.Width, c.Height)
	case x%mcuW != 0:
		return nil, &NotLosslessError{fmt.Sprintf("the left edge, %d, is not a multiple of %d", x, mcuW)}
	case y%mcuH != 0:
		return nil, &NotLosslessError{fmt.Sprintf("the top edge, %d, is not a multiple of %d", y, mcuH)}
	}
	out := c.blank(w, h, false)
	for i := range out.Components {
		to, from := &out.Components[i], &c.Components[i]
		left, top := x/mcuW*to.H, y/mcuH*to.V
		for row := range to.Rows {
			copy(to.Blocks[row*to.Columns:][:to.Columns], from.Blocks[(top+row)*from.Columns+left:])
		}
	}
	return out, nil
}
