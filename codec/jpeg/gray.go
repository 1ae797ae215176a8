package jpeg

// Scratch is memory that is kept between pictures. The zero value is ready; it
// must not be used by two calls at once.
type Scratch struct {
	in       entropy
	out      []byte
	skippers skipperCache
	band     bandSkipper
	seen     []uint64
}

// Size is the memory that is kept, bytes.
func (m *Scratch) Size() int { return cap(m.in.b) + cap(m.out) + 8*cap(m.seen) }

// AppendGray appends to dst a gray JPEG of f whose pixels are exactly f's luma
// plane, made without decoding: the same pixels as `jpegtran -grayscale`.
//
// The segments that keep says yes to are carried. If f cannot be grayed this
// way (its first component is not luma, or not of full size), the error is an
// *UnsupportedError.
func (f *File) AppendGray(dst []byte, keep func(Segment) bool, mem *Scratch) ([]byte, error) {
	luma := &f.Components[0]
	switch {
	case f.Color != YCbCr && f.Color != Gray:
		return nil, &UnsupportedError{0, "no luma component"}
	case len(f.Components) > 1 && (luma.H != f.hmax || luma.V != f.vmax):
		return nil, &UnsupportedError{0, "luma of less than full size"}
	case f.Progressive:
		return f.grayProgressive(dst, keep, mem)
	}
	return f.graySequential(dst, keep, mem)
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

func (f *File) graySequential(dst []byte, keep func(Segment) bool, mem *Scratch) ([]byte, error) {
	s, err := f.lumaScan()
	if err != nil {
		return nil, err
	}
	if err := mem.in.unstuff(s); err != nil {
		return nil, err
	}
	alone := len(s.comps) == 1 // the scan's data stay as they are
	dc := s.comps[0].dc
	if alone {
		err = f.checkAlone(s, mem)
	} else {
		mem.out, dc, err = f.spliceLuma(s, mem)
	}
	if err != nil {
		return nil, err
	}
	dst = f.appendGrayHead(dst, keep)
	dst = appendHuffman(dst, 0, 0, dc)
	dst = appendHuffman(dst, 1, 0, s.comps[0].ac)
	if alone && s.restart > 0 {
		dst = appendRestart(dst, s.restart)
	}
	dst = appendGrayScan(dst, f, s)
	if alone {
		dst = append(dst, s.data...)
	} else {
		dst = stuff(dst, mem.out)
	}
	return append(dst, 0xff, mEOI), nil
}

// appendGrayHead writes everything before the first scan's tables.
func (f *File) appendGrayHead(dst []byte, keep func(Segment) bool) []byte {
	dst = append(dst, 0xff, mSOI)
	for _, seg := range f.Segments {
		if keep(seg) {
			dst = appendSegment(dst, seg.Marker, seg.Data)
		}
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
