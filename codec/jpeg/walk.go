package jpeg

// walk is a way through the MCUs of a scan: it changes from one restart
// segment to the next and sees that each ends where its bits say.
type walk struct {
	r       bitReader
	in      *entropy
	s       *scan
	tail    int // bytes that may follow the last MCU
	left    int // MCUs until the next restart; less than 0: there is none
	segment int
	extra   int // bytes between the bits read and the end of the segment that ended last
}

func (f *File) newWalk(in *entropy, s *scan) *walk {
	w := &walk{r: bitReader{b: in.b}, in: in, s: s, left: -1}
	if f.Progressive && f.Color != Gray { // a gray file is copied whole
		w.tail = maxTail
	}
	if s.restart > 0 {
		w.left = s.restart
	}
	return w
}

// mcu is to be called before each MCU. It tells whether a restart came before
// it, behind which DC prediction starts anew.
func (w *walk) mcu() (restarted bool, err error) {
	_, restarted, err = w.take(1)
	return restarted, err
}

// take is mcu for as many MCUs as no restart parts, at most so many; it returns
// how many.
func (w *walk) take(most int) (n int, restarted bool, err error) {
	if w.r.pos() > 8*w.in.ends[w.segment] {
		return 0, false, w.bad("the entropy-coded data ends too early")
	}
	if w.left == 0 {
		if err := w.endsWithin(0); err != nil {
			return 0, false, err
		}
		next := w.segment + 1
		if next == len(w.in.ends) || w.in.which[next] != w.in.which[w.segment]+1 {
			return 0, false, w.bad("a restart marker is missing")
		}
		w.restart(next)
		restarted = true
	}
	if w.left > 0 {
		most = min(most, w.left)
		w.left -= most
	}
	return most, restarted, nil
}

// pass goes over MCUs that have no bits, as many of n as come before the next restart, and returns how many.
func (w *walk) pass(n int) int {
	if w.r.pos() > 8*w.in.ends[w.segment] { // as take will say
		return 0
	}
	if w.left >= 0 {
		n = min(n, w.left)
		w.left -= n
	}
	return n
}

// restart goes to the start of a segment.
func (w *walk) restart(segment int) {
	w.segment = segment
	w.r = bitReader{b: w.in.b, p: w.in.ends[segment-1]}
	w.left = w.s.restart
}

// maxTail is how many bytes may follow the last MCU of a progressive scan. The
// reader of libjpeg has that many in its bit buffer by then and does not mind
// them; that of sequential scans does.
const maxTail = 7

// end is to be called behind the last MCU.
func (w *walk) end() error {
	if w.segment != len(w.in.ends)-1 {
		return w.bad("a restart marker too many")
	}
	return w.endsWithin(w.tail)
}

// endsWithin sees that the bits read end in the last byte of their segment, or
// at most so many bytes before.
func (w *walk) endsWithin(spare int) error {
	w.extra = w.in.ends[w.segment] - (w.r.pos()+7)/8
	switch {
	case w.extra < 0:
		return w.bad("the entropy-coded data ends too early")
	case w.extra > spare:
		return w.bad("bytes too many in the entropy-coded data")
	}
	return nil
}

// damaged is the error of bits that are no block.
func (w *walk) damaged() error { return w.bad("a bad Huffman code or too many coefficients") }

// bad returns an error at the place of the reader. Stuffed bytes and markers
// before it make the place a little early.
func (w *walk) bad(reason string) error {
	return &FormatError{w.s.offset + w.r.pos()/8, reason}
}
