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
	from, end int   // positions in bits, behind the first DC symbol and behind the last block
	first     int32 // DC of the first block
	last      int32 // DC of the last block
}

// splicer moves the luma of one interleaved sequential scan.
type splicer struct {
	f     *File
	s     *scan
	in    []byte
	luma  *Component
	table *huffman
	diffs *diffTable
	out   bitWriter
	dc    *dcCoder
	pred  int32 // DC of the last block written
	runs  []run // of one row of MCUs: V for each MCU
}

// spliceLuma returns the entropy-coded data of the luma component alone,
// unstuffed, and the DC table that it is coded with.
func (f *File) spliceLuma(s *scan, mem *Scratch) (data []byte, dc *huffman, err error) {
	c := &f.Components[s.comps[0].comp]
	w := f.walkBlocks(s, f.mcusX*f.mcusY, mem)
	table := w.plan[0].s
	sp := &splicer{f: f, s: s, in: mem.in.b, luma: c, table: table.dc, diffs: table.diffs,
		dc: newDCCoder(s.comps[0].dc), runs: make([]run, f.mcusX*c.V)}
	// A DC difference grows by at most 27 bits.
	sp.out.b = grow(mem.out, mem.in.size()+4*c.blocksX*c.blocksY+slack)
	if err := sp.scan(w); err != nil {
		return nil, nil, err
	}
	return sp.out.flush(), &sp.dc.table, nil
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
		for ; len(ends) > 0; ends = ends[len(w.plan):] {
			pred = sp.setRuns(sp.runs[mx*v:][:v], ends, mx, start, pred)
			start = int(ends[len(w.plan)-1] >> atShift)
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
// mx, which begins at start. pred is the DC before it; the DC behind it is
// returned.
func (sp *splicer) setRuns(runs []run, ends []uint64, mx, start int, pred int32) int32 {
	h := sp.luma.H
	cols := min(h, sp.luma.blocksX-mx*h) // that are real
	for v := range runs {
		u := &runs[v]
		for i, end := range ends[:h] {
			diff, used := sp.diff(start)
			pred += diff
			if i == 0 {
				u.from, u.first = start+used, pred
			}
			start = int(end >> atShift)
			if i == cols-1 {
				u.end, u.last = start, pred
			}
		}
		ends = ends[h:]
	}
	return pred
}

// diff returns the DC difference at a position in bits, and the bits of it.
func (sp *splicer) diff(pos int) (diff int32, used int) {
	if e := sp.diffs[load(sp.in, uint64(pos)<<atShift)>>(64-skipBits)]; e != 0 {
		return int32(e) >> 4, int(e & 15)
	}
	r := readerAt(sp.in, pos)
	diff, n, _ := sp.table.dcDiff(&r)
	return diff, int(n)
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
	for i := v; i < len(sp.runs); i += rows {
		u := &sp.runs[i]
		if !sp.dc.put(&sp.out, u.first-sp.pred) {
			return &UnsupportedError{sp.s.offset, "a DC difference that the file's table cannot take"}
		}
		sp.out.copyBits(sp.in, u.from, u.end)
		sp.pred = u.last
	}
	return nil
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
