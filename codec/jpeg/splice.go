package jpeg

// Luma splice
//
// The entropy-coded luma blocks of a sequential scan are moved as bits. A
// block's bits depend on the other blocks only through its DC difference, and
// that changes only where its predecessor does: where the order of blocks
// differs (T.81, A.2.3: within an MCU, blocks stand row by row), at restarts,
// and where blocks beyond the edge of the picture are dropped.

// run is luma blocks that lie side by side in an MCU, and so follow one
// another in the file.
type run struct {
	from, end   uint64 // behind the first DC symbol and behind the last block, positions in bits << atShift
	first, last int32  // DC of the first and the last block
}

// smallDiff is what nearly all DC differences are below. Their codes have at
// most 24 bits.
const smallDiff = 256

// splicer moves the luma of one interleaved sequential scan.
type splicer struct {
	f     *File
	s     *scan
	in    []byte // unstuffed
	luma  *Component
	diffs *diffTable
	table *huffman // of the luma's DC
	runs  []run    // of one row of MCUs: V for each MCU

	out   bitWriter // the row that is being written, less than a byte of the one before it
	dst   []byte
	dc    *dcCoder
	codes [2 * smallDiff]uint32 // what dc makes of small differences: bits<<8 | how many; 0: not known yet
	pred  int32                 // DC of the last block written
}

// appendLuma appends the entropy-coded data of the luma component alone, and
// returns the DC table that it is coded with.
func (f *File) appendLuma(dst []byte, s *scan, mem *Scratch) ([]byte, *huffman, error) {
	w := f.walkBlocks(s, f.mcusX*f.mcusY, mem)
	luma, tables := &f.Components[s.comps[0].comp], w.plan[0].s
	sp := &splicer{f: f, s: s, in: mem.in.b, luma: luma, diffs: tables.diffs, table: tables.dc,
		runs: make([]run, f.mcusX*luma.V), out: bitWriter{b: mem.out}, dst: dst, dc: newDCCoder(s.comps[0].dc)}
	err := sp.scan(w)
	mem.out = sp.out.b
	if err != nil {
		return nil, nil, err
	}
	return stuff(sp.dst, sp.out.flush()), &sp.dc.table, nil
}

// scan reads the MCUs row by row and writes the luma of each row.
func (sp *splicer) scan(w *blockWalk) error {
	var pred int32
	mx, my, v := 0, 0, sp.luma.V
	for w.left > 0 {
		ends, start, restarted, err := w.next()
		if err != nil {
			return err
		}
		if restarted {
			pred = 0
		}
		at := uint64(start) << atShift
		for ; len(ends) > 0; ends = ends[len(w.plan):] {
			pred = sp.setRuns(sp.runs[mx*v:][:v], ends, mx, at, pred)
			at = ends[len(w.plan)-1]
			if mx++; mx == sp.f.mcusX {
				if err := sp.emitRows(my); err != nil {
					return err
				}
				mx = 0
				my++
			}
		}
	}
	return w.finish()
}

// setRuns makes runs, one for each row, of the luma blocks of the MCU in column
// mx, which begins at at. pred is the DC before it; the DC behind it is
// returned.
func (sp *splicer) setRuns(runs []run, ends []uint64, mx int, at uint64, pred int32) int32 {
	h := sp.luma.H
	cols := min(h, sp.luma.blocksX-mx*h) // that are real
	for v := range runs {
		u := &runs[v]
		for i, end := range ends[:h] {
			bits := load(sp.in, at)
			e := int32(sp.diffs[bits>>(64-skipBits)])
			diff, n := e>>4, e&15
			if e == 0 {
				diff, n = sp.table.diff(bits)
			}
			pred += diff
			if i == 0 {
				u.from, u.first = at+uint64(n)<<atShift, pred
			}
			at = end
			if i == cols-1 {
				u.end, u.last = end, pred
			}
		}
		ends = ends[h:]
	}
	return pred
}

// emitRows writes the blocks of a row of MCUs.
func (sp *splicer) emitRows(my int) error {
	for v := range min(sp.luma.V, sp.luma.blocksY-my*sp.luma.V) {
		if err := sp.emit(v, sp.luma.V); err != nil {
			return err
		}
	}
	return nil
}

// emit writes row v of the blocks in a row of MCUs.
func (sp *splicer) emit(v, rows int) error {
	size := copyRoom
	for i := v; i < len(sp.runs); i += rows {
		u := &sp.runs[i]
		size += int((u.end-u.from)>>(atShift+3)) + 5 // a DC symbol has at most 27 bits
	}
	out := sp.out
	out.b = grow(out.b, size)
	for i := v; i < len(sp.runs); i += rows {
		u := &sp.runs[i]
		diff := u.first - sp.pred
		code := uint32(0)
		if i := uint(diff + smallDiff); i < uint(len(sp.codes)) {
			code = sp.codes[i]
		}
		if code != 0 {
			out.put(uint64(code>>8), uint(code&0xff))
		} else if !sp.put(&out, diff) {
			return &UnsupportedError{sp.s.offset, "a DC difference that the file's table cannot take"}
		}
		out.copyRun(sp.in, int(u.from>>atShift), int(u.end>>atShift))
		sp.pred = u.last
	}
	sp.dst = stuff(sp.dst, out.b[:out.o])
	out.o = 0
	sp.out = out
	return nil
}

// put writes a DC difference, and notes its code if it is small. It reports
// false if it cannot be coded.
func (sp *splicer) put(w *bitWriter, diff int32) bool {
	v, n, ok := sp.dc.code(diff)
	if !ok {
		return false
	}
	if i := uint(diff + smallDiff); i < uint(len(sp.codes)) {
		sp.codes[i] = uint32(v)<<8 | uint32(n)
	}
	w.put(v, n)
	return true
}

// checkAlone reads a sequential scan of one component, whose data can stay as
// they are, to its end.
func (f *File) checkAlone(s *scan, mem *Scratch) error {
	c := &f.Components[s.comps[0].comp]
	w := f.walkBlocks(s, c.blocksX*c.blocksY, mem)
	for w.left > 0 {
		if _, _, _, err := w.next(); err != nil {
			return err
		}
	}
	return w.finish()
}
