package jpeg

import "fmt"

// Block is the quantised coefficients of 8x8 samples, row by row (not in
// zigzag order), so that the one at column u and row v is at 8*v+u.
type Block [64]int16

// Coefficients is a picture as its file holds it: quantised and transformed.
// Whatever moves pictures in this form loses nothing.
type Coefficients struct {
	Width, Height int // pixels
	Color         ColorModel
	Components    []CoefficientPlane
}

// CoefficientPlane is the coefficients of one component. Columns and rows are
// made up to whole MCUs: blocks beyond the edge of the picture are there, and
// their samples do not count.
type CoefficientPlane struct {
	ID      uint8
	H, V    int        // sampling factors, 1 to 4
	Quant   [64]uint16 // row by row, as in Block
	Columns int        // of blocks
	Rows    int        // of blocks
	Blocks  []Block    // row by row, Columns*Rows
}

// Luma returns the first component alone, as a gray picture; the blocks are
// shared with c. The error is an *UnsupportedError where that component is not
// luma, or is not of full size.
func (c *Coefficients) Luma() (*Coefficients, error) {
	hmax, vmax, _, _ := c.layout()
	luma := c.Components[0]
	switch {
	case c.Color != YCbCr && c.Color != Gray:
		return nil, &UnsupportedError{0, "no luma component"}
	case luma.H != hmax || luma.V != vmax:
		return nil, &UnsupportedError{0, "luma of less than full size"}
	}
	luma.H, luma.V = 1, 1
	return &Coefficients{Width: c.Width, Height: c.Height, Color: Gray, Components: []CoefficientPlane{luma}}, nil
}

// layout returns the largest sampling factors, and the columns and rows of
// MCUs (A.1.1, A.2.3).
func (c *Coefficients) layout() (hmax, vmax, mcusX, mcusY int) {
	hmax, vmax = 1, 1
	for i := range c.Components {
		hmax, vmax = max(hmax, c.Components[i].H), max(vmax, c.Components[i].V)
	}
	return hmax, vmax, ceilDiv(c.Width, 8*hmax), ceilDiv(c.Height, 8*vmax)
}

// checkBlocks sees that the components have the blocks that their sampling and
// the size of the picture ask for.
func (c *Coefficients) checkBlocks() error {
	if c.Width < 1 || c.Height < 1 {
		return fmt.Errorf("a picture of %dx%d pixels", c.Width, c.Height)
	}
	mcuW, mcuH := c.mcuSize()
	for i := range c.Components {
		p := &c.Components[i]
		columns, rows := ceilDiv(c.Width, mcuW), ceilDiv(c.Height, mcuH)
		if len(c.Components) > 1 {
			columns, rows = columns*p.H, rows*p.V
		}
		switch {
		case p.H < 1 || p.H > 4 || p.V < 1 || p.V > 4:
			return fmt.Errorf("component %d has sampling factors of %dx%d", i, p.H, p.V)
		case p.Columns < columns || p.Rows < rows || len(p.Blocks)/p.Columns != p.Rows || len(p.Blocks)%p.Columns != 0:
			return fmt.Errorf("component %d has %d blocks, not %d columns and %d rows", i, len(p.Blocks), columns, rows)
		}
	}
	return nil
}

// mcuSize returns the pixels that an MCU covers.
func (c *Coefficients) mcuSize() (w, h int) {
	if len(c.Components) == 1 {
		return 8, 8
	}
	hmax, vmax, _, _ := c.layout()
	return 8 * hmax, 8 * vmax
}

// fillEdge fills the blocks beyond the picture, which has so many columns and rows of
// them, with what costs the fewest bits: the DC of the block coded before.
func (p *CoefficientPlane) fillEdge(columns, rows int) {
	for y := range rows {
		line := p.Blocks[y*p.Columns:][:p.Columns]
		for x := columns; x < p.Columns; x++ {
			line[x] = Block{line[x-1][0]}
		}
	}
	for y := rows; y < p.Rows; y++ {
		above := p.Blocks[(y-1)*p.Columns:]
		for x := range p.Columns {
			above[p.Columns+x] = Block{above[x/p.H*p.H+p.H-1][0]}
		}
	}
}

// zigzag is the place in a Block of each coefficient in the order of coding
// (T.81, figure A.6).
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10,
	17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34,
	27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36,
	29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46,
	53, 60, 61, 54, 47, 55, 62, 63,
}
