package jpeg

// Reading ahead
//
// Look-ups wait for one another, so that one cursor leaves most of a core
// idle. A second one reads ahead, from some bit on that is hoped to be the
// start of an MCU. That is wrong nearly always, but Huffman codes synchronise
// themselves: after some wrong blocks a cursor comes upon the start of one
// that is right, and after some more upon the start of an MCU that is, and
// reads nothing but what is right from there on.
//
// Whether it did is not guessed. Both cursors note the ends of all blocks.
// Where the first one comes to the start of an MCU at which the second one
// was, both would read the same from there on, to the bit: so everything that
// the second has noted behind that place is taken as read, the first goes to
// where it stands, and the second further ahead. What the second noted before,
// and errors that it came upon, mean nothing. If they do not meet, the first
// cursor goes on alone.
const (
	minAhead = 2048      // bits; less is not worth it. It is not 0: exact reads on before the cursors can meet
	tryEvery = 4096      // bits that the first cursor reads between looks at whether they met
	giveUp   = 64 * 1024 // bits after which they are not expected to meet any more
	maxFails = 3         // of meetings, in a restart segment
)

// blockWalk is a way through the blocks of a sequential scan. It sees that each
// restart segment ends where its bits say.
type blockWalk struct {
	in   *entropy
	s    *scan
	plan []place // of an MCU

	left    int // MCUs that next has not returned yet
	segLeft int // as left, of the segment
	segment int // index in in.ends
	end     int // position in bits of the segment's end
	start   int // position in bits of the MCU that next returns next

	exact *cursor
	taken int // blocks noted in exact that next has returned

	ahead    *cursor
	distance int  // bits by which it is to be ahead
	running  bool // ahead is of use
	stopped  bool // but reads no more
	from     int  // position in bits where ahead began
	i, j     int  // MCUs of exact and of ahead that cannot be where they meet
	met      bool // at the MCUs i and j
	fails    int
}

// walkBlocks begins a walk through so many MCUs.
func (f *File) walkBlocks(s *scan, mcus int, mem *Scratch) *blockWalk {
	if mem.cursors == nil {
		mem.cursors = new([2]cursor)
	}
	w := &blockWalk{in: &mem.in, s: s, plan: f.blockPlan(s, &mem.skippers), left: mcus, exact: &mem.cursors[0], ahead: &mem.cursors[1]}
	// Most of what ahead can note, if blocks are of the usual length.
	w.distance = max(minAhead, mem.in.size()*8/(mcus*len(w.plan))*maxEnds*3/4)
	w.begin(0)
	return w
}

// begin goes to the start of a restart segment.
func (w *blockWalk) begin(segment int) {
	w.segment, w.start, w.end = segment, 0, w.in.ends[segment]*8
	if segment > 0 {
		w.start = w.in.ends[segment-1] * 8
	}
	w.segLeft = w.left
	if w.s.restart > 0 {
		w.segLeft = min(w.left, w.s.restart)
	}
	w.leap()
	w.fails = 0
}

// leap lets exact go on from start.
func (w *blockWalk) leap() {
	w.exact.reset(&w.plan[0], w.start)
	w.taken, w.running, w.met = 0, false, false
}

// next returns where the blocks of some MCUs end, of one at least: positions in
// bits << atShift, the bits below undefined. The first block begins at start.
// If a restart came before it, DC prediction begins anew. The memory of ends is
// w's at the next call.
func (w *blockWalk) next() (ends []uint64, start int, restarted bool, err error) {
	if w.segLeft == 0 {
		if err := w.restart(); err != nil {
			return nil, 0, false, err
		}
		restarted = true
	}
	start = w.start
	for len(ends) == 0 {
		if w.met {
			mcus := min(int(w.ahead.n)/len(w.plan)-w.j, w.segLeft)
			ends = w.take(w.ahead, w.j, mcus)
			w.leap()
			continue
		}
		w.drop()
		mcus, err := w.read()
		if err != nil {
			return nil, 0, false, err
		}
		ends = w.take(w.exact, 0, mcus)
		w.taken = len(ends)
	}
	return ends, start, restarted, nil
}

// take returns what c noted of some MCUs, from the first on.
func (w *blockWalk) take(c *cursor, first, mcus int) []uint64 {
	ends := c.ends[first*len(w.plan):][:mcus*len(w.plan)]
	if len(ends) > 0 {
		w.start = int(ends[len(ends)-1] >> atShift)
	}
	w.left -= mcus
	w.segLeft -= mcus
	return ends
}

// drop forgets what exact noted and next returned.
func (w *blockWalk) drop() {
	c := w.exact
	copy(c.ends[:], c.ends[w.taken:c.n])
	c.n -= uint(w.taken)
	w.i = max(w.i-w.taken/len(w.plan), 0)
	w.taken = 0
}

// read moves exact on by one MCU at least, and returns by how many: up to
// where the cursors meet, or as many as there are or can be noted.
func (w *blockWalk) read() (mcus int, err error) {
	mcus = min(w.segLeft, (maxEnds-3)/len(w.plan))
	for need := uint(mcus * len(w.plan)); w.exact.n < need; {
		if w.exact.pos() >= w.end {
			return 0, w.bad(w.exact.pos(), "the entropy-coded data ends too early")
		}
		w.sendAhead()
		if !w.runTo(need) {
			return 0, w.bad(w.exact.pos(), "a bad Huffman code or too many coefficients")
		}
		if w.running && w.exact.pos() >= w.from && w.meet(mcus) {
			return w.i, nil
		}
	}
	return mcus, nil
}

// sendAhead lets ahead begin, if that is worth it.
func (w *blockWalk) sendAhead() {
	room := (w.end - w.exact.pos()) / 2
	if w.running || w.fails == maxFails || room < minAhead {
		return
	}
	w.from = w.exact.pos() + min(w.distance, room)
	w.ahead.reset(&w.plan[0], w.from)
	w.running, w.stopped = true, false
	w.i, w.j = int(w.exact.n)/len(w.plan), 0
}

// runTo moves exact on until it has noted need blocks, or it is time to see
// whether the cursors meet, or the data end, and ahead with it. It reports
// false if exact stands before what is no block.
func (w *blockWalk) runTo(need uint) bool {
	limit := w.end
	if w.running {
		limit = min(limit, max(w.from, w.exact.pos())+tryEvery)
	}
	x := w.exact
	for x.n < need && x.pos() < limit {
		rounds := min((limit-x.pos())/maxRound, int(need-x.n)/3) + 1
		off := false
		if ahead := w.aheadRounds(); ahead > 0 {
			var aheadOff bool
			off, aheadOff = runBoth(w.in.b, x, w.ahead, min(rounds, ahead))
			if aheadOff && !w.ahead.slow(w.in.b) {
				w.lost()
			}
		} else {
			off = x.run(w.in.b, rounds)
		}
		if off && x.n < need && !x.slow(w.in.b) {
			return false
		}
	}
	return true
}

// aheadRounds is how many rounds ahead has room for.
func (w *blockWalk) aheadRounds() int {
	if !w.running || w.stopped || w.ahead.pos() >= w.end {
		return 0
	}
	return min((w.end-w.ahead.pos())/maxRound+1, w.ahead.room())
}

// lost is what becomes of ahead where it reads what is no block: it began at
// the wrong place, and does so again at another, if it did not just come to
// the end.
func (w *blockWalk) lost() {
	if w.ahead.pos() >= w.end-64 {
		w.stopped = true
		return
	}
	w.from = w.ahead.pos() + 1
	w.ahead.reset(&w.plan[0], w.from)
	w.j = 0
}

// meet looks whether exact is, within so many MCUs, at the start of one at
// which ahead was too.
func (w *blockWalk) meet(mcus int) bool {
	n := min(mcus, int(w.exact.n)/len(w.plan))
	last := int(w.ahead.n) / len(w.plan)
	for ; w.i <= n; w.i++ {
		p := w.mcuStart(w.exact, w.i, w.start)
		for w.j <= last && w.mcuStart(w.ahead, w.j, w.from) < p {
			w.j++
		}
		if w.j > last {
			break
		}
		if w.mcuStart(w.ahead, w.j, w.from) == p {
			w.met = true
			return true
		}
	}
	if w.j > last || w.exact.pos() > w.from+giveUp {
		w.running = false
		w.fails++
	}
	return false
}

// mcuStart is the position in bits of an MCU that c noted, or the next one.
func (w *blockWalk) mcuStart(c *cursor, mcu, first int) int {
	if mcu == 0 {
		return first
	}
	return int(c.ends[mcu*len(w.plan)-1] >> atShift)
}

// restart goes to the next segment.
func (w *blockWalk) restart() error {
	if err := w.endsHere(); err != nil {
		return err
	}
	if w.segment+1 == len(w.in.ends) {
		return w.bad(w.start, "a restart marker is missing")
	}
	w.begin(w.segment + 1)
	return nil
}

// finish is to be called when there are none left.
func (w *blockWalk) finish() error {
	if w.segment != len(w.in.ends)-1 {
		return w.bad(w.start, "a restart marker too many")
	}
	return w.endsHere()
}

// endsHere sees that the blocks end in the last byte of their segment.
func (w *blockWalk) endsHere() error {
	switch extra := w.end/8 - (w.start+7)/8; {
	case extra < 0:
		return w.bad(w.start, "the entropy-coded data ends too early")
	case extra > 0:
		return w.bad(w.start, "bytes too many in the entropy-coded data")
	}
	return nil
}

// bad returns an error at a position in bits. Stuffed bytes and markers before
// it make the place a little early.
func (w *blockWalk) bad(pos int, reason string) error {
	return &FormatError{w.s.offset + pos/8, reason}
}
