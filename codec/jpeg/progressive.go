package jpeg

import "context"

// Luma splice of progressive files (T.81, annex G): the AC scans of luma are
// copied byte for byte, those of chroma are left out, and the DC scans, which
// interleave the components, are coded anew. What is copied is read to its end
// first, so that damage does not pass.

// progressive is the state of a splice between scans.
type progressive struct {
	f       *File
	mem     *Scratch
	dst     []byte
	restart int // as dst has it
	extra   int // bytes behind the last block of the scan that was read last
	done    progress
	seen    []uint64 // for each luma block the coefficients that are not 0; nil before the first AC scan
}

func (f *File) grayProgressive(ctx context.Context, dst []byte, segments []Segment, mem *Scratch) ([]byte, error) {
	if f.Components[0].quant == nil { // no scan has fixed it
		return nil, &FormatError{f.size, "no scan of the luma"}
	}
	p := &progressive{f: f, mem: mem, dst: f.appendGrayHead(dst, segments)}
	for i := range f.scans {
		s := &f.scans[i]
		if s.comps[0].comp != 0 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := p.scan(s); err != nil {
			return nil, err
		}
	}
	return append(p.dst, 0xff, mEOI), nil
}

func (p *progressive) scan(s *scan) error {
	if !p.done.admits(s) {
		return &FormatError{s.offset, "a scan out of order"}
	}
	p.done.add(s)
	in := &p.mem.in
	if err := in.unstuff(s, p.f.restarts(s)); err != nil {
		return err
	}
	if s.ss == 0 {
		return p.dc(s, in)
	}
	if err := p.readAC(s, in); err != nil {
		return err
	}
	p.begin(s.restart)
	p.dst = appendHuffman(p.dst, 1, 0, s.comps[0].ac)
	p.dst = append(appendGrayScan(p.dst, p.f, s), withoutTail(s.data, p.extra)...)
	return nil
}

// withoutTail cuts n bytes off the end of a scan's data, with what they are
// stuffed with.
func withoutTail(data []byte, n int) []byte {
	for range n {
		data = data[:len(data)-1]
		if len(data) > 0 && data[len(data)-1] == 0xff {
			data = data[:len(data)-1]
		}
	}
	return data
}

// begin writes the restart interval of the next scan.
func (p *progressive) begin(restart int) {
	if restart != p.restart {
		p.dst = appendRestart(p.dst, restart)
		p.restart = restart
	}
}
