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
	in   *entropy
	out  bitWriter
	dc   *dcCoder
	pred int32 // DC of the last block written
	runs []run // of one row of MCUs: V for each MCU
}

// spliceLuma returns the entropy-coded data of the luma component alone,
// unstuffed, and the DC table that it is coded with.
func (f *File) spliceLuma(s *scan, in *entropy, buf []byte) (data []byte, dc *huffman, err error) {
	c := &f.Components[s.comps[0].comp]
	sp := &splicer{f: f, s: s, in: in, dc: newDCCoder(s.comps[0].dc), runs: make([]run, f.mcusX*c.V)}
	// A DC difference grows by at most 27 bits.
	sp.out.b = grow(buf, in.size()+4*c.blocksX*c.blocksY+slack)
	if err := sp.scan(); err != nil {
		return nil, nil, err
	}
	return sp.out.flush(), &sp.dc.table, nil
}

// grow returns a slice of n bytes, in the memory of b if that is enough.
func grow(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}

// scan reads the MCUs row by row and writes the luma of each row.
func (sp *splicer) scan() error {
	f, s := sp.f, sp.s
	walk := newWalk(sp.in, s)
	skippers := make([]*blockSkipper, len(s.comps))
	for i, c := range s.comps {
		skippers[i] = newBlockSkipper(c)
	}
	luma := &f.Components[s.comps[0].comp]
	var pred int32
	for my := range f.mcusY {
		rows := min(luma.V, luma.blocksY-my*luma.V)
		for mx := range f.mcusX {
			restarted, err := walk.mcu()
			if err != nil {
				return err
			}
			if restarted {
				pred = 0
			}
			cols := min(luma.H, luma.blocksX-mx*luma.H)
			runs := sp.runs[mx*luma.V:][:luma.V]
			if !skippers[0].runs(&walk.r, luma.H, cols, &pred, runs) {
				return walk.damaged()
			}
			for i, sk := range skippers[1:] {
				c := &f.Components[s.comps[i+1].comp]
				for range c.H * c.V {
					if _, _, ok := sk.block(&walk.r); !ok {
						return walk.damaged()
					}
				}
			}
		}
		for v := range rows {
			if err := sp.emit(v, luma.V); err != nil {
				return err
			}
		}
	}
	return walk.end()
}

// runs reads the luma blocks of an MCU, of which cols in each row are real.
func (s *blockSkipper) runs(r *bitReader, h, cols int, pred *int32, runs []run) bool {
	for v := range runs {
		u := run{start: r.pos()}
		for i := range h {
			d, n, ok := s.block(r)
			if !ok {
				return false
			}
			*pred += d
			if i == 0 {
				u.dcBits, u.diff, u.first = n, d, *pred
			}
			if i == cols-1 {
				u.end, u.last = r.pos(), *pred
			}
		}
		runs[v] = u
	}
	return true
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
		sp.out.copyBits(sp.in.b, start, u.end)
		sp.pred = u.last
	}
	return nil
}

// checkAlone reads a sequential scan of one component, whose data can stay as
// they are, to its end.
func (f *File) checkAlone(s *scan, in *entropy) error {
	walk, skipper := newWalk(in, s), newBlockSkipper(s.comps[0])
	c := &f.Components[s.comps[0].comp]
	for range c.blocksX * c.blocksY {
		if _, err := walk.mcu(); err != nil {
			return err
		}
		if _, _, ok := skipper.block(&walk.r); !ok {
			return walk.damaged()
		}
	}
	return walk.end()
}
