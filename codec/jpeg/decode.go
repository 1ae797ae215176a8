package jpeg

import "context"

// DecodeOptions say what of a picture is decoded. The zero value is all of it.
type DecodeOptions struct {
	Components int // only the first so many components; 1: the luma, if there is one. 0: all
	// Scale makes planes smaller: 2, 4 or 8 give a sample for so many by so many
	// of the file's. 0 and 1 give all samples.
	Scale int
}

// Decode returns the samples of f, each component in its own resolution. They
// are, to the bit, those of libjpeg-turbo's accurate integer transform
// (JDCT_ISLOW), before it scales components up or converts colours.
//
// The planes hold whole blocks: Stride is a multiple of 8, so is the number of
// rows in Pix, and samples beyond Width and Height are of no meaning. They are
// the caller's. Memory is taken for what the header declares, for progressive
// files two bytes more for each sample: a file of a few hundred bytes may
// declare 65535x65535 pixels, so look at f.Width and f.Height first.
//
// Errors are as for Coefficients, but damage in components that are not asked
// for may go unnoticed.
func (f *File) Decode(ctx context.Context, o DecodeOptions, mem *Scratch) (*Planes, error) {
	p, err := f.decode(ctx, o, mem)
	if err == nil && o.Scale > 1 {
		p.shrink(o.Scale)
	}
	return p, err
}

// shrink is a placeholder.
func (p *Planes) shrink(s int) {
	for i := range p.Planes {
		c := &p.Planes[i]
		w, h := c.Stride/s, len(c.Pix)/c.Stride/s
		out := make([]byte, w*h)
		for y := range h {
			for x := range w {
				n := 0
				for v := range s {
					for u := range s {
						n += int(c.Pix[(y*s+v)*c.Stride+x*s+u])
					}
				}
				out[y*w+x] = byte((n + s*s/2) / (s * s))
			}
		}
		c.Pix, c.Stride, c.Width, c.Height = out, w, ceilDiv(c.Width, s), ceilDiv(c.Height, s)
	}
	p.Width, p.Height = ceilDiv(p.Width, s), ceilDiv(p.Height, s)
}

func (f *File) decode(ctx context.Context, o DecodeOptions, mem *Scratch) (*Planes, error) {
	wanted := len(f.Components)
	if o.Components > 0 {
		wanted = min(wanted, o.Components)
	}
	if f.Progressive || f.salvage {
		r, err := f.readCoefficients(ctx, wanted, mem)
		if err != nil {
			return nil, err
		}
		p := f.newPlanes(len(r.out.Components))
		r.samples(p, 8)
		return p, nil
	}
	p := f.newPlanes(wanted)
	if err := f.eachScan(wanted, func(s *scan) error { return f.decodeScan(ctx, p, s, mem) }); err != nil {
		return nil, err
	}
	return p, nil
}

// newPlanes returns planes for the first so many components.
func (f *File) newPlanes(wanted int) *Planes {
	p := &Planes{Width: f.Width, Height: f.Height, Color: f.Color, Planes: make([]Plane, wanted)}
	for i := range p.Planes {
		c := &f.Components[i]
		stride := 8 * f.mcusX * c.H
		p.Planes[i] = Plane{
			H: c.H, V: c.V,
			Width: ceilDiv(f.Width*c.H, f.hmax), Height: ceilDiv(f.Height*c.V, f.vmax),
			Stride: stride,
			Pix:    make([]byte, stride*8*f.mcusY*c.V),
		}
	}
	return p
}

// eachScan calls read for the scans of a sequential file that hold any of the
// first so many components, each of which must come once.
func (f *File) eachScan(wanted int, read func(*scan) error) error {
	var seen [4]bool
	for i := range f.scans {
		s := &f.scans[i]
		if s.comps[0].comp >= wanted {
			continue
		}
		again := false
		for _, c := range s.comps {
			again = again || seen[c.comp]
			seen[c.comp] = true
		}
		var err error
		if again {
			err = f.damage(&FormatError{s.offset, "a second scan of a component"})
		} else {
			err = read(s)
		}
		if err != nil {
			return err
		}
	}
	for _, ok := range seen[:wanted] {
		if !ok {
			return f.damage(&FormatError{f.size, "no scan of a component"})
		}
	}
	return nil
}

// target is where a block of an MCU goes: to which plane, and how many bytes
// from the corner that the MCU has there.
type target struct {
	in     *blockReader
	comp   int
	offset int
}

// scanDecoder decodes a sequential scan MCU by MCU.
type scanDecoder struct {
	p            *Planes
	mcusX, mcusY int
	readers      []blockReader
	targets      []target
	unwanted     []*blockSkipper // blocks of components that are not decoded
	corner       [4]int          // of the MCU, in each plane
	nextX        [4]int          // from an MCU to the one beside it
	nextY        [4]int          // from the end of a row of MCUs to the start of the next
	w            words
}

func (f *File) newScanDecoder(p *Planes, s *scan, mem *Scratch) *scanDecoder {
	d := &scanDecoder{p: p, readers: make([]blockReader, len(s.comps))}
	d.mcusX, d.mcusY = f.mcus(s)
	for i, sc := range s.comps {
		c := &f.Components[sc.comp]
		h, v := c.H, c.V
		if len(s.comps) == 1 {
			h, v = 1, 1
		}
		if sc.comp >= len(p.Planes) {
			sk := mem.skippers.get(sc)
			for range h * v {
				d.unwanted = append(d.unwanted, sk)
			}
			continue
		}
		in, stride := &d.readers[i], p.Planes[sc.comp].Stride
		*in = blockReader{
			dc: mem.dcs.get(sc.dc, (*huffman).differences), ac: mem.acs.get(sc.ac, (*huffman).values),
			slots: newSlots(c.quant),
		}
		for n := range h * v {
			d.targets = append(d.targets, target{in, sc.comp, n/h*8*stride + n%h*8})
		}
		d.nextX[sc.comp] = 8 * h
		d.nextY[sc.comp] = 8*v*stride - 8*h*d.mcusX
	}
	return d
}

// mcus returns how many MCUs a scan has in each direction. Those of a single
// component are its blocks, without any beyond the edge (A.2.2).
func (f *File) mcus(s *scan) (x, y int) {
	if len(s.comps) == 1 {
		c := &f.Components[s.comps[0].comp]
		return c.blocksX, c.blocksY
	}
	return f.mcusX, f.mcusY
}

// restarts returns how many restart segments a scan has.
func (f *File) restarts(s *scan) int {
	if s.restart == 0 {
		return 1
	}
	x, y := f.mcus(s)
	return ceilDiv(x*y, s.restart)
}

func (f *File) decodeScan(ctx context.Context, p *Planes, s *scan, mem *Scratch) error {
	if err := mem.in.unstuff(s, f.restarts(s)); err != nil {
		return err
	}
	d, walk := f.newScanDecoder(p, s, mem), f.newWalk(&mem.in, s)
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
				for i := range d.readers {
					d.readers[i].pred = 0
				}
			}
			if !d.mcu(&walk.r) {
				return walk.damaged()
			}
			for i, dx := range d.nextX {
				d.corner[i] += dx
			}
		}
		for i, dy := range d.nextY {
			d.corner[i] += dy
		}
	}
	return walk.end()
}

// mcu decodes one MCU to samples. It reports false if the bits are none.
func (d *scanDecoder) mcu(r *bitReader) bool {
	for i := range d.targets {
		t := &d.targets[i]
		last, energy, ok := t.in.read(r, &d.w)
		if !ok {
			return false
		}
		plane := &d.p.Planes[t.comp]
		dst := plane.Pix[d.corner[t.comp&3]+t.offset:]
		if energy > maxEnergy {
			idctAny(&d.w, dst, plane.Stride)
			continue
		}
		idct(&d.w, last, dst, plane.Stride)
	}
	for _, s := range d.unwanted {
		if !s.skipBlock(r) {
			return false
		}
	}
	return true
}
