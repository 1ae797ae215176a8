package main

import (
	"bytes"
	"encoding/binary"
)

// Markers of ITU-T T.81, table B.1.
const (
	soi   = 0xd8
	eoi   = 0xd9
	sof0  = 0xc0 // baseline
	sof1  = 0xc1 // extended sequential
	sof2  = 0xc2 // progressive
	sof9  = 0xc9 // extended sequential, arithmetic coding
	dht   = 0xc4
	rst0  = 0xd0
	sos   = 0xda
	dqt   = 0xdb
	dri   = 0xdd
	app0  = 0xe0
	app1  = 0xe1
	app2  = 0xe2
	app14 = 0xee
	com   = 0xfe
)

// segment is a marker with the bytes that follow its length.
type segment struct {
	marker byte
	data   []byte
}

// jpegOptions says how a picture is written. The zero value is baseline, not
// subsampled, without any metadata.
type jpegOptions struct {
	luma     [2]int // sampling factors (h, v) of the first and fourth component, others have 1x1
	rgb      bool   // the components are alike: no luma, no chroma
	progress bool
	separate bool      // one scan a component instead of one for all
	restart  int       // MCUs between restart markers, 0 for none
	quality  int       // 1 to 100; 0 means 90
	segments []segment // written after SOI
}

// jpegComponent holds the quantised coefficients, in zigzag order, of blocks
// that fill whole MCUs. The picture itself needs only wide x high of them.
type jpegComponent struct {
	h, v, wide, high, stride int
	table                    int // of quantisation and Huffman codes
	blocks                   [][64]int
}

// jpegFile is a picture on its way into the file.
type jpegFile struct {
	jpegOptions
	w, h, bits   int
	mcusX, mcusY int
	components   []jpegComponent
	out          bytes.Buffer
}

// encodeJPEG writes m, whose channels become the components as they are: for
// the usual JPEG it is in YCbCr (see ycc). 8 and 12 bits are possible.
func encodeJPEG(m *raster, o jpegOptions) []byte {
	f := newJPEG(m.w, m.h, m.bits, m.channels, o)
	for i := range f.components {
		f.transform(m, i)
	}
	f.headers()
	for _, s := range f.scans() {
		f.scan(s)
	}
	f.marker(eoi)
	return f.out.Bytes()
}

// newJPEG lays out the components; their blocks are zero.
func newJPEG(w, h, bits, channels int, o jpegOptions) *jpegFile {
	if o.luma == [2]int{} {
		o.luma = [2]int{1, 1}
	}
	if o.quality == 0 {
		o.quality = 90
	}
	f := &jpegFile{jpegOptions: o, w: w, h: h, bits: bits}
	f.mcusX, f.mcusY = ceilDiv(w, 8*o.luma[0]), ceilDiv(h, 8*o.luma[1])
	for i := range channels {
		c := jpegComponent{h: 1, v: 1, table: 1}
		if i == 0 || i == 3 {
			c.h, c.v = o.luma[0], o.luma[1]
		}
		if i == 0 || i == 3 || o.rgb {
			c.table = 0
		}
		c.wide = ceilDiv(ceilDiv(w*c.h, o.luma[0]), 8)
		c.high = ceilDiv(ceilDiv(h*c.v, o.luma[1]), 8)
		c.stride = f.mcusX * c.h
		c.blocks = make([][64]int, c.stride*f.mcusY*c.v)
		f.components = append(f.components, c)
	}
	return f
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

// transform fills one component: averages the samples that a subsampled one
// stands for, and turns them into quantised coefficients.
func (f *jpegFile) transform(m *raster, channel int) {
	c := &f.components[channel]
	sx, sy := f.luma[0]/c.h, f.luma[1]/c.v
	quant := quantTable(c.table, f.quality)
	for i := range c.blocks {
		x0, y0 := i%c.stride*8, i/c.stride*8
		var samples [64]int
		for j := range samples {
			sum := sx * sy / 2
			for k := range sx * sy {
				sum += int(m.clamped((x0+j%8)*sx+k%sx, (y0+j/8)*sy+k/sx)[channel])
			}
			samples[j] = sum/(sx*sy) - 1<<(f.bits-1)
		}
		c.blocks[i] = forwardDCT(&samples, &quant)
	}
}

// headers writes everything before the first scan. Baseline JPEGs get the
// typical Huffman tables of annex K; others get their own before each scan.
func (f *jpegFile) headers() {
	f.marker(soi)
	for _, s := range f.segments {
		f.segment(s.marker, s.data)
	}
	tables := 1
	if !f.rgb && len(f.components) > 1 {
		tables = 2
	}
	for i := range tables {
		quant := quantTable(i, f.quality)
		data := []byte{byte(i)}
		for _, q := range quant {
			data = append(data, byte(q))
		}
		f.segment(dqt, data)
	}
	f.frameHeader()
	if f.baseline() {
		for i := range tables {
			f.segment(dht, dhtSegment(0, i, typicalCodes[0][i]))
			f.segment(dht, dhtSegment(1, i, typicalCodes[1][i]))
		}
	}
	if f.restart > 0 {
		f.segment(dri, binary.BigEndian.AppendUint16(nil, uint16(f.restart)))
	}
}

func (f *jpegFile) baseline() bool { return !f.progress && f.bits == 8 }

// frameHeader writes SOF (T.81, B.2.2).
func (f *jpegFile) frameHeader() {
	marker := byte(sof0)
	switch {
	case f.progress:
		marker = sof2
	case f.bits > 8:
		marker = sof1
	}
	data := []byte{byte(f.bits)}
	data = binary.BigEndian.AppendUint16(data, uint16(f.h))
	data = binary.BigEndian.AppendUint16(data, uint16(f.w))
	data = append(data, byte(len(f.components)))
	for i, c := range f.components {
		data = append(data, byte(i+1), byte(c.h<<4|c.v), byte(c.table))
	}
	f.segment(marker, data)
}

func (f *jpegFile) marker(m byte) { f.out.Write([]byte{0xff, m}) }

func (f *jpegFile) segment(m byte, data []byte) {
	f.marker(m)
	f.out.Write(binary.BigEndian.AppendUint16(nil, uint16(len(data)+2)))
	f.out.Write(data)
}

// dhtSegment is the content of DHT (T.81, B.2.4.2). class 0 is for DC.
func dhtSegment(class, id int, p prefixCode) []byte {
	data := []byte{byte(class<<4 | id)}
	for _, n := range p.counts {
		data = append(data, byte(n))
	}
	for _, s := range p.symbols {
		data = append(data, byte(s))
	}
	return data
}

// quantTable scales the example tables of annex K, in zigzag order.
func quantTable(id, quality int) [64]int {
	scale := 200 - 2*quality
	if quality < 50 {
		scale = 5000 / quality
	}
	var out [64]int
	for i, at := range zigzag {
		out[i] = min(max((typicalQuant[id][at]*scale+50)/100, 1), 255)
	}
	return out
}

// cosine returns cos(n*pi/16)/2 in units of 1/16384.
func cosine(n int) int {
	table := [9]int{8192, 8035, 7568, 6811, 5793, 4551, 3135, 1598, 0}
	n %= 32
	if n > 16 {
		n = 32 - n
	}
	if n > 8 {
		return -table[16-n]
	}
	return table[n]
}

// forwardDCT transforms a block (T.81, A.3.3) and divides it by quant. The two
// passes multiply by cosines of 14 fractional bits, so the sums have 28.
func forwardDCT(samples, quant *[64]int) [64]int {
	basis := func(u, x int) int {
		if u == 0 {
			return cosine(4) // sqrt(1/2)/2
		}
		return cosine((2*x + 1) * u)
	}
	var rows, out [64]int
	for i := range rows {
		for x := range 8 {
			rows[i] += basis(i%8, x) * samples[i/8*8+x]
		}
	}
	for i, at := range zigzag {
		sum := 0
		for y := range 8 {
			sum += basis(at/8, y) * rows[y*8+at%8]
		}
		out[i] = divRound(sum, quant[i]<<28)
	}
	return out
}

// divRound divides to the nearest integer, halves away from zero.
func divRound(a, b int) int {
	if a < 0 {
		return -divRound(-a, b)
	}
	return (a + b/2) / b
}

// jfif is the APP0 segment of a plain JPEG at 72 dpi.
var jfif = segment{app0, []byte("JFIF\x00\x01\x02\x01\x00\x48\x00\x48\x00\x00")}

// adobe is Adobe's APP14 segment. transform is 0 for RGB and CMYK, 1 for YCbCr
// and 2 for YCCK.
func adobe(transform byte) segment {
	return segment{app14, []byte{'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform}}
}
