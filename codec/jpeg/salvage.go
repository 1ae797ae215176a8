package jpeg

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

// resync tells which segment begins behind restart marker m if the one that
// ended last, counted from 0, should have ended with marker next, modulo 8. A
// marker one or two ahead means that as many were lost; one or two behind, that
// it has come again: -1. Others are taken for the right one, damaged.
func (s *scan) resync(next, m int) int {
	if s.restart == 0 {
		return -1
	}
	switch ahead := (m - next) & 7; {
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
