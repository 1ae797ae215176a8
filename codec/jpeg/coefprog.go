package jpeg

import "math/bits"

// bands is how far a component of a progressive file has been read.
type bands struct {
	done progress
	seen []uint64 // for each block the AC coefficients that are not 0, by zigzag order
	lost int      // 1 + the first block that a damaged AC scan left out, from which on corrections cannot be read; 0: none
}

// progressive reads the scans that bring coefficients up to the place limit in
// zigzag order.
func (r *coefficientReader) progressive(limit uint) error {
	for i := range r.out.Components {
		r.bands[i].seen = make([]uint64, len(r.out.Components[i].Blocks))
	}
	needed := r.f.neededScans(limit)
	for i := range r.f.scans {
		s := &r.f.scans[i]
		if s.comps[0].comp >= len(r.out.Components) || !needed[i] {
			continue
		}
		if !r.add(s) {
			if err := r.f.damage(&FormatError{s.offset, "a scan out of order"}); err != nil {
				return err
			}
			continue
		}
		if err := r.scan(s); err != nil {
			return err
		}
	}
	for i := range r.out.Components {
		if r.bands[i].done[0] == 0 {
			return r.f.damage(&FormatError{r.f.size, "no scan of a component"})
		}
	}
	return nil
}

// add notes what a scan brings, if it is in order.
func (r *coefficientReader) add(s *scan) bool {
	for _, c := range s.comps {
		if !r.bands[c.comp].done.admits(s) {
			return false
		}
	}
	for _, c := range s.comps {
		r.bands[c.comp].done.add(s)
	}
	return true
}

// lost notes that a scan is damaged from MCU n on.
func (r *coefficientReader) lost(n int) {
	if r.s.ss == 0 {
		return
	}
	if b := &r.bands[r.s.comps[0].comp]; b.lost == 0 || n+1 < b.lost {
		b.lost = n + 1
	}
}

// idle returns how many blocks from column x of row y on, at most most, have no bits in this scan: those of a run of which
// no coefficient is to be corrected. A file of 50 KB may have a thousand million of them.
func (r *coefficientReader) idle(x, y, most int) int {
	n := min(r.eobrun, most)
	if r.s.ah == 0 {
		return n
	}
	comp := r.s.comps[0].comp
	band := uint64(2)<<r.s.se - 1<<r.s.ss
	for i, seen := range r.bands[comp].seen[y*r.out.Components[comp].Columns+x:][:n] {
		if seen&band != 0 {
			return i
		}
	}
	return n
}

// acFirst reads a block's part of the first scan of a band (G.1.2.2).
func (r *coefficientReader) acFirst(in *bitReader, b *Block, at int) bool {
	if r.eobrun > 0 {
		r.eobrun--
		return true
	}
	seen := uint64(0)
	al, se := r.s.al, uint(r.s.se)
	sound := true
	for k := uint(r.s.ss) - 1; k < se; {
		in.refill()
		v, run, size, ok := r.acs[0].next(in)
		if sound = ok; !sound {
			break
		}
		if size == 0 && run < 15 {
			r.eobrun = in.eobRun(int(run)) - 1
			break
		}
		if k += run + 1; k > se {
			sound = false
			break
		}
		if size > 0 {
			b[zigzag[k&63]&63] = int16(v << al)
			seen |= 1 << k
		}
	}
	// A block that breaks off keeps what came before, so that is noted too.
	r.bands[r.s.comps[0].comp].seen[at] |= seen
	return sound
}

// acRefine reads a block's part of a scan that corrects a band by one bit
// (G.1.2.3). Each coefficient that was not 0 before has one bit there, behind
// the symbol that passes it by. Those bits are put aside, and used at the end.
func (r *coefficientReader) acRefine(in *bitReader, b *Block, at int) bool {
	seen := &r.bands[r.s.comps[0].comp].seen[at]
	k, se, al := uint(r.s.ss), uint(r.s.se), r.s.al
	before := *seen & (2<<se - 1)
	old, corrections := before>>k<<k, uint64(0)
	for r.eobrun == 0 && k <= se {
		in.refill()
		v, run, size, ok := r.acs[0].next(in)
		if !ok || v < -1 || v > 1 {
			return false
		}
		if size == 0 && run < 15 {
			r.eobrun = in.eobRun(int(run))
			break
		}
		// The coefficient meant is the one behind run that are 0.
		zero := ^before & (2<<se - 1) >> k
		for ; run > 0; run-- {
			zero &= zero - 1
		}
		if zero == 0 {
			return false
		}
		next := k + uint(bits.TrailingZeros64(zero))
		corrections = in.more(corrections, before>>k&(1<<(next-k)-1))
		if size > 0 {
			b[zigzag[next&63]&63] = int16(v << al)
			*seen |= 1 << next
		}
		k = next + 1
	}
	if r.eobrun > 0 {
		corrections = in.more(corrections, before>>k)
		r.eobrun--
	}
	if corrections != 0 {
		b.correct(corrections, old, al)
	}
	return true
}

// more appends to v as many bits as set has.
func (r *bitReader) more(v, set uint64) uint64 {
	n := uint(bits.OnesCount64(set))
	if r.n < n {
		r.refill()
		if r.n < n {
			v = v<<32 | r.bits>>32
			r.skip(32)
			r.refill()
			n -= 32
		}
	}
	v = v<<n | r.bits>>(64-n)
	r.skip(n)
	return v
}

// correct adds 1<<al to the magnitude of those coefficients of a set whose bit
// in more is 1, unless that bit of them is set. The last of them has the lowest
// bit.
func (b *Block) correct(more, set uint64, al uint8) {
	for n := bits.OnesCount64(set) - 1; set != 0; set &= set - 1 {
		c := &b[zigzag[bits.TrailingZeros64(set)]&63]
		v := int32(*c)
		add := int32(more>>(n&63)&1) &^ (v >> (al & 15)) << (al & 15)
		sign := v >> 31
		*c = int16(v + (add ^ sign) - sign)
		n--
	}
}
