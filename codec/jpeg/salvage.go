package jpeg

import "bytes"

// ParseDamaged is Parse for a file that may be truncated or damaged. What is
// wrong is noted in File.Damage, and what follows it is used as far as it makes
// sense. Coefficients and Decode then do the same: behind damage in
// entropy-coded data they go on at the next restart marker that fits, or else
// with the next scan, and note it in File.Damage, so that they must not be called
// at once. Of sequential files, blocks that cannot be read are gray.
//
// A file without any scan of a picture is an error, as are limits, and as is
// what is not supported, unless it comes behind the first scan.
func ParseDamaged(b []byte) (*File, error) { return parse(b, true) }

// pass notes what is wrong at a segment, if that is wanted, and goes to the
// next marker, or to the end of the file.
func (p *parser) pass(err error) error {
	if e, ok := err.(*UnsupportedError); ok && len(p.f.scans) > 0 {
		err = &FormatError{e.Offset, e.Feature}
	}
	if e := p.f.damage(err); e != nil {
		return e
	}
	if p.f.mcusX == 0 { // a frame header that breaks off
		p.f.Components = nil
	}
	for rest := p.b[p.off:]; ; {
		i := bytes.IndexByte(rest, 0xff)
		if i < 0 || i+1 == len(rest) {
			p.off = len(p.b)
			return nil
		}
		if m := rest[i+1]; m != 0 && m != 0xff && m != mTEM && (m < mRST0 || m > mSOI) {
			p.off = len(p.b) - len(rest) + i
			return nil
		}
		rest = rest[i+1:]
	}
}

// endsScan tells whether the marker that b begins with, behind its 0xff, ends a
// scan: any but a restart marker, or, if damage is expected, those that may
// follow one (B.2.1); TEM, which has no segment, only before another marker,
// since it is but a bit away from a stuffed byte. What does not end it may not
// belong there either.
func (f *File) endsScan(b []byte) (ends, belongs bool) {
	switch m := b[0]; {
	case m == 0, m >= mRST0 && m <= mRST7:
		return false, true
	case !f.salvage, m == mDHT, m >= mEOI && m <= mDRI, m >= mAPP0 && m <= mAPP15, m == mCOM:
		return true, true
	case m == mTEM && len(b) > 1 && b[1] == 0xff:
		return true, true
	}
	return false, false
}

// damage is called with what is wrong with a file. It returns that as an error,
// or, if what can be had of a damaged file is wanted, notes it.
func (f *File) damage(err error) error {
	e, ok := err.(*FormatError)
	if !f.salvage || !ok {
		return err
	}
	if f.Damage == nil {
		f.Damage = e
	}
	return nil
}

// resync tells which segment begins behind marker m if the one that ended last,
// counted from 0, should have ended with restart marker next, modulo 8. One that
// is one or two ahead means that as many were lost; one or two behind, that it
// has come again: -1, as for what is no restart marker. Others are taken for the
// right one, damaged.
func (s *scan) resync(next int, m byte) int {
	if s.restart == 0 || m < mRST0 || m > mRST7 {
		return -1
	}
	switch ahead := (int(m) - mRST0 - next) & 7; {
	case ahead <= 2:
		return next + ahead + 1
	case ahead >= 6:
		return -1
	}
	return next + 1
}

// resume goes on at the next restart segment that fits and returns the number
// of its first MCU. It reports false if there is none.
func (w *walk) resume() (mcu int, ok bool) {
	for i := w.segment + 1; i < len(w.in.ends); i++ {
		if w.in.which[i] > w.in.which[w.segment] {
			w.restart(i)
			return w.in.which[i] * w.s.restart, true
		}
	}
	return 0, false
}
