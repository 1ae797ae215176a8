package jpeg

import "context"

// Coefficients reads all scans of f. The result is the caller's.
//
// Damage is an error, as is a scan out of order or a component without a scan;
// if f is from ParseDamaged, it is noted in f.Damage instead, and what could not
// be read is 0, which is gray. Values that do not fit an int16 wrap around, as
// they do in libjpeg. Blocks beyond the edge of the picture that are not in the
// file get the DC of the block that is coded before them.
//
// It ends with ctx's error soon after ctx is done.
//
// Memory is taken for what the header declares, two bytes and an eighth for
// each sample: a file of a few hundred bytes may declare 65535x65535 pixels, so
// look at f.Width and f.Height first.
func (f *File) Coefficients(ctx context.Context, mem *Scratch) (*Coefficients, error) {
	r, err := f.readCoefficients(ctx, len(f.Components), 8, mem)
	if err != nil {
		return nil, err
	}
	return r.out, nil
}

// readCoefficients reads of the first so many components the coefficients that
// size x size samples of a block are made of. Scans that need not be read for
// that are not looked at.
func (f *File) readCoefficients(ctx context.Context, wanted, size int, mem *Scratch) (*coefficientReader, error) {
	r := &coefficientReader{ctx: ctx, f: f, mem: mem, out: f.newCoefficients(wanted)}
	var err error
	if f.Progressive {
		err = r.progressive(lowests[size].limit)
	} else {
		err = f.eachScan(wanted, r.scan)
	}
	if err != nil {
		return nil, err
	}
	for i := range r.out.Components {
		if r.alone[i] {
			r.out.Components[i].fillEdge(f.Components[i].blocksX, f.Components[i].blocksY)
		}
	}
	return r, nil
}

func (f *File) newCoefficients(wanted int) *Coefficients {
	out := &Coefficients{Width: f.Width, Height: f.Height, Color: f.Color, Components: make([]CoefficientPlane, wanted)}
	for i := range out.Components {
		c := &f.Components[i]
		p := &out.Components[i]
		*p = CoefficientPlane{ID: c.ID, H: c.H, V: c.V, Columns: f.mcusX * c.H, Rows: f.mcusY * c.V}
		p.Blocks = make([]Block, p.Columns*p.Rows)
		if c.quant == nil { // no scan of it
			continue
		}
		for k, q := range c.quant.q {
			p.Quant[zigzag[k]] = q
		}
	}
	return out
}

// coefficientReader reads scans into coefficients.
type coefficientReader struct {
	ctx   context.Context
	f     *File
	mem   *Scratch
	out   *Coefficients
	alone [4]bool // the component's DC came without the others'
	bands [4]bands
	spare Block // for what is not wanted

	// Of the scan that is being read:
	s      *scan
	dcs    [4]coder
	acs    [4]coder
	pred   [4]int32
	eobrun int // blocks that have nothing in this scan
}

// scan reads one scan. Behind damage it goes on at the next restart, if that is
// wanted.
func (r *coefficientReader) scan(s *scan) error {
	in := &r.mem.in
	if err := in.unstuff(s, r.f.restarts(s)); err != nil {
		if err := r.f.damage(err); err != nil {
			return err
		}
	}
	mcusX, mcusY := r.begin(s)
	walk := r.f.newWalk(in, s)
	total := mcusX * mcusY
	if b := &r.bands[s.comps[0].comp]; s.ss > 0 && s.ah > 0 && b.lost > 0 {
		total = min(total, b.lost-1)
	}
	for n, x, y := 0, 0, 0; n < total; {
		if x == 0 {
			if err := r.ctx.Err(); err != nil {
				return err
			}
		}
		if r.eobrun > 0 {
			if idle := walk.pass(r.idle(x, y, min(mcusX-x, total-n))); idle > 0 {
				r.eobrun -= idle
				if n, x = n+idle, x+idle; x == mcusX {
					x, y = 0, y+1
				}
				continue
			}
		}
		restarted, err := walk.mcu()
		if restarted {
			r.pred, r.eobrun = [4]int32{}, 0
		}
		if err == nil && !r.mcu(&walk.r, x, y) {
			err = walk.damaged()
		}
		if err == nil {
			n++
			if x++; x == mcusX {
				x, y = 0, y+1
			}
			continue
		}
		if err := r.f.damage(err); err != nil {
			return err
		}
		r.lost(n)
		var ok bool
		if n, ok = walk.resume(); !ok {
			return nil
		}
		x, y = n%mcusX, n/mcusX
		r.pred, r.eobrun = [4]int32{}, 0
	}
	if err := walk.end(); err != nil {
		return r.f.damage(err)
	}
	return nil
}

// begin prepares for a scan and returns how many MCUs it has.
func (r *coefficientReader) begin(s *scan) (mcusX, mcusY int) {
	r.s, r.pred, r.eobrun = s, [4]int32{}, 0
	for i, c := range s.comps {
		if c.dc != nil {
			r.dcs[i] = r.mem.dcs.get(c.dc, (*huffman).differences)
		}
		if c.ac != nil {
			r.acs[i] = r.mem.acs.get(c.ac, (*huffman).values)
		}
	}
	if s.ss == 0 {
		for _, c := range s.comps {
			r.alone[c.comp] = len(s.comps) == 1
		}
	}
	return r.f.mcus(s)
}

// mcu reads the MCU at column x and row y. It reports false if the bits are
// none.
func (r *coefficientReader) mcu(in *bitReader, x, y int) bool {
	if len(r.s.comps) == 1 {
		return r.block(in, 0, x, y)
	}
	for i, sc := range r.s.comps {
		c := &r.f.Components[sc.comp]
		for v := range c.V {
			for h := range c.H {
				if !r.block(in, i, x*c.H+h, y*c.V+v) {
					return false
				}
			}
		}
	}
	return true
}

// block reads what a scan has of the block at column x and row y of its
// component i.
func (r *coefficientReader) block(in *bitReader, i, x, y int) bool {
	comp := r.s.comps[i].comp
	var b *Block
	at := 0
	if comp < len(r.out.Components) {
		p := &r.out.Components[comp]
		at = y*p.Columns + x
		b = &p.Blocks[at]
	} else {
		b = &r.spare
	}
	switch {
	case !r.f.Progressive:
		return r.dcFirst(in, i, b) && r.acs[i].sequential(in, b)
	case r.s.ss > 0 && r.s.ah == 0:
		return r.acFirst(in, b, at)
	case r.s.ss > 0:
		return r.acRefine(in, b, at)
	case r.s.ah == 0:
		return r.dcFirst(in, i, b)
	}
	in.refill()
	b[0] |= int16(in.bits >> 63 << r.s.al)
	in.skip(1)
	return true
}

// dcFirst reads a DC coefficient (F.2.2.1, G.1.2.1).
func (r *coefficientReader) dcFirst(in *bitReader, i int, b *Block) bool {
	in.refill()
	e := r.dcs[i].table[in.bits>>(64-lookBits)]
	diff := int32(e) >> 16
	if e&63 > 0 {
		in.skip(uint(e & 63))
	} else {
		var ok bool
		if diff, _, ok = r.dcs[i].h.dcDiff(in); !ok {
			return false
		}
	}
	r.pred[i] += diff
	b[0] = int16(r.pred[i] << r.s.al)
	return true
}

// sequential reads the AC coefficients of a block (F.2.2.2).
func (c *coder) sequential(r *bitReader, b *Block) bool {
	for k := uint(0); k < 63; {
		r.refill()
		v, run, size, ok := c.next(r)
		switch {
		case !ok:
			return false
		case size > 0:
			if k += run + 1; k > 63 {
				return false
			}
			b[zigzag[k]&63] = int16(v)
		case run == 0:
			return true
		case run == 15:
			if k += 16; k > 63 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// next reads a symbol, with its value if its size is not 0. It wants 31 bits.
func (c *coder) next(r *bitReader) (v int32, run, size uint, ok bool) {
	e := c.table[r.bits>>(64-lookBits)]
	if v = int32(e) >> 16; v != 0 {
		r.skip(uint(e & 63))
		return v, uint(e>>6&31) - 1, 1, true
	}
	sym, l := uint8(e>>8), uint(e&63)
	if l == 0 {
		if sym, l = c.h.decode(r.bits); l == 0 {
			return 0, 0, 0, false
		}
	}
	r.skip(l)
	size = uint(sym & 15)
	if size > 0 {
		v = extend(uint32(r.bits>>(64-size)), size)
		r.skip(size)
	}
	return v, uint(sym >> 4), size, true
}
