package jpeg

import "fmt"

// Turn is one of the eight symmetries of the square: a mirroring of the source
// along its axes, and then, perhaps, an exchange of the axes.
type Turn uint8

const (
	mirrorX Turn = 1 << iota // left and right of the source change places
	mirrorY                  // top and bottom do
	swap                     // then rows become columns
)

// The turns; rotations are clockwise.
const (
	Identity   Turn = 0
	FlipH           = mirrorX                  // left to right
	FlipV           = mirrorY                  // top to bottom
	Rotate90        = mirrorY | swap           // top to right
	Rotate180       = mirrorX | mirrorY        // top to bottom, left to right
	Rotate270       = mirrorX | swap           // top to left
	Transpose       = swap                     // along the diagonal from top left
	Transverse      = mirrorX | mirrorY | swap // along the other diagonal
)

// NotLosslessError says that a change cannot be made to the coefficients alone.
type NotLosslessError struct {
	Reason string // lower case, no full stop: "the width, 1001, is not a multiple of 16"
}

func (e *NotLosslessError) Error() string { return e.Reason }

// Turn returns the picture turned, without loss: another turn brings the same
// coefficients back. The source is not changed, and shares no memory with the
// result, but for Identity, which returns the source itself. The result takes as
// much memory as the source.
//
// A picture can be mirrored along an axis only if it is whole MCUs long there:
// pixels beyond its edge would come to lie at its beginning. Otherwise the error
// is a *NotLosslessError. Rotate90 mirrors the height of the source, Rotate270 the
// width, Rotate180 and Transverse both, and Transpose neither.
//
// A picture of one component has MCUs of one block, whatever its sampling
// factors (A.2.2), and the result has sampling factors of 1. A picture that lacks
// blocks is an error.
func (c *Coefficients) Turn(t Turn) (*Coefficients, error) {
	if err := c.checkBlocks(); err != nil {
		return nil, err
	}
	mcuW, mcuH := c.mcuSize()
	if err := checkTurn(t, c.Width, c.Height, mcuW, mcuH); err != nil || t == Identity {
		return c, err
	}
	out := c.blank(c.Width, c.Height, t&swap != 0)
	for i := range out.Components {
		to := &out.Components[i]
		turnBlocks(to, &c.Components[i], t)
		if t&swap != 0 {
			transposeTable(&to.Quant)
		}
	}
	return out, nil
}

// CheckTurn returns the error that Coefficients.Turn would, before anything is
// read.
func (f *File) CheckTurn(t Turn) error {
	mcuW, mcuH := f.mcuSize()
	return checkTurn(t, f.Width, f.Height, mcuW, mcuH)
}

func checkTurn(t Turn, width, height, mcuW, mcuH int) error {
	switch {
	case t > Transverse:
		return fmt.Errorf("there is no turn %d", t)
	case t&mirrorX != 0 && width%mcuW != 0:
		return &NotLosslessError{fmt.Sprintf("the width, %d, is not a multiple of %d", width, mcuW)}
	case t&mirrorY != 0 && height%mcuH != 0:
		return &NotLosslessError{fmt.Sprintf("the height, %d, is not a multiple of %d", height, mcuH)}
	}
	return nil
}

// blank returns a picture of w x h pixels with the components of c and room for
// their blocks. If swapped is set, width and height change places, in the
// picture and in the sampling.
func (c *Coefficients) blank(w, h int, swapped bool) *Coefficients {
	out := &Coefficients{Width: w, Height: h, Color: c.Color, Components: make([]CoefficientPlane, len(c.Components))}
	if swapped {
		out.Width, out.Height = h, w
	}
	for i := range c.Components {
		from, to := &c.Components[i], &out.Components[i]
		to.ID, to.H, to.V, to.Quant = from.ID, from.H, from.V, from.Quant
		switch {
		case len(c.Components) == 1:
			to.H, to.V = 1, 1
		case swapped:
			to.H, to.V = from.V, from.H
		}
	}
	_, _, mcusX, mcusY := out.layout()
	for i := range out.Components {
		p := &out.Components[i]
		p.Columns, p.Rows = mcusX*p.H, mcusY*p.V
		p.Blocks = make([]Block, p.Columns*p.Rows)
	}
	return out
}

// turnBlocks fills the blocks of a component. The source may be wider and higher
// than the result says: what lies beyond does not count.
func turnBlocks(to, from *CoefficientPlane, t Turn) {
	columns, rows := to.Columns, to.Rows // of the source
	if t&swap != 0 {
		columns, rows = rows, columns
	}
	start, stepX, stepY := 0, 1, from.Columns // in the source
	var signX, signY int16 = 1, 1
	if t&mirrorX != 0 {
		start, stepX, signX = start+(columns-1)*stepX, -stepX, -1
	}
	if t&mirrorY != 0 {
		start, stepY, signY = start+(rows-1)*stepY, -stepY, -1
	}
	move := (*Block).mirror
	if t&swap != 0 {
		stepX, stepY = stepY, stepX
		move = (*Block).transpose
	}
	for y := range to.Rows {
		line, at := to.Blocks[y*to.Columns:][:to.Columns], start+y*stepY
		for x := range line {
			move(&line[x], &from.Blocks[at], signX, signY)
			at += stepX
		}
	}
}

// mirror makes b the block that src is with its samples in the opposite order,
// in each direction whose sign is -1. The cosines of odd frequencies change sign
// then, and those of even ones stay (A.3.3).
func (b *Block) mirror(src *Block, signX, signY int16) {
	both := signX * signY
	for v := 0; v < 64; v += 16 {
		d, s := (*[16]int16)(b[v:]), (*[16]int16)(src[v:])
		d[0], d[1], d[2], d[3] = s[0], s[1]*signX, s[2], s[3]*signX
		d[4], d[5], d[6], d[7] = s[4], s[5]*signX, s[6], s[7]*signX
		d[8], d[9], d[10], d[11] = s[8]*signY, s[9]*both, s[10]*signY, s[11]*both
		d[12], d[13], d[14], d[15] = s[12]*signY, s[13]*both, s[14]*signY, s[15]*both
	}
}

// transpose mirrors src, and then exchanges rows and columns.
func (b *Block) transpose(src *Block, signX, signY int16) {
	both := signX * signY
	for v := 0; v < 8; v += 2 {
		d, s := (*[58]int16)(b[v:]), (*[16]int16)(src[8*v:])
		d[0], d[1] = s[0], s[8]*signY
		d[8], d[9] = s[1]*signX, s[9]*both
		d[16], d[17] = s[2], s[10]*signY
		d[24], d[25] = s[3]*signX, s[11]*both
		d[32], d[33] = s[4], s[12]*signY
		d[40], d[41] = s[5]*signX, s[13]*both
		d[48], d[49] = s[6], s[14]*signY
		d[56], d[57] = s[7]*signX, s[15]*both
	}
}

func transposeTable(q *[64]uint16) {
	for v := range 8 {
		for u := range v {
			q[8*v+u], q[8*u+v] = q[8*u+v], q[8*v+u]
		}
	}
}
