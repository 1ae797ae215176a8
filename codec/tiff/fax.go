package tiff

import "io"

// fax undoes the codings of facsimiles: modified Huffman (ITU-T T.4, 4.1), T.4 in one and two dimensions and T.6. A row is
// the list of its changing elements: the pixel at which black begins, that at which white does, and so on.
type fax struct {
	bits  bitReader
	comp  int
	t4    int // T4Options: bit 0 two dimensions, bit 2 fill bits before EOL
	width int
	row   []int // changing elements of the row in work
	above []int // and of that above it, which for the first one is white
	first bool
	eol   bool // the rows of a T.4 file are divided by EOL
}

func (u *fax) reset(src *source, p *Page) {
	u.bits = bitReader{src: src}
	u.comp, u.t4, u.width, u.first = p.compression, p.t4, p.blockW, true
	u.row, u.above = u.row[:0], u.above[:0]
}

func (u *fax) finish() error { return nil }

// fill writes rows of a bit a pixel, black ones.
func (u *fax) fill(dst []byte) error {
	size := (u.width + 7) / 8
	for ; len(dst) >= size; dst = dst[size:] {
		if err := u.readRow(); err != nil {
			if u.bits.src.err != nil {
				return u.bits.src.err
			}
			return err
		}
		clear(dst[:size])
		for i := 0; i < len(u.row); i += 2 {
			end := u.width
			if i+1 < len(u.row) {
				end = u.row[i+1]
			}
			blacken(dst, u.row[i], end)
		}
	}
	return nil
}

// blacken sets the bits from one pixel to another.
func blacken(row []byte, from, to int) {
	for ; from < to && from%8 != 0; from++ {
		row[from/8] |= 0x80 >> (from % 8)
	}
	for ; from+8 <= to; from += 8 {
		row[from/8] = 0xff
	}
	for ; from < to; from++ {
		row[from/8] |= 0x80 >> (from % 8)
	}
}

func (u *fax) readRow() error {
	u.row, u.above = u.above[:0], u.row
	defer func() { u.first = false }()
	switch u.comp {
	case compFax4:
		return u.row2D()
	case compFax3:
		return u.rowT4()
	}
	align := uint(8)
	if u.comp == compRLEW {
		align = 16
	}
	if err := u.row1D(); err != nil {
		return err
	}
	// Whole bytes are taken from the source, so the bits ahead tell where in a byte, or a word, the row has ended.
	taken := uint(8*u.bits.src.taken()) - u.bits.n
	if over := taken % align; over > 0 {
		u.bits.need(align - over)
		u.bits.skip(min(u.bits.n, align-over))
	}
	return nil
}

// rowT4 reads a row of T.4 and the EOL before it, which may have fill bits before itself; a bit behind it says in how many
// dimensions the row is coded.
func (u *fax) rowT4() error {
	const eol, eolBits = 1, 12
	zeros := 0
	for u.bits.peek(eolBits) == 0 {
		if !u.bits.skip(1) {
			return io.ErrUnexpectedEOF
		}
		zeros++
	}
	found := u.bits.peek(eolBits) == eol
	if found {
		u.bits.skip(eolBits)
	}
	if u.first {
		u.eol = found
	} else if u.eol && !found || zeros > 0 && !found {
		return badf("a row without EOL before it")
	}
	if u.t4&1 == 0 {
		return u.row1D()
	}
	if found {
		one := u.bits.peek(1) == 1
		if !u.bits.skip(1) {
			return io.ErrUnexpectedEOF
		}
		if !one {
			return u.row2D()
		}
	}
	return u.row1D()
}

// row1D reads runs of white and black in turn until they fill the row.
func (u *fax) row1D() error {
	for x, colour := 0, 0; x < u.width; colour ^= 1 {
		n, err := u.run(colour)
		if err != nil {
			return err
		}
		if x += n; x > u.width {
			return badf("a row of %d pixels, which has %d", x, u.width)
		}
		if x < u.width {
			u.row = append(u.row, x)
		}
	}
	return nil
}

// run reads the length of a run: any number of make-up codes and a terminating code.
func (u *fax) run(colour int) (int, error) {
	table := runTable(colour)
	for n := 0; ; {
		e := table[u.bits.peek(runBits)]
		if e.bits == 0 {
			if u.bits.n < runBits {
				return 0, io.ErrUnexpectedEOF
			}
			return 0, badf("a run of no length")
		}
		if !u.bits.skip(uint(e.bits)) {
			return 0, io.ErrUnexpectedEOF
		}
		if n += int(e.length); n > u.width {
			return 0, badf("a run of %d pixels in a row of %d", n, u.width)
		}
		if e.length < 64 {
			return n, nil
		}
	}
}

// row2D reads a row by its differences from the one above (T.4, 4.2; T.6, 2.2). a0 is the pixel up to which the row is
// known, b1 the first change above it to the colour that is not the present one, and b2 the change behind that.
func (u *fax) row2D() error {
	a0, at := -1, 0
	for a0 < u.width {
		colour := len(u.row) & 1
		for at > 0 && u.change(at-1) > a0 {
			at--
		}
		for at < len(u.above) && (u.above[at] <= a0 || at&1 != colour) {
			at++
		}
		b1, b2 := u.change(at), u.change(at+1)
		m, err := u.mode()
		if err != nil {
			return err
		}
		switch m.kind {
		case modePass:
			a0 = b2
			if a0 < u.width {
				continue
			}
			return nil
		case modeHorizontal:
			a0, err = u.horizontal(max(a0, 0), colour)
		default:
			a0, err = u.vertical(a0, b1+int(m.shift))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// change returns a changing element above, those beyond the last being the end of the row.
func (u *fax) change(i int) int {
	if i < len(u.above) {
		return u.above[i]
	}
	return u.width
}

// vertical ends the present colour at a1.
func (u *fax) vertical(a0, a1 int) (int, error) {
	if a1 < 0 || a1 <= a0 || a1 > u.width {
		return 0, badf("a change of colour at pixel %d of %d behind %d", a1, u.width, a0)
	}
	if a1 < u.width {
		u.row = append(u.row, a1)
	}
	return a1, nil
}

// horizontal reads two runs.
func (u *fax) horizontal(a0, colour int) (int, error) {
	for i := range 2 {
		n, err := u.run(colour ^ i)
		if err != nil {
			return 0, err
		}
		if a0 += n; a0 > u.width {
			return 0, badf("a row of %d pixels, which has %d", a0, u.width)
		}
		if a0 < u.width || i == 0 {
			u.row = append(u.row, a0)
		}
	}
	return a0, nil
}

// mode reads the code of a mode.
func (u *fax) mode() (faxMode, error) {
	m := modeTable()[u.bits.peek(modeBits)]
	if m.bits == 0 {
		if u.bits.n < modeBits {
			return m, io.ErrUnexpectedEOF
		}
		if u.bits.peek(modeBits) == 1 { // 0000001xxx (T.4, 4.2.1.3.2, and T.6, 2.2.5)
			return m, missingf("CCITT compression in uncompressed mode")
		}
		return m, badf("a row that ends too early")
	}
	if !u.bits.skip(uint(m.bits)) {
		return m, io.ErrUnexpectedEOF
	}
	return m, nil
}
