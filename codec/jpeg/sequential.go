package jpeg

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// sequential is a file of one interleaved scan (or of one component) that is
// to be written.
type sequential struct {
	width, height int
	color         ColorModel
	comps         []Component // ID, H, V and tq
	table         [4]int      // Huffman tables of each component, 0 or 1
	quants        []*quant
	segments      []Segment
}

// mcuSource brings forth the blocks of MCUs (A.2.3).
type mcuSource interface {
	// mcus fills to with the MCUs from to end-1 of a row.
	mcus(to *strip, my, from, end int)
}

var errNoCode = &UnsupportedError{0, "a coefficient too large for the codes of 8-bit samples"}

// check sees that the picture is one that a file can hold.
func (q *sequential) check() error {
	if q.width < 1 || q.width > 65535 || q.height < 1 || q.height > 65535 {
		return fmt.Errorf("a picture of %d x %d pixels, a JPEG has 1 to 65535 each way", q.width, q.height)
	}
	n, fits := len(q.comps), false
	switch q.color {
	case Gray:
		fits = n == 1
	case YCbCr, RGB:
		fits = n == 3
	case CMYK, YCCK:
		fits = n == 4
	}
	if !fits {
		return fmt.Errorf("%d components do not fit the color model", n)
	}
	blocks := 0
	for i, c := range q.comps {
		if c.H < 1 || c.H > 4 || c.V < 1 || c.V > 4 {
			return fmt.Errorf("sampling factors of %d x %d, they are 1 to 4", c.H, c.V)
		}
		for _, other := range q.comps[:i] {
			if other.ID == c.ID {
				return errors.New("two components of one name")
			}
		}
		blocks += c.H * c.V
	}
	if n > 1 && blocks > maxBlocks {
		return fmt.Errorf("%d blocks in an MCU, at most %d are allowed", blocks, maxBlocks)
	}
	return nil
}

// alone gives a single component the sampling of 1 x 1, which changes nothing:
// its blocks are coded row by row (A.2.2).
func (q *sequential) alone() {
	if len(q.comps) == 1 {
		q.comps[0].H, q.comps[0].V = 1, 1
	}
}

// chooseTables gives chroma components tables of their own.
func (q *sequential) chooseTables() {
	if q.color == YCbCr || q.color == YCCK {
		q.table[1], q.table[2] = 1, 1
	}
}

// append writes the file.
func (q *sequential) append(dst []byte, src mcuSource, optimize bool) ([]byte, error) {
	segments, err := q.markColor()
	if err != nil {
		return dst, err
	}
	tables := standardHuffman()
	if optimize {
		if tables, err = q.count(src); err != nil {
			return dst, err
		}
	}
	out := append(dst, 0xff, mSOI)
	for _, s := range segments {
		if s.Marker != mCOM && (s.Marker < mAPP0 || s.Marker > mAPP15) || len(s.Data) > 65533 {
			return dst, fmt.Errorf("a segment 0x%02x of %d bytes: only APPn and COM of at most 65533 are taken", s.Marker, len(s.Data))
		}
		out = appendSegment(out, s.Marker, s.Data)
	}
	out, ok := q.scan(q.appendHeaders(out, tables), src, tables)
	if !ok {
		return dst, errNoCode
	}
	return append(out, 0xff, mEOI), nil
}

// markColor returns the segments, with one before them that says what the
// components mean if that is not clear without it.
func (q *sequential) markColor() ([]Segment, error) {
	if colorOf(q.comps, q.segments) == q.color {
		return q.segments, nil
	}
	add := Segment{mAPP0, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")}
	if q.color != YCbCr {
		add = Segment{mAPP14, []byte("Adobe\x00\x64\x00\x00\x00\x00\x00")}
		if q.color == YCCK {
			add.Data[11] = 2
		}
	}
	segments := append([]Segment{add}, q.segments...)
	if colorOf(q.comps, segments) != q.color {
		return nil, errors.New("a JFIF or Adobe segment contradicts the color model")
	}
	return segments, nil
}

// colorOf is what Parse takes components to mean.
func colorOf(comps []Component, segments []Segment) ColorModel {
	p := parser{f: &File{Components: comps}, adobe: -1}
	for _, s := range segments {
		p.keep(s.Marker, s.Data)
	}
	return p.color()
}

// appendHeaders writes tables, frame header (B.2.2) and scan header (B.2.3).
func (q *sequential) appendHeaders(b []byte, tables *codeTables) []byte {
	frame := byte(mSOF0)
	for i, t := range q.quants {
		b = appendQuant(b, byte(i), t)
		if t.wide {
			frame = mSOF1
		}
	}
	n := byte(len(q.comps))
	b = append(b, 0xff, frame, 0, 8+3*n, 8)
	b = binary.BigEndian.AppendUint16(b, uint16(q.height))
	b = binary.BigEndian.AppendUint16(b, uint16(q.width))
	b = append(b, n)
	for _, c := range q.comps {
		b = append(b, c.ID, byte(c.H<<4|c.V), c.tq)
	}
	for i := range 1 + q.table[1] {
		b = appendHuffman(b, 0, byte(i), tables.dc[i])
		b = appendHuffman(b, 1, byte(i), tables.ac[i])
	}
	b = append(b, 0xff, mSOS, 0, 6+2*n, n)
	for i, c := range q.comps {
		b = append(b, c.ID, byte(q.table[i]<<4|q.table[i]))
	}
	return append(b, 0, 63, 0)
}

// plan lists the component of each block of an MCU.
func (q *sequential) plan() []int {
	var plan []int
	for i, c := range q.comps {
		for range c.H * c.V {
			plan = append(plan, i)
		}
	}
	return plan
}

// mcus returns the columns and rows of MCUs.
func (q *sequential) mcus() (x, y int) {
	hmax, vmax := maxSampling(q.comps)
	return ceilDiv(q.width, 8*hmax), ceilDiv(q.height, 8*vmax)
}

func maxSampling(comps []Component) (hmax, vmax int) {
	hmax, vmax = 1, 1
	for _, c := range comps {
		hmax, vmax = max(hmax, c.H), max(vmax, c.V)
	}
	return hmax, vmax
}

// strips calls do for all strips of a picture, which hold so many MCUs, as
// long as it returns true.
func (q *sequential) strips(src mcuSource, do func(s *strip, mcus int) bool) bool {
	s := &strip{perMCU: len(q.plan())}
	mcusX, mcusY := q.mcus()
	for my := range mcusY {
		for mx := 0; mx < mcusX; mx += s.mcus() {
			end := min(mx+s.mcus(), mcusX)
			src.mcus(s, my, mx, end)
			if !do(s, end-mx) {
				return false
			}
		}
	}
	return true
}

// count returns the best tables for a picture.
func (q *sequential) count(src mcuSource) (*codeTables, error) {
	var dc, ac [2]symbolCounts
	var pred [4]int32
	plan := q.plan()
	ok := q.strips(src, func(s *strip, mcus int) bool {
		ok := true
		for i := range mcus * s.perMCU {
			b, c := &s.blocks[i], plan[i%s.perMCU]
			t := q.table[c]
			ok = countBlock(b, s.nonzero[i], pred[c], &dc[t], &ac[t]) && ok
			pred[c] = b.at(0)
		}
		return ok
	})
	if !ok {
		return nil, errNoCode
	}
	tables := new(codeTables)
	for i := range 1 + q.table[1] {
		tables.dc[i], tables.ac[i] = dc[i].huffman(), ac[i].huffman()
	}
	return tables, nil
}

// scan writes the entropy-coded data of a picture.
func (q *sequential) scan(b []byte, src mcuSource, tables *codeTables) (out []byte, ok bool) {
	w := newScanWriter(b, tables, q.plan(), &q.table)
	if !q.strips(src, w.strip) {
		return nil, false
	}
	w.grow(1)
	return w.flush(), true
}
