package jpeg

import (
	"context"
	"fmt"
)

// DecodeOptions say what of a picture is decoded. The zero value is all of it.
type DecodeOptions struct {
	Components int // only the first so many components; 1: the luma, if there is one. 0: all
	// Scale makes the picture smaller: 2, 4 or 8 give one sample for so many by so
	// many of the file's. 0 and 1 give all samples.
	Scale int
	// Reuse are planes that nobody needs any more: the result takes their memory
	// where it suffices. May be nil.
	Reuse *Planes
}

// Decode returns the samples of f, each component in its own resolution. They
// are, to the bit, those of libjpeg-turbo's accurate integer transform
// (JDCT_ISLOW), before it scales components up or converts colours.
//
// With a scale of n, sample i of a row or column covers samples n*i to n*i+n of
// the component, of which the last may be beyond the edge of the picture. It is
// made of those coefficients of its block alone that 8/n samples can show, by the
// inverse DCT of that length, so that nothing is shifted; Width and Height are
// rounded up. Of a progressive file, scans that bring no such coefficient are
// not read.
//
// The planes hold whole blocks, so rows and columns may be there beyond Width
// and Height, of no meaning. They are the caller's. Memory is taken for what the
// header declares: one byte for each sample; at a scale of 8 two more for each,
// at others of progressive files two and an eighth for each of the unscaled. A
// file of a few hundred bytes may declare 65535x65535 pixels, so look at f.Width
// and f.Height first.
//
// Errors are as for Coefficients, but damage in what need not be read may go
// unnoticed.
func (f *File) Decode(ctx context.Context, o DecodeOptions, mem *Scratch) (*Planes, error) {
	size := 8
	switch o.Scale {
	case 0, 1:
	case 2, 4, 8:
		size = 8 / o.Scale
	default:
		return nil, fmt.Errorf("a scale of 1/%d, it is 1/1, 1/2, 1/4 or 1/8", o.Scale)
	}
	wanted := len(f.Components)
	if o.Components > 0 {
		wanted = min(wanted, o.Components)
	}
	if size == 1 && !f.salvage {
		return f.decodeEighth(ctx, wanted, o.Reuse, mem)
	}
	if f.Progressive || f.salvage {
		r, err := f.readCoefficients(ctx, wanted, size, mem)
		if err != nil {
			return nil, err
		}
		p := f.newPlanes(wanted, size, o.Reuse)
		r.samples(p, size)
		return p, nil
	}
	p := f.newPlanes(wanted, size, o.Reuse)
	if err := f.eachScan(wanted, func(s *scan) error { return f.decodeScan(ctx, p, s, size, mem) }); err != nil {
		return nil, err
	}
	return p, nil
}

// newPlanes returns planes for the first so many components, a block of which
// becomes size x size samples. They may take the memory of others.
func (f *File) newPlanes(wanted, size int, reuse *Planes) *Planes {
	scaled := func(samples int) int { return ceilDiv(samples*size, 8) }
	p := &Planes{Width: scaled(f.Width), Height: scaled(f.Height), Color: f.Color, Planes: make([]Plane, wanted)}
	for i := range p.Planes {
		c := &f.Components[i]
		stride := size * f.mcusX * c.H
		var pix []byte
		if reuse != nil && i < len(reuse.Planes) {
			pix = reuse.Planes[i].Pix
		}
		p.Planes[i] = Plane{
			H: c.H, V: c.V,
			Width: scaled(ceilDiv(f.Width*c.H, f.hmax)), Height: scaled(ceilDiv(f.Height*c.V, f.vmax)),
			Stride: stride,
			Pix:    grow(pix, stride*size*f.mcusY*c.V),
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
