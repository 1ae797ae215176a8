package jpeg

import "context"

// dcReader reads the DC scans of a progressive file, which are all that a
// picture of an eighth needs.
type dcReader struct {
	f      *File
	values [4][]int16 // of each component, row by row over whole MCUs
}

// readDC reads the DC of the first so many components. AC scans are not looked
// at.
func (f *File) readDC(ctx context.Context, wanted int, mem *Scratch) (*dcReader, error) {
	d := &dcReader{f: f}
	var done [4]progress
	for i := range f.scans {
		s := &f.scans[i]
		if s.ss > 0 || s.comps[0].comp >= wanted {
			continue
		}
		for _, c := range s.comps {
			if !done[c.comp].admits(s) {
				return nil, &FormatError{s.offset, "a scan out of order"}
			}
		}
		for _, c := range s.comps {
			done[c.comp].add(s)
		}
		if err := d.scan(ctx, s, mem); err != nil {
			return nil, err
		}
	}
	for i := range wanted {
		if d.values[i] == nil {
			return nil, &FormatError{f.size, "no scan of a component"}
		}
	}
	return d, nil
}

// dcTarget is where the DC of a block of an MCU goes.
type dcTarget struct {
	comp   int
	at     int // from the MCU's corner
	values []int16
	dx, dy int // from an MCU to the next, to the right and down
}

// targets returns where the blocks of an MCU go.
func (d *dcReader) targets(s *scan) []dcTarget {
	var out []dcTarget
	for _, sc := range s.comps {
		c := &d.f.Components[sc.comp]
		h, v, columns := c.H, c.V, d.f.mcusX*c.H
		if d.values[sc.comp] == nil {
			d.values[sc.comp] = make([]int16, columns*d.f.mcusY*c.V)
		}
		if len(s.comps) == 1 {
			h, v = 1, 1
		}
		for i := range h * v {
			out = append(out, dcTarget{sc.comp, i/h*columns + i%h, d.values[sc.comp], h, v * columns})
		}
	}
	return out
}

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
				in.correct(targets, x, y)
				continue
			}
			if !in.mcuFirst(&diffs) {
				return in.walk.damaged()
			}
			for i := range targets {
				t := &targets[i]
				p := &pred[t.comp&3]
				*p += diffs[i%maxBlocks]
				t.values[t.at+x*t.dx+y*t.dy] = int16(*p << s.al)
			}
		}
	}
	return in.walk.end()
}

// correct reads the bits of an MCU of a correcting scan.
func (d *dcScan) correct(targets []dcTarget, x, y int) {
	r := &d.walk.r
	r.refill()
	for i := range targets {
		t := &targets[i]
		t.values[t.at+x*t.dx+y*t.dy] |= int16(r.bits >> 63 << d.s.al)
		r.skip(1)
	}
}

// samples makes a sample of each DC.
func (d *dcReader) samples(p *Planes, mem *Scratch) {
	for i := range p.Planes {
		to := &p.Planes[i]
		t := mem.inverses.get(d.f.Components[i].quant, 1)
		mem.last = grow(mem.last, to.Stride)
		clear(mem.last)
		for y := 0; y*to.Stride < len(to.Pix); y++ {
			t.row(d.values[i][y*to.Stride:][:to.Stride], mem.last, to.Pix[y*to.Stride:], to.Stride)
		}
	}
}
