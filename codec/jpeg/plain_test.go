package jpeg

import "math/bits"

// Readers of progressive scans that go symbol by symbol and block by block, as
// annex G tells it: what the fast ones are held against.

// plainFirst reads the first scan of a band of AC coefficients (G.1.2.2).
func (p *progressive) plainFirst(s *scan, in *entropy) error {
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

// plainRefine reads a scan that corrects a band of AC coefficients by one bit
// (G.1.2.3).
func (p *progressive) plainRefine(s *scan, in *entropy) error {
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
		if zero == 0 {
			return 0, 0, false
		}
		next := k + bits.TrailingZeros64(zero)
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

// plainDCFirst recodes a first DC scan. The values are collected in the order of the
// file and written in that of the picture.
func (p *progressive) plainDCFirst(s *scan, in *entropy, w *bitWriter, coder *dcCoder) error {
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

// plainDCRefine repacks the bits of a correcting DC scan.
func (p *progressive) plainDCRefine(s *scan, in *entropy, w *bitWriter) error {
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
