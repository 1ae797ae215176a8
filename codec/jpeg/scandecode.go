package jpeg

import "context"

// runMCUs is how many MCUs are read before their blocks are transformed: few
// enough for a cache of the first level, enough to call a kernel for.
const runMCUs = 16

// scanDecoder decodes a sequential scan, a run of MCUs at a time.
type scanDecoder struct {
	size         int // samples that a block becomes, each way
	mcusX, mcusY int
	readers      [4]blockReader
	rows         []blockRow
	targets      []target   // the blocks of an MCU
	run          *runReader // nil: there is no kernel
	x, y, m      int        // column and row of the run's first MCU, and MCUs read behind it
}

// blockRow is the blocks of a run that lie side by side in a component.
type blockRow struct {
	plane *Plane
	t     *inverse
	h     int // blocks of an MCU
	y, v  int // which row of blocks of an MCU's v
	coefs []int16
	last  []uint8
}

// target is where a block of an MCU goes: it is block at of the row, and h
// blocks further with every MCU. row is nil for components that are not wanted.
type target struct {
	in  *blockReader
	row *blockRow
	at  int
}

func (f *File) newScanDecoder(p *Planes, s *scan, size int, mem *Scratch) *scanDecoder {
	d := &scanDecoder{size: size, rows: make([]blockRow, 0, maxBlocks), targets: make([]target, 0, maxBlocks)}
	d.mcusX, d.mcusY = f.mcus(s)
	low, area := lowests[size], size*size
	blocks := 0
	for i, sc := range s.comps {
		c := &f.Components[sc.comp]
		h, v := c.H, c.V
		if len(s.comps) == 1 {
			h, v = 1, 1
		}
		in, tables := &d.readers[i], mem.skippers.get(sc)
		*in = blockReader{tables: tables, pairs: tables.pairTable(), low: low}
		for y := range v {
			var row *blockRow
			if sc.comp < len(p.Planes) {
				d.rows = append(d.rows, blockRow{plane: &p.Planes[sc.comp], h: h, y: y, v: v, t: mem.inverses.get(c.quant, size)})
				row = &d.rows[len(d.rows)-1]
				blocks += runMCUs * h
			}
			for x := range h {
				d.targets = append(d.targets, target{in, row, x})
			}
		}
	}
	mem.coefs = growCoefs(mem.coefs, (blocks+len(d.rows))*area+blockRoom)
	mem.last = grow(mem.last, blocks)
	coefs, last := mem.coefs, mem.last
	for i := range d.rows {
		r := &d.rows[i]
		n := runMCUs * r.h
		// A block more, for what is nowhere.
		r.coefs, coefs = coefs[:n*area+blockRoom], coefs[(n+1)*area:]
		r.last, last = last[:n], last[n:]
	}
	d.run = newRunReader(d, low)
	return d
}

func (f *File) decodeScan(ctx context.Context, p *Planes, s *scan, size int, mem *Scratch) error {
	if err := mem.in.unstuff(s, f.restarts(s)); err != nil {
		return err
	}
	d := f.newScanDecoder(p, s, size, mem)
	defer clear(mem.coefs)
	if size > 2 {
		return d.inOrder(ctx, f.newWalk(&mem.in, s))
	}
	if d.run != nil { // which is faster than to look for places
		err := d.inOrder(ctx, f.newWalk(&mem.in, s))
		if err == nil || ctx.Err() != nil {
			return err
		}
		// Let errors not depend on whether there is a kernel.
		clear(mem.coefs)
		d = f.newScanDecoder(p, s, size, mem)
	}
	return d.byPlaces(ctx, f.walkBlocks(s, d.mcusX*d.mcusY, mem))
}

// inOrder reads one MCU behind the other.
func (d *scanDecoder) inOrder(ctx context.Context, walk *walk) error {
	for d.y < d.mcusY {
		if err := ctx.Err(); err != nil {
			return err
		}
		for y := d.y; d.y == y; {
			n, restarted, err := walk.take(min(runMCUs-d.m, d.mcusX-d.x-d.m))
			if err != nil {
				return err
			}
			if restarted {
				d.restart()
			}
			if err := d.read(walk, n); err != nil {
				return err
			}
		}
	}
	return walk.end()
}

// read reads n MCUs.
func (d *scanDecoder) read(walk *walk, n int) error {
	at, end, sound := uint64(walk.r.pos()), uint64(8*walk.in.ends[walk.segment]), true
	for sound && n > 0 {
		blocks := 0
		if d.run != nil {
			blocks, at = d.run.read(walk.in.b, at, end, d.m, n)
		}
		if mcus := blocks / len(d.targets); mcus > 0 {
			n -= mcus
			d.next(mcus)
		}
		if n == 0 {
			break
		}
		if at, sound = d.mcu(walk.in.b, at, blocks%len(d.targets)); sound {
			sound = at <= end
			n--
			d.next(1)
		}
	}
	walk.r = readerAt(walk.in.b, int(at))
	switch {
	case sound:
		return nil
	case at > end:
		return walk.bad("the entropy-coded data ends too early")
	}
	return walk.damaged()
}

// byPlaces reads blocks of which it is known where they begin. If little is
// wanted of each, that costs less than reading them to their ends in order:
// looking for places is what two cursors do at once.
func (d *scanDecoder) byPlaces(ctx context.Context, walk *blockWalk) error {
	for walk.left > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		ends, start, restarted, err := walk.next()
		if err != nil {
			return err
		}
		if restarted {
			d.restart()
		}
		for at := uint64(start) << atShift; len(ends) > 0; ends = ends[len(d.targets):] {
			d.mcuAt(walk.in.b, at, ends)
			at = ends[len(d.targets)-1]
			d.next(1)
		}
	}
	return walk.finish()
}

// restart lets DC prediction begin anew.
func (d *scanDecoder) restart() {
	for i := range d.readers {
		d.readers[i].pred = 0
	}
}

// mcu reads what is left of an MCU from a block on that begins at a position in
// bits, and returns the one behind it. It reports false if the bits are none.
func (d *scanDecoder) mcu(b []byte, at uint64, from int) (next uint64, ok bool) {
	for i := from; i < len(d.targets); i++ {
		t := &d.targets[i]
		if t.row == nil {
			at, ok = t.in.skip(b, at)
		} else {
			var k uint
			n := d.m*t.row.h + t.at
			at, k, ok = t.in.read(b, at, (*[blockRoom]int16)(t.row.coefs[n*d.size*d.size:]))
			t.row.last[n] = uint8(k & 63)
			if ok && k < pairEnd {
				at, ok = t.in.skipRest(b, at, k)
			}
		}
		if !ok {
			return at, false
		}
	}
	return at, true
}

// mcuAt reads the MCU that begins at a place of a cursor, and whose blocks end
// at others.
func (d *scanDecoder) mcuAt(b []byte, at uint64, ends []uint64) {
	for i := range d.targets {
		t := &d.targets[i]
		if t.row != nil {
			n := d.m*t.row.h + t.at
			_, k, _ := t.in.read(b, at>>atShift, (*[blockRoom]int16)(t.row.coefs[n*d.size*d.size:]))
			t.row.last[n] = uint8(k & 63)
		}
		at = ends[i]
	}
}

// next goes on by MCUs of the run, and makes samples of one that is complete.
func (d *scanDecoder) next(mcus int) {
	d.m += mcus
	if d.m < runMCUs && d.x+d.m < d.mcusX {
		return
	}
	for i := range d.rows {
		r := &d.rows[i]
		at := (d.y*r.v+r.y)*d.size*r.plane.Stride + d.x*r.h*d.size
		n := d.m * r.h
		r.t.row(r.coefs[:n*d.size*d.size], r.last[:n], r.plane.Pix[at:], r.plane.Stride)
	}
	d.x, d.m = d.x+d.m, 0
	if d.x == d.mcusX {
		d.x, d.y = 0, d.y+1
	}
}
