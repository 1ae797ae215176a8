package jpeg

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Limits of what is parsed.
const (
	maxScans    = 500     // each may walk the whole picture
	maxSegments = 100_000 // before and between scans
)

// File is a parsed JPEG. It shares the memory of what it was parsed from.
type File struct {
	Width, Height int
	Progressive   bool
	Extended      bool // SOF1
	Components    []Component
	Color         ColorModel
	Inverted      bool      // CMYK or YCCK as Adobe writes it: 255 is no ink
	Segments      []Segment // APPn and COM, in order
	Rest          []byte    // what stands behind EOI

	// Damage is what was found first to be wrong with a file from ParseDamaged;
	// nil: nothing so far. Coefficients and Decode set it too.
	Damage *FormatError

	salvage      bool // go on behind damage
	scans        []scan
	size         int // bytes of the file
	hmax, vmax   int // largest sampling factors
	mcusX, mcusY int
}

// Component is one plane of a picture.
type Component struct {
	ID   uint8
	H, V int // sampling factors, 1 to 4

	tq               uint8  // quantisation table
	quant            *quant // as of the component's first scan
	blocksX, blocksY int    // that hold pixels
}

// ColorModel is what the components of a file mean.
type ColorModel uint8

const (
	Gray  ColorModel = iota
	YCbCr            // three components, the first is luma
	RGB
	CMYK
	YCCK
)

// Segment is an APPn or COM segment.
type Segment struct {
	Marker byte
	Data   []byte // behind the length
}

// quant is a quantisation table, in zigzag order.
type quant struct {
	q    [64]uint16
	wide bool // 16-bit in the file
}

// scan is one scan of a file, with the tables in force when it began.
type scan struct {
	comps          []scanComp
	ss, se, ah, al uint8
	restart        int    // MCUs between restart markers; 0: none
	data           []byte // entropy-coded segments with their markers, to the next other marker
	offset         int    // of data
}

type scanComp struct {
	comp   int // index in File.Components
	dc, ac *huffman
}

// parser walks the marker segments of a file.
type parser struct {
	b   []byte
	off int
	f   *File

	quants  [4]*quant
	dcs     [4]*huffman
	acs     [4]*huffman
	restart int
	jfif    bool
	adobe   int // transform; -1: no Adobe marker
}

// Parse reads the structure of a JPEG: everything but the entropy-coded data,
// whose extent it notes.
func Parse(b []byte) (*File, error) { return parse(b, false) }

func parse(b []byte, salvage bool) (*File, error) {
	p := &parser{b: b, f: &File{size: len(b), salvage: salvage}, adobe: -1}
	if len(b) < 2 || b[0] != 0xff || b[1] != mSOI {
		return nil, p.bad(0, "no SOI marker")
	}
	p.off = 2
	for range maxSegments {
		m, err := p.marker()
		if err == nil && m == mEOI {
			return p.finish()
		}
		if err == nil {
			err = p.segment(m)
		}
		if err == nil {
			continue
		}
		if err := p.pass(err); err != nil {
			return nil, err
		}
		if p.off == len(b) {
			return p.finish()
		}
	}
	return nil, &LimitError{fmt.Sprintf("more than %d segments", maxSegments)}
}

func (p *parser) bad(off int, reason string) error { return &FormatError{off, reason} }

// marker reads the next marker (B.1.1.2), behind fill bytes.
func (p *parser) marker() (byte, error) {
	start := p.off
	if p.off >= len(p.b) {
		return 0, p.bad(p.off, "the file ends without EOI")
	}
	if p.b[p.off] != 0xff {
		return 0, p.bad(p.off, "no marker where one belongs")
	}
	for p.off < len(p.b) && p.b[p.off] == 0xff {
		p.off++
	}
	if p.off >= len(p.b) {
		return 0, p.bad(start, "the file ends without EOI")
	}
	m := p.b[p.off]
	p.off++
	if m == 0 {
		return 0, p.bad(start, "a stuffed byte outside of a scan")
	}
	return m, nil
}

// payload reads a segment's length and returns what follows it.
func (p *parser) payload() ([]byte, error) {
	if len(p.b)-p.off < 2 {
		return nil, p.bad(p.off, "the file ends within a segment")
	}
	n := int(binary.BigEndian.Uint16(p.b[p.off:]))
	if n < 2 {
		return nil, p.bad(p.off, "a segment is shorter than its length field")
	}
	if len(p.b)-p.off < n {
		return nil, p.bad(p.off, "the file ends within a segment")
	}
	data := p.b[p.off+2 : p.off+n]
	p.off += n
	return data, nil
}

func (p *parser) segment(m byte) error {
	start := p.off - 2
	switch {
	case m == mTEM:
		return nil
	case m >= mRST0 && m <= mRST7, m == mSOI, m < mSOF0:
		return p.bad(start, "a marker that does not belong here")
	case frameFeature[m] != "":
		return &UnsupportedError{start, frameFeature[m]}
	}
	data, err := p.payload()
	if err != nil {
		return err
	}
	at := p.off - len(data)
	switch {
	case m == mSOF0 || m == mSOF1 || m == mSOF2:
		return p.frame(m, data, at)
	case m == mDHT:
		return p.huffmanTables(data, at)
	case m == mDQT:
		return p.quantTables(data, at)
	case m == mDRI:
		if len(data) != 2 {
			return p.bad(at, "a DRI segment that is not 4 bytes long")
		}
		p.restart = int(binary.BigEndian.Uint16(data))
	case m == mSOS:
		return p.scan(data, at)
	case m == mDNL:
		return &UnsupportedError{start, "a height given behind the first scan (DNL)"}
	case m >= mAPP0 && m <= mAPP15, m == mCOM:
		p.keep(m, data)
	default:
		return &UnsupportedError{start, fmt.Sprintf("an extension, marker 0x%02x", m)}
	}
	return nil
}

// keep notes a segment and what it says of the colours.
func (p *parser) keep(m byte, data []byte) {
	p.f.Segments = append(p.f.Segments, Segment{m, data})
	switch {
	case m == mAPP0 && len(data) >= 14 && bytes.HasPrefix(data, []byte("JFIF\x00")):
		p.jfif = true
	case m == mAPP14 && len(data) >= 12 && bytes.HasPrefix(data, []byte("Adobe")):
		p.adobe = int(data[11])
	}
}

// frame reads a frame header (B.2.2).
func (p *parser) frame(m byte, d []byte, at int) error {
	f := p.f
	if f.Components != nil {
		return p.bad(at, "a second frame")
	}
	if len(d) < 6 {
		return p.bad(at, "a frame header that is too short")
	}
	n := int(d[5])
	if len(d) != 6+3*n {
		return p.bad(at, "a frame header whose length does not fit its components")
	}
	if d[0] != 8 {
		if d[0] == 12 && m != mSOF0 {
			return &UnsupportedError{at, "12 bits a sample"}
		}
		return p.bad(at, "a sample precision other than 8")
	}
	f.Height, f.Width = int(binary.BigEndian.Uint16(d[1:])), int(binary.BigEndian.Uint16(d[3:]))
	f.Progressive, f.Extended = m == mSOF2, m == mSOF1
	switch {
	case f.Width == 0:
		return p.bad(at, "a width of 0")
	case f.Height == 0:
		return &UnsupportedError{at, "a height given behind the first scan (DNL)"}
	case n == 0:
		return p.bad(at, "no components")
	case n != 1 && n != 3 && n != 4:
		return &UnsupportedError{at, "a number of components other than 1, 3 or 4"}
	}
	for i := range n {
		c := Component{ID: d[6+3*i], H: int(d[7+3*i] >> 4), V: int(d[7+3*i] & 15), tq: d[8+3*i]}
		if c.H < 1 || c.H > 4 || c.V < 1 || c.V > 4 {
			return p.bad(at, "a sampling factor outside of 1 to 4")
		}
		if c.tq > 3 {
			return p.bad(at, "a quantisation table outside of 0 to 3")
		}
		for _, other := range f.Components {
			if other.ID == c.ID {
				return p.bad(at, "two components of one name")
			}
		}
		f.Components = append(f.Components, c)
	}
	f.layout()
	return nil
}

// layout computes the sizes of the planes in blocks (A.1.1, A.2.3).
func (f *File) layout() {
	f.hmax, f.vmax = 1, 1
	for _, c := range f.Components {
		f.hmax, f.vmax = max(f.hmax, c.H), max(f.vmax, c.V)
	}
	f.mcusX, f.mcusY = ceilDiv(f.Width, 8*f.hmax), ceilDiv(f.Height, 8*f.vmax)
	for i := range f.Components {
		c := &f.Components[i]
		c.blocksX = ceilDiv(ceilDiv(f.Width*c.H, f.hmax), 8)
		c.blocksY = ceilDiv(ceilDiv(f.Height*c.V, f.vmax), 8)
	}
}

// mcuSize returns the pixels that an MCU covers; a single component has MCUs of
// one block (A.2.2).
func (f *File) mcuSize() (w, h int) {
	if len(f.Components) == 1 {
		return 8, 8
	}
	return 8 * f.hmax, 8 * f.vmax
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

// quantTables reads a DQT segment (B.2.4.1).
func (p *parser) quantTables(d []byte, at int) error {
	if len(d) == 0 {
		return p.bad(at, "an empty DQT segment")
	}
	for len(d) > 0 {
		pq, tq := d[0]>>4, d[0]&15
		if pq > 1 || tq > 3 {
			return p.bad(at, "a quantisation table of an unknown kind")
		}
		n := 64 << pq
		if len(d) < 1+n {
			return p.bad(at, "a quantisation table that is too short")
		}
		t := &quant{wide: pq == 1}
		for i := range t.q {
			if pq == 1 {
				t.q[i] = binary.BigEndian.Uint16(d[1+2*i:])
			} else {
				t.q[i] = uint16(d[1+i])
			}
		}
		p.quants[tq] = t
		d = d[1+n:]
	}
	return nil
}

// huffmanTables reads a DHT segment (B.2.4.2).
func (p *parser) huffmanTables(d []byte, at int) error {
	if len(d) == 0 {
		return p.bad(at, "an empty DHT segment")
	}
	for len(d) > 0 {
		class, id := d[0]>>4, d[0]&15
		if class > 1 || id > 3 {
			return p.bad(at, "a Huffman table of an unknown kind")
		}
		if len(d) < 17 {
			return p.bad(at, "a Huffman table that is too short")
		}
		var counts [16]uint8
		copy(counts[:], d[1:17])
		n := 0
		for _, c := range counts {
			n += int(c)
		}
		if n > 256 || len(d) < 17+n {
			return p.bad(at, "a Huffman table that is too short")
		}
		h, ok := newHuffman(counts, d[17:17+n])
		if !ok {
			return p.bad(at, "a Huffman table with more codes than there is room for")
		}
		if class == 0 {
			for _, s := range h.symbols {
				if s > 15 {
					return p.bad(at, "a DC category above 15")
				}
			}
			p.dcs[id] = h
		} else {
			p.acs[id] = h
		}
		d = d[17+n:]
	}
	return nil
}

// scan reads a scan header (B.2.3) and finds the end of its data.
func (p *parser) scan(d []byte, at int) error {
	f := p.f
	if f.Components == nil {
		return p.bad(at, "a scan before the frame header")
	}
	if len(f.scans) == maxScans {
		return &LimitError{fmt.Sprintf("more than %d scans", maxScans)}
	}
	if len(d) < 1 || len(d) != 4+2*int(d[0]) || d[0] < 1 || d[0] > 4 {
		return p.bad(at, "a scan header whose length does not fit its components")
	}
	n := int(d[0])
	s := scan{ss: d[1+2*n], se: d[2+2*n], ah: d[3+2*n] >> 4, al: d[3+2*n] & 15, restart: p.restart, offset: p.off}
	if err := p.checkSpectrum(s, n, at); err != nil {
		return err
	}
	if !f.Progressive {
		s.ss, s.se, s.ah, s.al = 0, 63, 0, 0
	}
	blocks := 0
	for i := range n {
		c, err := p.scanComponent(s, d[1+2*i], d[2+2*i], at)
		if err != nil {
			return err
		}
		for _, other := range s.comps {
			if other.comp >= c.comp {
				return p.bad(at, "a scan whose components are out of order")
			}
		}
		s.comps = append(s.comps, c)
		blocks += f.Components[c.comp].H * f.Components[c.comp].V
	}
	if n > 1 && blocks > maxBlocks {
		return p.bad(at, "more than 10 blocks in an MCU")
	}
	end := p.scanEnd()
	s.data = p.b[p.off:end]
	p.off = end
	f.scans = append(f.scans, s)
	return nil
}

// checkSpectrum holds the coefficients that a scan says it brings against what
// its frame allows (B.2.3 and G.1.1.1).
func (p *parser) checkSpectrum(s scan, n, at int) error {
	if !p.f.Progressive {
		// What libjpeg takes with a warning, a strict reader must refuse.
		if s.ss != 0 || s.se != 63 || s.ah != 0 || s.al != 0 {
			return p.f.damage(p.bad(at, "a sequential scan of a part of the coefficients"))
		}
		return nil
	}
	switch {
	case s.ss > s.se || s.se > 63, s.ss == 0 && s.se != 0, s.ss > 0 && n > 1:
		return p.bad(at, "a progressive scan of coefficients that do not go together")
	case s.al > 13, s.ah != 0 && s.ah != s.al+1:
		return p.bad(at, "a progressive scan of bits that do not follow one another")
	}
	return nil
}

// scanComponent finds a component of a scan and its tables.
func (p *parser) scanComponent(s scan, id, tables byte, at int) (scanComp, error) {
	f := p.f
	i := 0
	for i < len(f.Components) && f.Components[i].ID != id {
		i++
	}
	if i == len(f.Components) {
		return scanComp{}, p.bad(at, "a scan of a component that the frame does not have")
	}
	td, ta := tables>>4, tables&15
	if td > 3 || ta > 3 {
		return scanComp{}, p.bad(at, "a scan with a Huffman table outside of 0 to 3")
	}
	sc := scanComp{comp: i}
	c := &f.Components[i]
	if c.quant == nil {
		if c.quant = p.quants[c.tq]; c.quant == nil {
			return sc, p.bad(at, "a scan without its quantisation table")
		}
	}
	if s.ss == 0 && s.ah == 0 {
		if sc.dc = p.dcs[td]; sc.dc == nil {
			return sc, p.bad(at, "a scan without its DC table")
		}
	}
	if s.se > 0 {
		if sc.ac = p.acs[ta]; sc.ac == nil {
			return sc, p.bad(at, "a scan without its AC table")
		}
	}
	return sc, nil
}

// scanEnd returns the offset of the first marker that ends a scan. Fill bytes
// before it belong to it.
func (p *parser) scanEnd() int {
	b := p.b
	for off := p.off; ; {
		i := bytes.IndexByte(b[off:], 0xff)
		if i < 0 {
			return len(b)
		}
		off += i
		m := off + 1
		for m < len(b) && b[m] == 0xff {
			m++
		}
		if m == len(b) {
			return len(b)
		}
		if ends, belongs := p.f.endsScan(b[m:]); ends {
			return off
		} else if !belongs {
			_ = p.f.damage(p.bad(off, "a marker that does not belong here")) // noted: nothing else lets it pass
		}
		off = m + 1
	}
}

// finish holds the file as a whole against the rules.
func (p *parser) finish() (*File, error) {
	f := p.f
	if f.Components == nil || len(f.scans) == 0 {
		return nil, p.bad(p.off, "no picture")
	}
	f.Color = p.color()
	f.Inverted = len(f.Components) == 4 && p.adobe >= 0
	f.Rest = p.b[p.off:]
	return f, nil
}

// color follows JFIF, Adobe's technical note 5116 and, where both are silent,
// the convention of libjpeg (jdapimin.c).
func (p *parser) color() ColorModel {
	c := p.f.Components
	switch len(c) {
	case 1:
		return Gray
	case 3:
		switch {
		case p.jfif:
			return YCbCr
		case p.adobe == 0, p.adobe < 0 && c[0].ID == 'R' && c[1].ID == 'G' && c[2].ID == 'B':
			return RGB
		}
		return YCbCr
	}
	if p.adobe == 2 {
		return YCCK
	}
	return CMYK
}
