package jpeg

import "encoding/binary"

// DC scans of progressive files interleave the components, and within an MCU
// their blocks stand row by row. The gray file's DC scans hold luma alone, row
// by row over the whole width. So they are coded anew, a row of MCUs at a time.

// dcScan reads the MCUs of a DC scan. The first of its components is called luma
// here, for the gray file wants no other.
type dcScan struct {
	f            *File
	s            *scan
	walk         *walk
	h, v         int // luma blocks in an MCU, across and down
	mcusX, mcusY int
	plan         []*huffman // the tables of the blocks of an MCU
	place        []int      // of the luma blocks of an MCU in the rows of blocks, each of mcusX*h
}

func (f *File) newDCScan(s *scan, in *entropy) *dcScan {
	luma := &f.Components[s.comps[0].comp]
	d := &dcScan{f: f, s: s, walk: f.newWalk(in, s), h: luma.H, v: luma.V, mcusX: f.mcusX, mcusY: f.mcusY}
	if len(s.comps) == 1 {
		d.h, d.v, d.mcusX, d.mcusY = 1, 1, luma.blocksX, luma.blocksY
	}
	for i := range d.h * d.v {
		d.plan = append(d.plan, s.comps[0].dc)
		d.place = append(d.place, i/d.h*d.mcusX*d.h+i%d.h)
	}
	for _, sc := range s.comps[1:] {
		c := &f.Components[sc.comp]
		for range c.H * c.V {
			d.plan = append(d.plan, sc.dc)
		}
	}
	return d
}

// rows is how many of the luma's rows of blocks a row of MCUs holds.
func (d *dcScan) rows(my int) int { return min(d.v, d.f.Components[0].blocksY-my*d.v) }

// dc codes a DC scan anew, for the luma alone and in its order.
func (p *progressive) dc(s *scan, in *entropy) error {
	luma, d := &p.f.Components[0], p.f.newDCScan(s, in)
	w := bitWriter{b: grow(p.mem.out, 4*luma.blocksX*luma.blocksY+slack)}
	p.begin(0)
	if s.ah == 0 {
		coder := newDCCoder(s.comps[0].dc)
		if err := d.first(&w, coder); err != nil {
			return err
		}
		p.dst = appendHuffman(p.dst, 0, 0, &coder.table)
	} else if err := d.refine(&w); err != nil {
		return err
	}
	p.mem.out = w.flush()
	p.dst = stuff(appendGrayScan(p.dst, p.f, s), p.mem.out)
	return nil
}

// first recodes a first DC scan. Differences that cannot be coded are reported
// only when all of the scan is seen to be sound.
func (d *dcScan) first(w *bitWriter, coder *dcCoder) error {
	luma := &d.f.Components[0]
	stride := d.mcusX * d.h
	values := make([]int32, d.v*stride)
	var diffs [maxBlocks]int32
	var pred, last int32 // in the file, in the gray file
	fits := true
	for my := range d.mcusY {
		for mx := range d.mcusX {
			restarted, err := d.walk.mcu()
			if err != nil {
				return err
			}
			if restarted {
				pred = 0
			}
			if !d.mcuFirst(&diffs) {
				return d.walk.damaged()
			}
			for i, at := range d.place {
				pred += diffs[i%maxBlocks]
				values[at+mx*d.h] = pred
			}
		}
		for y := range d.rows(my) {
			if fits {
				last, fits = coder.putRow(w, values[y*stride:][:luma.blocksX], last)
			}
		}
	}
	if err := d.walk.end(); err != nil {
		return err
	}
	if !fits {
		return &UnsupportedError{d.s.offset, "a DC difference that the file's table cannot take"}
	}
	return nil
}

// mcuFirst reads the DC differences of an MCU of a first DC scan. It reports
// false if the bits are none.
//
// Neither the sizes of differences nor their signs can be foreseen, so they
// decide no branch, except that long codes are looked up elsewhere.
func (d *dcScan) mcuFirst(diffs *[maxBlocks]int32) bool {
	r := &d.walk.r
	b, p, acc, n := r.b, r.p, r.bits, r.n
	for i, h := range d.plan {
		acc |= binary.BigEndian.Uint64(b[p:]) >> (n & 63)
		p += int((63 - n) >> 3)
		n |= 56
		e := uint(h.fast[acc>>56])
		cat, l := e>>8, e&255
		if e == 0 {
			var sym uint8
			if sym, l = h.decodeLong(acc); l == 0 {
				return false
			}
			cat = uint(sym)
		}
		v := acc << (l & 63)
		acc <<= (l + cat) & 63
		n -= l + cat
		// A value whose first bit is 0 is negative (F.2.2.1).
		low := int32(-1)<<(cat&15) + 1
		diffs[i%maxBlocks] = int32(v>>1>>((63-cat)&63)) + low&^int32(int64(v)>>63)
	}
	r.p, r.bits, r.n = p, acc, n
	return true
}

// refine repacks the bits of a correcting DC scan. Each row of blocks has a
// writer of its own until a row of MCUs is complete.
func (d *dcScan) refine(w *bitWriter) error {
	blocksX := d.f.Components[0].blocksX
	rows := make([]bitWriter, d.v)
	for y := range rows {
		rows[y].b = make([]byte, d.mcusX*d.h/8+16)
	}
	h, mcu := uint(d.h), uint(len(d.plan))
	for my := range d.mcusY {
		for range d.mcusX {
			if _, err := d.walk.mcu(); err != nil {
				return err
			}
			r := &d.walk.r
			r.refill()
			bits := r.bits
			for y := range rows {
				rows[y].put(bits>>(64-h), h)
				bits <<= h
			}
			r.skip(mcu)
		}
		for y := range rows {
			b := rows[y].flush()
			if y < d.rows(my) {
				w.copyBits(b[:len(b)+8], 0, blocksX)
			}
			rows[y].o, rows[y].n, rows[y].acc = 0, 0, 0
		}
	}
	return d.walk.end()
}
