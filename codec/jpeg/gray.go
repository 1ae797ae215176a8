package jpeg

import (
	"context"
	"slices"
)

// Scratch is memory that is kept between pictures. The zero value is ready; it
// must not be used by two calls at once.
type Scratch struct {
	in       entropy
	out      []byte
	skippers skipperCache
	dcs, acs coderCache
	inverses inverseCache
	coefs    []int16 // all zero between uses
	last     []byte
	band     bandSkipper
	seen     []uint64
	cursors  *[2]cursor
	dcValues [4][]int16 // of the components of a picture
}

// Size is the memory that is kept, in bytes, but for some 500 KB that do not
// depend on the pictures.
func (m *Scratch) Size() int {
	dcs := 0
	for _, v := range m.dcValues {
		dcs += 2 * cap(v)
	}
	return cap(m.in.b) + cap(m.out) + dcs + 8*(cap(m.seen)+cap(m.in.ends)+cap(m.in.which))
}

// AppendGray appends to dst a gray JPEG of f whose pixels are exactly f's luma
// plane, made without decoding: the same pixels as `jpegtran -grayscale`.
//
// The segments, APPn and COM of at most 65533 bytes, stand in it before
// everything else. If f cannot be grayed this way (its first component is not luma, or not of full size), the error is an
// *UnsupportedError. It ends with ctx's error before the next scan of a
// progressive file when ctx is done; a sequential file has one to read, which
// takes no more than seconds.
func (f *File) AppendGray(ctx context.Context, dst []byte, segments []Segment, mem *Scratch) ([]byte, error) {
	luma := &f.Components[0]
	switch {
	case f.Color != YCbCr && f.Color != Gray:
		return nil, &UnsupportedError{0, "no luma component"}
	case len(f.Components) > 1 && (luma.H != f.hmax || luma.V != f.vmax):
		return nil, &UnsupportedError{0, "luma of less than full size"}
	case luma.quant == nil: // which comes with the first scan
		return nil, &FormatError{f.size, "no scan of the luma"}
	case f.Progressive:
		return f.grayProgressive(ctx, dst, segments, mem)
	}
	return f.graySequential(dst, segments, mem)
}

// lumaScan returns the scan of a sequential file that holds luma.
func (f *File) lumaScan() (*scan, error) {
	var found *scan
	for i := range f.scans {
		if f.scans[i].comps[0].comp != 0 {
			continue
		}
		if found != nil {
			return nil, &FormatError{f.scans[i].offset, "a second scan of the luma"}
		}
		found = &f.scans[i]
	}
	if found == nil {
		return nil, &FormatError{f.size, "no scan of the luma"}
	}
	return found, nil
}

func (f *File) graySequential(dst []byte, segments []Segment, mem *Scratch) ([]byte, error) {
	s, err := f.lumaScan()
	if err != nil {
		return nil, err
	}
	if err := mem.in.unstuff(s, f.restarts(s)); err != nil {
		return nil, err
	}
	alone := len(s.comps) == 1 // the scan's data stay as they are
	if alone {
		if err := f.checkAlone(s, mem); err != nil {
			return nil, err
		}
	}
	dst = f.appendGrayHead(dst, segments)
	table := len(dst)
	dst = appendHuffman(dst, 0, 0, s.comps[0].dc)
	tableEnd := len(dst)
	dst = appendHuffman(dst, 1, 0, s.comps[0].ac)
	if alone && s.restart > 0 {
		dst = appendRestart(dst, s.restart)
	}
	dst = appendGrayScan(dst, f, s)
	if alone {
		dst = append(dst, s.data...)
	} else {
		var dc *huffman
		if dst, dc, err = f.appendLuma(dst, s, mem); err != nil {
			return nil, err
		}
		if len(dc.symbols) != len(s.comps[0].dc.symbols) {
			dst = slices.Replace(dst, table, tableEnd, appendHuffman(nil, 0, 0, dc)...)
		}
	}
	return append(dst, 0xff, mEOI), nil
}

// appendGrayHead writes everything before the first scan's tables.
func (f *File) appendGrayHead(dst []byte, segments []Segment) []byte {
	dst = append(dst, 0xff, mSOI)
	for _, seg := range segments {
		dst = appendSegment(dst, seg.Marker, seg.Data)
	}
	q := f.Components[0].quant
	dst = appendQuant(dst, 0, q)
	marker := byte(mSOF0)
	switch {
	case f.Progressive:
		marker = mSOF2
	case f.Extended || q.wide:
		marker = mSOF1
	}
	return appendGrayFrame(dst, marker, f)
}
