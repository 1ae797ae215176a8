package jpeg

import "fmt"

// EncodeOptions says how samples become a file.
type EncodeOptions struct {
	// Quality is 1 (worst) to 100 on the scale of libjpeg: a percentage of the
	// quantisation tables of T.81, K.1. Anything else is an error, 0 too.
	Quality int
	// Optimize computes Huffman tables for the picture, which makes the file a
	// few percent smaller; the picture is transformed twice for it.
	Optimize bool
	// Segments are APPn and COM segments, written in this order behind SOI.
	Segments []Segment
}

// Encode appends p to dst as a baseline JPEG.
//
// There are one, three or four planes, as p.Color wants it, with sampling
// factors whose products sum up to at most 10 (if there are several). A plane
// with factors H and V has ceil(p.Width*H/Hmax) x ceil(p.Height*V/Vmax)
// samples; what is in its memory beyond them does not matter. A single plane is
// written with factors of 1, which means the same.
//
// The transform is the accurate integer one of libjpeg and the rounding is
// libjpeg's, so the coefficients are those of cjpeg. Components are numbered
// from 1, but those of RGB and CMYK have their letters. If nothing in
// o.Segments makes Parse find p.Color, a JFIF or Adobe segment that does is
// added before them; one that contradicts it is an error.
//
// Only what is appended takes memory: a caller who encodes many pictures
// reuses dst. On an error dst is returned as it was.
func Encode(dst []byte, p *Planes, o EncodeOptions) ([]byte, error) {
	if o.Quality < 1 || o.Quality > 100 {
		return dst, fmt.Errorf("a quality of %d, it is 1 to 100", o.Quality)
	}
	q := &sequential{width: p.Width, height: p.Height, color: p.Color, segments: o.Segments}
	ids := componentIDs[p.Color&7]
	for i, plane := range p.Planes {
		id := uint8(i + 1)
		if i < len(ids) {
			id = ids[i]
		}
		q.comps = append(q.comps, Component{ID: id, H: plane.H, V: plane.V})
	}
	if err := q.check(); err != nil {
		return dst, err
	}
	if err := p.check(q.comps); err != nil {
		return dst, err
	}
	q.alone()
	q.chooseTables()
	src := &planeSource{q: q, planes: p.Planes}
	for i := range 1 + q.table[1] {
		q.quants = append(q.quants, scaledQuant(&baseQuant[i], o.Quality))
		src.quants[i] = newQuantizer(q.quants[i])
	}
	for i := range q.comps {
		q.comps[i].tq = uint8(q.table[i])
	}
	return q.append(dst, src, o.Optimize)
}

// componentIDs is the names of components that have letters.
var componentIDs = [8]string{RGB: "RGB", CMYK: "CMYK"}

// check sees that the planes are as large as their sampling says.
func (p *Planes) check(comps []Component) error {
	hmax, vmax := maxSampling(comps)
	for i := range p.Planes {
		c := &p.Planes[i]
		w, h := ceilDiv(p.Width*c.H, hmax), ceilDiv(p.Height*c.V, vmax)
		switch {
		case c.Width != w || c.Height != h:
			return fmt.Errorf("plane %d has %d x %d samples, its sampling makes it %d x %d", i, c.Width, c.Height, w, h)
		case c.Stride < c.Width:
			return fmt.Errorf("plane %d has a stride of %d, less than its width", i, c.Stride)
		case len(c.Pix) < c.Width || (len(c.Pix)-c.Width)/c.Stride < c.Height-1:
			return fmt.Errorf("plane %d has %d bytes, too few for its rows", i, len(c.Pix))
		}
	}
	return nil
}

// planeSource makes blocks of planes.
type planeSource struct {
	q      *sequential
	planes []Plane
	quants [2]*quantizer
}

// mcus transforms the blocks of MCUs.
func (s *planeSource) mcus(to *strip, my, from, end int) {
	at := 0
	for c := range s.planes {
		h, v := s.q.comps[c].H, s.q.comps[c].V
		for y := my * v; y < (my+1)*v; y++ {
			s.row(to, stripRow{at, h}, c, y, from*h, end*h)
			at += h
		}
	}
}

// row transforms blocks of row y of component c. Blocks that have no sample of
// the picture repeat the DC of the block before.
func (s *planeSource) row(to *strip, at stripRow, c, y, x, end int) {
	p, quant := &s.planes[c], s.quants[s.q.table[c]]
	whole := 0
	if 8*y+8 <= p.Height {
		whole = max(min(end, p.Width/8)-x, 0)
	}
	if whole > 0 {
		to.transform(at, whole, p.Pix[8*y*p.Stride+8*x:], p.Stride, quant)
	}
	for i := whole; i < end-x; i++ {
		b := to.index(at, i)
		if 8*y >= p.Height || 8*(x+i) >= p.Width {
			to.repeat(b)
			continue
		}
		edge := p.edge(8*(x+i), 8*y)
		to.one(b, edge[:], 8, quant)
	}
}

// edge returns the block at x, y of samples that are partly beyond the plane:
// those repeat the last of their row or column.
func (p *Plane) edge(x, y int) (b [64]byte) {
	for i := range 8 {
		row := p.Pix[min(y+i, p.Height-1)*p.Stride:][:p.Width]
		for j := copy(b[8*i:8*i+8], row[x:]); j < 8; j++ {
			b[8*i+j] = row[p.Width-1]
		}
	}
	return b
}
