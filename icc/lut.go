package icc

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// lut is a profile's table with all that stands around it: stages from 16 bits a channel, 0 to 65535, to the PCS.
type lut struct {
	channels int
	in       []curve // the first stage, nil if that is something else
	stages   []stage
	pcs      coding
}

// stage changes the channels of a colour, each 0 to 65535.
type stage interface{ apply(v *[4]int32) }

// readLUT reads a tag from a device to the PCS.
func (p *Profile) readLUT(tag string) (*lut, error) {
	b := p.tags[tag]
	if len(b) < 32 {
		return nil, &FormatError{fmt.Sprintf("tag %q has %d bytes", tag, len(b))}
	}
	l := &lut{channels: channels[p.space], pcs: codings[p.pcs]}
	if n := int(b[8]); n != l.channels || b[9] != 3 {
		return nil, &FormatError{fmt.Sprintf("tag %q goes from %d channels to %d, the profile from %s to %s", tag, n, b[9], p.space, p.pcs)}
	}
	var err error
	switch kind := string(b[:4]); {
	case p.pcs != "XYZ" && p.pcs != "Lab":
		return nil, &UnsupportedError{fmt.Sprintf("a table to %q", p.pcs)}
	case kind == "mft1":
		err = l.readTables(b, 48, 1)
	case kind == "mft2":
		if p.pcs == "Lab" {
			l.pcs = labV2
		}
		err = l.readTables(b, 52, 2)
	case kind == "mAB ":
		err = l.readAToB(b)
	default:
		err = &UnsupportedError{fmt.Sprintf("a table of type %q", kind)}
	}
	return l, err
}

// add appends curves, of which those that are first stay curves.
func (l *lut) add(c []curve) {
	if l.in == nil && l.stages == nil {
		l.in = c
		return
	}
	if s := newCurves(c); s != nil {
		l.stages = append(l.stages, s)
	}
}

// readTables reads lut8Type and lut16Type (10.11, 10.10), whose tables begin at off and have numbers of size bytes. The
// matrix is for XYZ by the standard; Little CMS applies it to any three channels.
func (l *lut) readTables(b []byte, off, size int) error {
	if len(b) < off {
		return &FormatError{"a table is cut short"}
	}
	inputs, outputs := 256, 256
	if size == 2 {
		inputs, outputs = int(binary.BigEndian.Uint16(b[48:])), int(binary.BigEndian.Uint16(b[50:]))
		if inputs < 2 || outputs < 2 || inputs > 4096 || outputs > 4096 {
			return &FormatError{fmt.Sprintf("a table with curves of %d and %d points", inputs, outputs)}
		}
	}
	if m, same := readMatrix(b[12:48], nil); l.channels == 3 && !same {
		l.stages = append(l.stages, m)
	}
	r := reader{b[off:], size, nil}
	l.add(r.curves(l.channels, inputs))
	grid := slices.Repeat([]int{int(b[10])}, l.channels)
	if c := r.clut(grid); c != nil {
		l.stages = append(l.stages, c)
	}
	l.add(r.curves(3, outputs))
	return r.err
}

// readAToB reads lutAToBType (10.12): A curves, table, M curves, matrix, B curves. Only the last must be there, or of
// other than three channels the first two as well.
func (l *lut) readAToB(b []byte) error {
	part := func(at int) ([]byte, error) {
		off := int64(binary.BigEndian.Uint32(b[at:]))
		if off >= int64(len(b)) {
			return nil, &FormatError{fmt.Sprintf("a part at offset %d of a table of %d bytes", off, len(b))}
		}
		if off == 0 {
			return nil, nil
		}
		return b[off:], nil
	}
	for _, read := range []struct {
		at int
		do func([]byte) error
	}{
		{28, func(b []byte) error { return l.readCurves(b, l.channels) }},
		{24, l.readCLUT},
		{20, func(b []byte) error { return l.readCurves(b, 3) }},
		{16, l.readMatrix},
		{12, func(b []byte) error { return l.readCurves(b, 3) }},
	} {
		data, err := part(read.at)
		if err == nil && data != nil {
			err = read.do(data)
		}
		if err != nil {
			return err
		}
		if read.at == 24 && data == nil && l.channels != 3 {
			return &FormatError{fmt.Sprintf("no table for %d channels", l.channels)}
		}
	}
	return nil
}

// readCurves reads curves, each of which begins at a multiple of 4 bytes.
func (l *lut) readCurves(b []byte, n int) error {
	var list []curve
	for range n {
		c, size, err := readCurve(b)
		if err != nil {
			return err
		}
		list = append(list, c)
		b = b[min((size+3)&^3, len(b)):]
	}
	l.add(list)
	return nil
}

// readCLUT reads the table of lutAToBType: points on each side, then the bytes of a number.
func (l *lut) readCLUT(b []byte) error {
	if len(b) < 20 || b[16] != 1 && b[16] != 2 {
		return &FormatError{"a table whose numbers are not of 1 or 2 bytes"}
	}
	var grid []int
	for _, n := range b[:l.channels] {
		grid = append(grid, int(n))
	}
	r := reader{b[20:], int(b[16]), nil}
	if c := r.clut(grid); c != nil {
		l.stages = append(l.stages, c)
	}
	return r.err
}

func (l *lut) readMatrix(b []byte) error {
	if len(b) < 48 {
		return &FormatError{"a matrix is cut short"}
	}
	if m, same := readMatrix(b[:36], b[36:48]); !same {
		l.stages = append(l.stages, m)
	}
	return nil
}

// reader takes numbers of size bytes, 1 or 2, and keeps the first error.
type reader struct {
	b    []byte
	size int
	err  error
}

// take returns n numbers as ones of 16 bits, or nil.
func (r *reader) take(n int) []uint16 {
	if r.err != nil || n > len(r.b)/r.size {
		r.err = &FormatError{fmt.Sprintf("a table of %d numbers in %d bytes", n, len(r.b))}
		return nil
	}
	b := r.b[:n*r.size]
	r.b = r.b[len(b):]
	if r.size == 2 {
		return words(b)
	}
	out := make([]uint16, n)
	for i, v := range b {
		out[i] = uint16(v) * 257
	}
	return out
}

func (r *reader) curves(n, points int) []curve {
	list := make([]curve, n)
	for i := range list {
		if list[i].table = r.take(points); r.err != nil {
			return nil
		}
	}
	return list
}

// clut takes a table of three channels with that many points on each side, the last channel varying fastest. It returns
// nil with the error.
func (r *reader) clut(grid []int) stage {
	n := 3
	for _, g := range grid {
		if g < 2 || n > maxSize {
			r.err = &FormatError{fmt.Sprintf("a table of %v points", grid)}
			return nil
		}
		n *= g
	}
	data := r.take(n)
	if data == nil {
		return nil
	}
	return newCLUT(grid, data)
}
