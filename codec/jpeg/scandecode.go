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
	targets      []target // the blocks of an MCU
	x, y, m      int      // column and row of the run's first MCU, and MCUs read behind it
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
// blocks further with every MCU. in is nil for components that are not wanted.
type target struct {
	in   *blockReader
	row  *blockRow
	at   int
	skip *blockSkipper
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
		skip := mem.skippers.get(sc)
		in := &d.readers[i]
		*in = blockReader{dc: mem.dcs.get(sc.dc, (*huffman).differences), ac: mem.pairs.get(sc.ac), low: low}
		for y := range v {
			if sc.comp < len(p.Planes) {
				d.rows = append(d.rows, blockRow{plane: &p.Planes[sc.comp], h: h, y: y, v: v, t: mem.inverses.get(c.quant, size)})
				blocks += runMCUs * h
			}
			for x := range h {
				t := target{skip: skip}
				if sc.comp < len(p.Planes) {
					t = target{in, &d.rows[len(d.rows)-1], x, skip}
				}
				d.targets = append(d.targets, t)
			}
		}
	}
	mem.coefs = growCoefs(mem.coefs, (blocks+len(d.rows))*area)
	mem.last = grow(mem.last, blocks)
	coefs, last := mem.coefs, mem.last
	for i := range d.rows {
		r := &d.rows[i]
		n := runMCUs * r.h
		// A block more, for what is nowhere.
		r.coefs, coefs = coefs[:(n+1)*area], coefs[(n+1)*area:]
		r.last, last = last[:n], last[n:]
	}
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
	return d.byPlaces(ctx, f.walkBlocks(s, d.mcusX*d.mcusY, mem))
}

// inOrder reads one MCU behind the other.
func (d *scanDecoder) inOrder(ctx context.Context, walk *walk) error {
	for range d.mcusY {
		if err := ctx.Err(); err != nil {
			return err
		}
		for range d.mcusX {
			restarted, err := walk.mcu()
			if err != nil {
				return err
			}
			if restarted {
				d.restart()
			}
			if !d.mcu(&walk.r) {
				return walk.damaged()
			}
			d.next()
		}
	}
	return walk.end()
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
			d.next()
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

// mcu reads an MCU. It reports false if the bits are none.
func (d *scanDecoder) mcu(r *bitReader) bool {
	for i := range d.targets {
		t := &d.targets[i]
		if t.in == nil {
			if !t.skip.skipBlock(r) {
				return false
			}
			continue
		}
		row := t.row
		n := d.m*row.h + t.at
		last, ends, ok := t.in.read(r, row.coefs[n*d.size*d.size:])
		if !ok || !ends && !t.in.ac.skipRest(r, last) {
			return false
		}
		row.last[n] = uint8(last)
	}
	return true
}

// mcuAt reads the MCU that begins at a place of a cursor, and whose blocks end
// at others.
func (d *scanDecoder) mcuAt(b []byte, at uint64, ends []uint64) {
	for i := range d.targets {
		t := &d.targets[i]
		if t.in != nil {
			n := d.m*t.row.h + t.at
			r := readerAt(b, int(at>>atShift))
			last, _, _ := t.in.read(&r, t.row.coefs[n*d.size*d.size:])
			t.row.last[n] = uint8(last)
		}
		at = ends[i]
	}
}

// next goes to the next MCU, and makes samples of a run that is complete.
func (d *scanDecoder) next() {
	d.m++
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
