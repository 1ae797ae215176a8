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
	start, end  int   // positions in bits, of the first DC symbol and behind the last block
	dcBits      int   // of the first DC symbol
	diff        int32 // DC difference of the first block, as the file has it
	first, last int32 // DC of the first and the last block
}

// splicer moves the luma of one interleaved sequential scan.
type splicer struct {
	f    *File
	s    *scan
	mem  *Scratch // its in holds the scan's data
	out  bitWriter
	dc   *dcCoder
	pred int32 // DC of the last block written
	runs []run // of one row of MCUs: V for each MCU
}

// spliceLuma returns the entropy-coded data of the luma component alone,
// unstuffed, and the DC table that it is coded with.
func (f *File) spliceLuma(s *scan, mem *Scratch) (data []byte, dc *huffman, err error) {
	c := &f.Components[s.comps[0].comp]
	sp := &splicer{f: f, s: s, mem: mem, dc: newDCCoder(s.comps[0].dc), runs: make([]run, f.mcusX*c.V)}
	// A DC difference grows by at most 27 bits.
	sp.out.b = grow(mem.out, mem.in.size()+4*c.blocksX*c.blocksY+slack)
	if err := sp.scan(); err != nil {
		return nil, nil, err
	}
	return sp.out.flush(), &sp.dc.table, nil
}

// scan reads the MCUs row by row and writes the luma of each row.
func (sp *splicer) scan() error {
	f, luma := sp.f, &sp.f.Components[sp.s.comps[0].comp]
	walk, plan := f.newWalk(&sp.mem.in, sp.s), f.blockPlan(sp.s, &sp.mem.skippers)
	var marks [maxBlocks]mark
	var pred int32
	for my := range f.mcusY {
		for mx := range f.mcusX {
			restarted, err := walk.mcu()
			if err != nil {
				return err
			}
			if restarted {
				pred = 0
			}
			start := walk.r.pos()
			if !skipMCU(&walk.r, plan, &marks) {
				return walk.damaged()
			}
			cols := min(luma.H, luma.blocksX-mx*luma.H)
			pred = setRuns(sp.runs[mx*luma.V:][:luma.V], marks[:luma.H*luma.V], cols, start, pred)
		}
		for v := range min(luma.V, luma.blocksY-my*luma.V) {
			if err := sp.emit(v, luma.V); err != nil {
				return err
			}
		}
	}
	return walk.end()
}

// blockPlan lists what reads each block of an MCU of a scan, in order.
func (f *File) blockPlan(s *scan, cache *skipperCache) []*blockSkipper {
	var plan []*blockSkipper
	for _, c := range s.comps {
		sk := cache.get(c)
		for range f.Components[c.comp].H * f.Components[c.comp].V {
			plan = append(plan, sk)
		}
	}
	return plan
}

// setRuns makes runs, one for each row, of the luma blocks of an MCU, of which
// cols in each row are real. start is where the MCU begins, pred the DC before
// it; the DC behind it is returned.
func setRuns(runs []run, marks []mark, cols, start int, pred int32) int32 {
	h := len(marks) / len(runs)
	for v := range runs {
		u := &runs[v]
		row := marks[v*h:][:h]
		u.start, u.dcBits, u.diff = start, int(row[0].dcBits), row[0].diff
		u.first = pred + row[0].diff
		for i := range row {
			pred += row[i].diff
			if i == cols-1 {
				u.end, u.last = row[i].end, pred
			}
		}
		start = row[h-1].end
	}
	return pred
}

// emit writes row v of the blocks in a row of MCUs.
func (sp *splicer) emit(v, rows int) error {
	for i := v; i < len(sp.runs); i += rows {
		u := &sp.runs[i]
		start := u.start
		if d := u.first - sp.pred; d != u.diff {
			start += u.dcBits
			if !sp.dc.put(&sp.out, d) {
				return &UnsupportedError{sp.s.offset, "a DC difference that the file's table cannot take"}
			}
		}
		sp.out.copyBits(sp.mem.in.b, start, u.end)
		sp.pred = u.last
	}
	return nil
}

// checkAlone reads a sequential scan of one component, whose data can stay as
// they are, to its end.
func (f *File) checkAlone(s *scan, mem *Scratch) error {
	walk, plan := f.newWalk(&mem.in, s), []*blockSkipper{mem.skippers.get(s.comps[0])}
	c := &f.Components[s.comps[0].comp]
	var marks [maxBlocks]mark
	for range c.blocksX * c.blocksY {
		if _, err := walk.mcu(); err != nil {
			return err
		}
		if !skipMCU(&walk.r, plan, &marks) {
			return walk.damaged()
		}
	}
	return walk.end()
}
