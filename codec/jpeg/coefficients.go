package jpeg

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

// layout returns the largest sampling factors, and the columns and rows of
// MCUs (A.1.1, A.2.3).
func (c *Coefficients) layout() (hmax, vmax, mcusX, mcusY int) {
	hmax, vmax = 1, 1
	for i := range c.Components {
		hmax, vmax = max(hmax, c.Components[i].H), max(vmax, c.Components[i].V)
	}
	return hmax, vmax, ceilDiv(c.Width, 8*hmax), ceilDiv(c.Height, 8*vmax)
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
