package jpeg

import "math/bits"

// Luma splice of progressive files (T.81, annex G): the AC scans of luma are
// copied byte for byte, those of chroma are left out, and the DC scans, which
// interleave the components, are coded anew. What is copied is read to its end
// first, so that damage does not pass.

// progressive is the state of a splice between scans.
type progressive struct {
	f       *File
	mem     *Scratch
	dst     []byte
	restart int      // as dst has it
	extra   int      // bytes behind the last block of the scan that was read last
	done    [64]int8 // for each coefficient the bit position reached; -1: none
	seen    []uint64 // for each luma block the coefficients that are not 0, if refinement is to come
}

func (f *File) grayProgressive(dst []byte, keep func(Segment) bool, mem *Scratch) ([]byte, error) {
	luma := &f.Components[0]
	p := &progressive{f: f, mem: mem, dst: f.appendGrayHead(dst, keep)}
	for i := range p.done {
		p.done[i] = -1
	}
	if f.refinesAC() {
		p.seen = make([]uint64, luma.blocksX*luma.blocksY)
	}
	scans := 0
	for i := range f.scans {
		s := &f.scans[i]
		if s.comps[0].comp != 0 {
			continue
		}
		if err := p.scan(s); err != nil {
			return nil, err
		}
		scans++
	}
	if scans == 0 {
		return nil, &FormatError{f.size, "no scan of the luma"}
	}
	return append(p.dst, 0xff, mEOI), nil
}

// refinesAC tells whether a later scan corrects AC coefficients of luma, for
// which it must be known which of them are not 0.
func (f *File) refinesAC() bool {
	for _, s := range f.scans {
		if s.comps[0].comp == 0 && s.ss > 0 && s.ah > 0 {
			return true
		}
	}
	return false
}

func (p *progressive) scan(s *scan) error {
	if err := p.inOrder(s); err != nil {
		return err
	}
	in := &p.mem.in
	if err := in.unstuff(s); err != nil {
		return err
	}
	var err error
	switch {
	case s.ss > 0 && s.ah == 0:
		err = p.checkFirst(s, in)
	case s.ss > 0:
		err = p.checkRefine(s, in)
	default:
		return p.dc(s, in)
	}
	if err != nil {
		return err
	}
	p.begin(s.restart)
	if s.comps[0].ac != nil {
		p.dst = appendHuffman(p.dst, 1, 0, s.comps[0].ac)
	}
	p.dst = append(appendGrayScan(p.dst, p.f, s), withoutTail(s.data, p.extra)...)
	return nil
}

// withoutTail cuts n bytes off the end of a scan's data, with what they are
// stuffed with.
func withoutTail(data []byte, n int) []byte {
	for range n {
		data = data[:len(data)-1]
		if len(data) > 0 && data[len(data)-1] == 0xff {
			data = data[:len(data)-1]
		}
	}
	return data
}

// inOrder holds a scan against those before it (G.1.1.1.1): DC comes first, and
// each coefficient's bits follow one another. A scan may come again once its
// coefficients are complete, as libjpeg has it.
func (p *progressive) inOrder(s *scan) error {
	if s.ss > 0 && p.done[0] < 0 {
		return &FormatError{s.offset, "an AC scan before the first DC scan"}
	}
	for k := s.ss; k <= s.se; k++ {
		if int8(s.ah) != max(p.done[k], 0) {
			return &FormatError{s.offset, "a scan out of order"}
		}
		p.done[k] = int8(s.al)
	}
	return nil
}

// begin writes the restart interval of the next scan.
func (p *progressive) begin(restart int) {
	if restart != p.restart {
		p.dst = appendRestart(p.dst, restart)
		p.restart = restart
	}
}

// checkFirst reads the first scan of a band of AC coefficients (G.1.2.2).
func (p *progressive) checkFirst(s *scan, in *entropy) error {
	walk, h := p.f.newWalk(in, s), s.comps[0].ac
	luma := &p.f.Components[0]
	eobrun := 0
	for block := range luma.blocksX * luma.blocksY {
		if restarted, err := walk.mcu(); err != nil {
			return err
		} else if restarted {
			eobrun = 0
		}
		if eobrun > 0 {
			eobrun--
			continue
		}
		seen, blocks, ok := h.acFirst(&walk.r, s)
		if !ok {
			return walk.damaged()
		}
		eobrun = blocks
		if p.seen != nil {
			p.seen[block] |= seen
		}
	}
	err := walk.end()
	p.extra = walk.extra
	return err
}

// acFirst reads a block's part of a first AC scan: which coefficients are not
// 0, and how many blocks behind this one have none.
func (h *huffman) acFirst(r *bitReader, s *scan) (seen uint64, eobrun int, ok bool) {
	se := int(s.se)
	for k := int(s.ss); k <= se; k++ {
		r.refill()
		sym, l := h.decode(r.bits)
		if l == 0 {
			return 0, 0, false
		}
		r.skip(l)
		run, size := int(sym>>4), uint(sym&15)
		switch {
		case size > 0:
			if k += run; k > se {
				return 0, 0, false
			}
			seen |= 1 << k
			r.skip(size)
		case run < 15:
			return seen, r.eobRun(run) - 1, true
		default:
			if k += 15; k > se {
				return 0, 0, false
			}
		}
	}
	return seen, 0, true
}

// eobRun reads the number of blocks that a run of end-of-blocks covers.
func (r *bitReader) eobRun(category int) int {
	n := 1 << category
	if category > 0 {
		n += int(r.bits >> (64 - category))
		r.skip(uint(category))
	}
	return n
}

// checkRefine reads a scan that corrects a band of AC coefficients by one bit
// (G.1.2.3).
func (p *progressive) checkRefine(s *scan, in *entropy) error {
	walk, h := p.f.newWalk(in, s), s.comps[0].ac
	eobrun := 0
	for block := range p.seen {
		if restarted, err := walk.mcu(); err != nil {
			return err
		} else if restarted {
			eobrun = 0
		}
		seen, blocks, ok := h.acRefine(&walk.r, s, p.seen[block], eobrun)
		if !ok {
			return walk.damaged()
		}
		p.seen[block], eobrun = seen, blocks
	}
	err := walk.end()
	p.extra = walk.extra
	return err
}

// acRefine reads a block's part of a correcting AC scan. Each coefficient that
// was not 0 before has one bit there, behind the symbol that passes it by.
func (h *huffman) acRefine(r *bitReader, s *scan, seen uint64, eobrun int) (now uint64, left int, ok bool) {
	k, se := int(s.ss), int(s.se)
	now = seen
	for eobrun == 0 && k <= se {
		r.refill()
		sym, l := h.decode(r.bits)
		run, size := int(sym>>4), uint(sym&15)
		if l == 0 || size > 1 {
			return 0, 0, false
		}
		r.skip(l)
		if size == 0 && run < 15 {
			eobrun = r.eobRun(run)
			break
		}
		r.skip(size) // the sign of a new coefficient
		// The coefficient meant is the one behind run that are 0; those passed
		// that are not 0 have a correcting bit each.
		zero := ^seen & (2<<se - 1) >> k
		for ; run > 0; run-- {
			zero &= zero - 1
		}
		next := se + 1
		if zero != 0 {
			next = k + bits.TrailingZeros64(zero)
		} else if size > 0 {
			return 0, 0, false
		}
		r.skipMany(uint(bits.OnesCount64(seen >> k & (1<<(next-k) - 1))))
		now |= uint64(size) << next
		k = next + 1
	}
	if eobrun > 0 {
		band := (uint64(2)<<se - 1) &^ (1<<k - 1)
		r.skipMany(uint(bits.OnesCount64(seen & band)))
		eobrun--
	}
	return now, eobrun, true
}

// skipMany skips up to 64 bits.
func (r *bitReader) skipMany(k uint) {
	for k > r.n {
		k -= r.n
		r.skip(r.n)
		r.refill()
	}
	r.skip(k)
}

// dc codes a DC scan anew, for the luma alone and in its order.
func (p *progressive) dc(s *scan, in *entropy) error {
	luma := &p.f.Components[0]
	w := bitWriter{b: grow(p.mem.out, 4*luma.blocksX*luma.blocksY+slack)}
	p.begin(0)
	if s.ah == 0 {
		coder := newDCCoder(s.comps[0].dc)
		if err := p.dcFirst(s, in, &w, coder); err != nil {
			return err
		}
		p.dst = appendHuffman(p.dst, 0, 0, &coder.table)
	} else if err := p.dcRefine(s, in, &w); err != nil {
		return err
	}
	p.mem.out = w.flush()
	p.dst = stuff(appendGrayScan(p.dst, p.f, s), p.mem.out)
	return nil
}

// eachBlock calls visit for every block of an interleaved DC scan, in its
// order, with the block's place among the luma's; -1 for chroma, and for luma
// beyond the edge of the picture.
func (p *progressive) eachBlock(s *scan, in *entropy, visit func(r *bitReader, comp, place int, restarted bool) bool) error {
	walk, luma := p.f.newWalk(in, s), &p.f.Components[0]
	mcusX, mcusY := p.f.mcusX, p.f.mcusY
	if len(s.comps) == 1 {
		mcusX, mcusY = luma.blocksX, luma.blocksY
	}
	for my := range mcusY {
		for mx := range mcusX {
			restarted, err := walk.mcu()
			if err != nil {
				return err
			}
			for i, sc := range s.comps {
				c := &p.f.Components[sc.comp]
				h, v := c.H, c.V
				if len(s.comps) == 1 {
					h, v = 1, 1
				}
				for n := range h * v {
					x, y, place := mx*h+n%h, my*v+n/h, -1
					if i == 0 && x < luma.blocksX && y < luma.blocksY {
						place = y*luma.blocksX + x
					}
					if !visit(&walk.r, i, place, restarted) {
						return walk.damaged()
					}
					restarted = false
				}
			}
		}
	}
	return walk.end()
}

// dcFirst recodes a first DC scan. The values are collected in the order of the
// file and written in that of the picture.
func (p *progressive) dcFirst(s *scan, in *entropy, w *bitWriter, coder *dcCoder) error {
	luma := &p.f.Components[0]
	values := make([]int32, luma.blocksX*luma.blocksY)
	var pred [4]int32
	err := p.eachBlock(s, in, func(r *bitReader, comp, place int, restarted bool) bool {
		if restarted {
			pred = [4]int32{}
		}
		d, _, ok := s.comps[comp].dc.dcDiff(r)
		pred[comp] += d
		if place >= 0 {
			values[place] = pred[comp]
		}
		return ok
	})
	if err != nil {
		return err
	}
	last := int32(0)
	for _, v := range values {
		if !coder.put(w, v-last) {
			return &UnsupportedError{s.offset, "a DC difference that the file's table cannot take"}
		}
		last = v
	}
	return nil
}

// dcRefine repacks the bits of a correcting DC scan.
func (p *progressive) dcRefine(s *scan, in *entropy, w *bitWriter) error {
	luma := &p.f.Components[0]
	values := make([]uint8, luma.blocksX*luma.blocksY)
	err := p.eachBlock(s, in, func(r *bitReader, _, place int, _ bool) bool {
		r.refill()
		if place >= 0 {
			values[place] = uint8(r.bits >> 63)
		}
		r.skip(1)
		return true
	})
	for _, v := range values {
		w.put(uint64(v), 1)
	}
	return err
}
