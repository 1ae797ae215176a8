package jpeg

import "bytes"

// blockSkipper finds the ends of the blocks of one component in a sequential
// scan.
type blockSkipper struct {
	dc, ac      *huffman
	start, skip *skipTable
	diffs       *diffTable

	// What is made when it is asked for, since the splice has no use for values.
	pairs *pairTable
	runs  *runTables
}

// pairTable returns the table of AC coefficients.
func (s *blockSkipper) pairTable() *pairTable {
	if s.pairs == nil {
		s.pairs = s.ac.pairs()
	}
	return s.pairs
}

// runTables returns the tables of the kernel.
func (s *blockSkipper) runTables() *runTables {
	if s.runs == nil {
		s.runs = newRunTables(s)
	}
	return s.runs
}

// skipperCache keeps the tables of the last files, which most often have the
// same codes as the next.
type skipperCache struct {
	kept [4]*blockSkipper
	next int
}

// get returns a skipper for a component of a scan.
func (c *skipperCache) get(sc scanComp) *blockSkipper {
	for _, s := range c.kept {
		if s != nil && s.dc.equal(sc.dc) && s.ac.equal(sc.ac) {
			return s
		}
	}
	// The tables' symbols are part of a file that is not to be held on to.
	dc, ac := *sc.dc, *sc.ac
	dc.symbols, ac.symbols = bytes.Clone(dc.symbols), bytes.Clone(ac.symbols)
	s := &blockSkipper{dc: &dc, ac: &ac, start: startTable(&dc, &ac), skip: ac.skipTable(), diffs: dc.diffTable()}
	c.kept[c.next] = s
	c.next = (c.next + 1) % len(c.kept)
	return s
}

// diff reads the DC symbol at the top of bits: the difference, and the bits it
// took.
func (h *huffman) diff(bits uint64) (diff, used int32) {
	cat, l := h.decode(bits)
	if cat > 0 {
		diff = extend(uint32(bits<<l>>(64-cat)), uint(cat))
	}
	return diff, int32(l) + int32(cat)
}

// dcDiff is diff for a reader, which it moves.
func (h *huffman) dcDiff(r *bitReader) (diff, used int32, ok bool) {
	r.refill()
	diff, used = h.diff(r.bits)
	r.skip(uint(used))
	return diff, used, used > 0
}
