package bmp

import "context"

// Run-length encoding ([MS-WMF] 3.1.6, and RLE24 of OS/2): pairs of bytes, a
// count and what is drawn so often, or 0 and an escape.
const (
	endOfLine   = 0
	endOfBitmap = 1
	delta       = 2 // two bytes follow: so far to the right, and up
	// what is larger counts pixels that follow as they are, padded to an even
	// number of bytes
)

// runsBetween is how many runs are read between two looks at the context.
const runsBetween = 4096

// runs reads run-length encoded pixels into pix, whose rows have no gaps, and
// counts those that are left out.
func (f *File) runs(ctx context.Context, data []byte, pix []uint8) (unset int, err error) {
	d := runner{f: f, data: data, at: int(f.pixels), pix: pix, left: f.Width * f.Height}
	for n := 0; ; n++ {
		if n%runsBetween == 0 {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
		}
		if d.at == len(data) && d.atEnd() { // some writers save the end
			return d.left, nil
		}
		if d.at+2 > len(data) {
			return 0, formatf(int64(len(data)), "ends too early")
		}
		count, what := int(data[d.at]), data[d.at+1]
		if count == 0 && what == endOfBitmap {
			return d.left, nil
		}
		if err := d.step(count, what); err != nil {
			return 0, err
		}
	}
}

// runner is a place in the data and in the picture.
type runner struct {
	f    *File
	data []byte
	at   int // offset of the next run
	pix  []uint8
	x, y int // y from the bottom
	left int // pixels that were not drawn
}

// atEnd tells whether the last pixel was drawn.
func (d *runner) atEnd() bool {
	return d.y >= d.f.Height || d.y == d.f.Height-1 && d.x >= d.f.Width
}

// step carries out one run or escape.
func (d *runner) step(count int, what byte) error {
	start := d.at
	d.at += 2
	switch {
	case count > 0 && d.f.coding == rle24: // whose first byte of a colour is what
		d.at = start + 4
		return d.draw(start, count, start+1, 0)
	case count > 0:
		return d.draw(start, count, start+1, 0)
	case what == endOfLine:
		d.x, d.y = 0, d.y+1
		return nil
	case what == delta:
		if d.at += 2; d.at > len(d.data) {
			return formatf(int64(len(d.data)), "ends too early")
		}
		d.x, d.y = d.x+int(d.data[start+2]), d.y+int(d.data[start+3])
		return d.inside(start, 0)
	}
	count = int(what)
	from := d.at
	d.at += (count*d.f.PixelBits + 15) / 16 * 2
	return d.draw(start, count, from, 1)
}

// inside refuses to draw n pixels outside of the picture. The padding of a row
// to four bytes counts as its part.
func (d *runner) inside(start, n int) error {
	perWord := 32 / d.f.PixelBits
	if wide := d.f.Width + max(perWord, 1) - 1; n > 0 && d.y >= d.f.Height || d.x+n > wide-wide%max(perWord, 1) {
		return formatf(int64(start), "draws outside of its picture")
	}
	return nil
}

// draw draws n pixels that stand in data at from: those of a run are the
// same, or with 4 bits two in turn; of others each follows the last.
func (d *runner) draw(start, n, from, follow int) error {
	if err := d.inside(start, n); err != nil {
		return err
	}
	if d.at > len(d.data) {
		return formatf(int64(len(d.data)), "ends too early")
	}
	seen := max(min(n, d.f.Width-d.x), 0)
	row := (d.f.Height-1-d.y)*d.f.Width + d.x
	for i := range seen {
		if d.f.coding == rle24 {
			c, p := d.data[from+i*follow*3:], d.pix[4*(row+i):]
			p[0], p[1], p[2] = c[2], c[1], c[0]
			continue
		}
		v := d.data[from+i*follow*d.f.PixelBits/8]
		if d.f.coding == rle4 {
			v = v >> (4 - i%2*4) & 15
		}
		if int(v) >= len(d.f.Palette) {
			err := d.f.checkIndex(v)
			err.(*FormatError).Offset = int64(start)
			return err
		}
		d.pix[row+i] = v
	}
	d.x += n
	d.left -= seen
	return nil
}
