package jpeg

import "context"

// At an eighth, a sample is made of the DC of a block and nothing else.

// dcReader reads the DCs of a file.
type dcReader struct {
	f      *File
	wanted int        // components
	values [4][]int16 // of each component, row by row over whole MCUs; nil before its first scan
	memory *[4][]int16
}

// decodeEighth is Decode at a scale of 8.
func (f *File) decodeEighth(ctx context.Context, wanted int, reuse *Planes, mem *Scratch) (*Planes, error) {
	d := &dcReader{f: f, wanted: wanted, memory: &mem.dcValues}
	var err error
	if f.Progressive {
		err = d.progressive(ctx, mem)
	} else {
		err = f.eachScan(wanted, func(s *scan) error { return d.sequential(ctx, s, mem) })
	}
	if err != nil {
		return nil, err
	}
	p := f.newPlanes(wanted, 1, reuse)
	for i := range p.Planes {
		to := &p.Planes[i]
		t := mem.inverses.get(f.Components[i].quant, 1)
		mem.last = grow(mem.last, to.Stride)
		clear(mem.last)
		for y := 0; y*to.Stride < len(to.Pix); y++ {
			t.row(d.values[i][y*to.Stride:][:to.Stride], mem.last, to.Pix[y*to.Stride:], to.Stride)
		}
	}
	return p, nil
}

// dcTarget is where the DC of a block of an MCU goes. values is nil for a
// component that is not wanted.
type dcTarget struct {
	comp   int
	values []int16
	at     int // from the MCU's corner
	dx, dy int // from an MCU to the next, to the right and down
	skip   *blockSkipper
}

// targets returns where the blocks of an MCU go.
func (d *dcReader) targets(s *scan) []dcTarget {
	var out []dcTarget
	for _, sc := range s.comps {
		c := &d.f.Components[sc.comp]
		h, v, columns := c.H, c.V, d.f.mcusX*c.H
		if sc.comp < d.wanted && d.values[sc.comp] == nil {
			n := columns * d.f.mcusY * c.V
			if cap(d.memory[sc.comp]) < n {
				d.memory[sc.comp] = make([]int16, n)
			}
			d.values[sc.comp] = d.memory[sc.comp][:n]
			clear(d.values[sc.comp]) // a scan of one component leaves out blocks beyond the picture
		}
		if len(s.comps) == 1 {
			h, v = 1, 1
		}
		for i := range h * v {
			out = append(out, dcTarget{comp: sc.comp, values: d.values[sc.comp], at: i/h*columns + i%h, dx: h, dy: v * columns})
		}
	}
	return out
}

// sequential reads the DCs of a sequential scan. It is enough to know where
// blocks begin, which two cursors find out faster than one reader reads.
func (d *dcReader) sequential(ctx context.Context, s *scan, mem *Scratch) error {
	if err := mem.in.unstuff(s, d.f.restarts(s)); err != nil {
		return err
	}
	targets := d.targets(s)
	mcusX, mcusY := d.f.mcus(s)
	walk := d.f.walkBlocks(s, mcusX*mcusY, mem)
	for i := range targets {
		targets[i].skip = walk.plan[i].s
	}
	var pred [4]int32
	x, y := 0, 0
	for walk.left > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		ends, start, restarted, err := walk.next()
		if err != nil {
			return err
		}
		if restarted {
			pred = [4]int32{}
		}
		for at := uint64(start) << atShift; len(ends) > 0; ends = ends[len(targets):] {
			for i := range targets {
				t := &targets[i]
				bits := load(mem.in.b, at)
				at = ends[i]
				e := int32(t.skip.diffs[bits>>(64-skipBits)])
				diff := e >> 4
				if e == 0 {
					diff, _ = t.skip.dc.diff(bits)
				}
				t.put(&pred, diff, 0, x, y)
			}
			if x++; x == mcusX {
				x, y = 0, y+1
			}
		}
	}
	return walk.finish()
}

// put notes a DC by its difference.
func (t *dcTarget) put(pred *[4]int32, diff int32, al uint8, x, y int) {
	p := &pred[t.comp&3]
	*p += diff
	if t.values != nil {
		t.values[t.at+x*t.dx+y*t.dy] = int16(*p << al)
	}
}

// progressive reads the DC scans of a progressive file. AC scans are not looked
// at.
func (d *dcReader) progressive(ctx context.Context, mem *Scratch) error {
	var done [4]progress
	for i := range d.f.scans {
		s := &d.f.scans[i]
		if s.ss > 0 || s.comps[0].comp >= d.wanted {
			continue
		}
		for _, c := range s.comps {
			if !done[c.comp].admits(s) {
				return &FormatError{s.offset, "a scan out of order"}
			}
		}
		for _, c := range s.comps {
			done[c.comp].add(s)
		}
		if err := d.scan(ctx, s, mem); err != nil {
			return err
		}
	}
	for _, v := range d.values[:d.wanted] {
		if v == nil {
			return &FormatError{d.f.size, "no scan of a component"}
		}
	}
	return nil
}

// scan reads a DC scan.
func (d *dcReader) scan(ctx context.Context, s *scan, mem *Scratch) error {
	if err := mem.in.unstuff(s, d.f.restarts(s)); err != nil {
		return err
	}
	targets, in := d.targets(s), d.f.newDCScan(s, &mem.in)
	var diffs [maxBlocks]int32
	var pred [4]int32
	for y := range in.mcusY {
		if err := ctx.Err(); err != nil {
			return err
		}
		for x := range in.mcusX {
			restarted, err := in.walk.mcu()
			if err != nil {
				return err
			}
			if restarted {
				pred = [4]int32{}
			}
			if s.ah > 0 {
				correctDC(&in.walk.r, targets, s.al, x, y)
				continue
			}
			if !in.mcuFirst(&diffs) {
				return in.walk.damaged()
			}
			for i := range targets {
				targets[i].put(&pred, diffs[i%maxBlocks], s.al, x, y)
			}
		}
	}
	return in.walk.end()
}

// correctDC reads the bits of an MCU in a correcting scan.
func correctDC(r *bitReader, targets []dcTarget, al uint8, x, y int) {
	r.refill()
	for i := range targets {
		if t := &targets[i]; t.values != nil {
			t.values[t.at+x*t.dx+y*t.dy] |= int16(r.bits >> 63 << al)
		}
		r.skip(1)
	}
}
