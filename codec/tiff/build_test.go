package tiff

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"image"
	"math/rand/v2"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// order is a byte order that can append.
type order interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// tag is an entry as a test writes it: SHORTs, or LONGs where a value needs one, RATIONALs of numbers over 1000, or bytes.
type tag struct {
	id     uint16
	values []uint64
	ratios []uint64 // thousandths
	bytes  []byte
}

// page is what a test writes: tags, and blocks, which are strips or tiles by where says so.
type page struct {
	tags   []tag
	blocks [][]byte
	where  uint16 // tagStripOffsets or tagTileOffsets
}

// build writes a classic TIFF or a BigTIFF: for each page the blocks, the values, the directory.
func build(o order, big bool, pages ...page) []byte {
	sign := map[bool]string{true: "MM", false: "II"}[o == order(binary.BigEndian)]
	out := append([]byte(sign), 0, 0)
	o.PutUint16(out[2:], 42)
	if big {
		o.PutUint16(out[2:], 43)
		out = o.AppendUint16(o.AppendUint16(out, 8), 0)
	}
	next := len(out)
	out = word(o, big, out, 0)
	for _, p := range pages {
		tags := append([]tag(nil), p.tags...)
		if p.blocks != nil {
			at, n := tag{id: p.where}, tag{id: p.where + 1}
			if p.where == tagStripOffsets {
				n.id = tagStripByteCounts
			}
			for _, b := range p.blocks {
				at.values, n.values = append(at.values, uint64(len(out))), append(n.values, uint64(len(b)))
				out = append(out, b...)
			}
			tags = append(tags, at, n)
		}
		out, next = directory(o, big, out, next, tags)
	}
	return out
}

func word(o order, big bool, b []byte, v int) []byte {
	if big {
		return o.AppendUint64(b, uint64(v))
	}
	return o.AppendUint32(b, uint32(v))
}

// directory writes a directory and sets the pointer to it. It returns where the pointer to the next one is.
func directory(o order, big bool, out []byte, next int, tags []tag) ([]byte, int) {
	inline, head := 4, []byte{}
	if big {
		inline = 8
		head = o.AppendUint64(head, uint64(len(tags)))
	} else {
		head = o.AppendUint16(head, uint16(len(tags)))
	}
	for _, t := range tags {
		kind, count, v := t.coded(o)
		head = word(o, big, o.AppendUint16(o.AppendUint16(head, t.id), kind), count)
		if len(v) > inline {
			head = word(o, big, head, len(out))
			out = append(out, v...)
		} else {
			head = append(append(head, v...), make([]byte, inline-len(v))...)
		}
	}
	at := word(o, big, nil, len(out))
	copy(out[next:], at)
	out = append(out, head...)
	next = len(out)
	return word(o, big, out, 0), next
}

func (t tag) coded(o order) (kind uint16, count int, v []byte) {
	if t.bytes != nil {
		return 7, len(t.bytes), t.bytes
	}
	for _, r := range t.ratios {
		v = o.AppendUint32(o.AppendUint32(v, uint32(r)), 1000)
	}
	if t.ratios != nil {
		return 5, len(t.ratios), v
	}
	kind = 3
	for _, n := range t.values {
		if n > 0xffff {
			kind = 4
		}
	}
	for _, n := range t.values {
		if kind == 4 {
			v = o.AppendUint32(v, uint32(n))
		} else {
			v = o.AppendUint16(v, uint16(n))
		}
	}
	return kind, len(t.values), v
}

// spec is a picture of any samples, and how it is stored.
type spec struct {
	w, h, n, bits       int
	photometric, format int
	order               order
	big, planar         bool
	tileW, tileH        int // 0: strips
	rows                int // of a strip; 0: all
	compression         int
	predictor           int
	reversed            bool
	extra               []uint64
	more                []tag
	samples             []uint64 // w*h*n
}

// noise fills the samples: smooth, so that packers and predictors have something to do, and with all bits in use.
func (s spec) noise(seed uint64) spec {
	r := rand.New(rand.NewPCG(seed, 1))
	mask := ^uint64(0) >> (64 - s.bits)
	s.samples = make([]uint64, s.w*s.h*s.n)
	for i := range s.samples {
		if s.samples[i] = r.Uint64() & mask; i >= s.n && r.IntN(3) > 0 {
			s.samples[i] = s.samples[i-s.n]
		}
	}
	return s
}

// file writes the picture as the specification says, the slow way.
func (s spec) file() []byte {
	if s.order == nil {
		s.order = binary.LittleEndian
	}
	bw, bh, where := s.w, s.h, uint16(tagStripOffsets)
	if s.rows > 0 {
		bh = s.rows
	}
	if s.tileW > 0 {
		bw, bh, where = s.tileW, s.tileH, tagTileOffsets
	}
	bits := make([]uint64, s.n)
	formats := make([]uint64, s.n)
	for i := range bits {
		bits[i], formats[i] = uint64(s.bits), uint64(max(s.format, 1))
	}
	v := func(id uint16, values ...uint64) tag { return tag{id: id, values: values} }
	p := page{where: where, tags: []tag{
		v(256, uint64(s.w)), v(257, uint64(s.h)), v(258, bits...), v(259, uint64(max(s.compression, 1))), v(262, uint64(s.photometric)),
		v(277, uint64(s.n)), v(339, formats...),
	}}
	if s.tileW > 0 {
		p.tags = append(p.tags, v(322, uint64(bw)), v(323, uint64(bh)))
	} else {
		p.tags = append(p.tags, v(278, uint64(bh)))
	}
	if s.predictor > 0 {
		p.tags = append(p.tags, v(317, uint64(s.predictor)))
	}
	if s.reversed {
		p.tags = append(p.tags, v(266, 2))
	}
	if s.extra != nil {
		p.tags = append(p.tags, v(338, s.extra...))
	}
	p.tags = append(p.tags, s.more...)
	planes := [][]int{{}}
	for k := range s.n {
		planes[0] = append(planes[0], k)
	}
	if s.planar {
		p.tags = append(p.tags, v(284, 2))
		planes = nil
		for k := range s.n {
			planes = append(planes, []int{k})
		}
	}
	for _, plane := range planes {
		for y := 0; y < s.h; y += bh {
			for x := 0; x < s.w; x += bw {
				p.blocks = append(p.blocks, s.pack(s.block(x, y, bw, bh, plane)))
			}
		}
	}
	return build(s.order, s.big, p)
}

// block returns the bytes of a strip or tile; a strip ends with the picture, a tile is filled up.
func (s spec) block(x0, y0, w, h int, plane []int) []byte {
	if s.tileW == 0 {
		h = min(h, s.h-y0)
	}
	var out []byte
	for y := y0; y < y0+h; y++ {
		var row []uint64
		for x := x0; x < x0+w; x++ {
			for _, k := range plane {
				v := uint64(0)
				if x < s.w && y < s.h {
					v = s.samples[(y*s.w+x)*s.n+k]
				}
				row = append(row, v)
			}
		}
		out = append(out, s.row(row, len(plane))...)
	}
	return out
}

// row codes the samples of a row, with their differences if these are asked for.
func (s spec) row(v []uint64, each int) []byte {
	if s.predictor == 2 {
		for i := len(v) - 1; i >= each; i-- {
			v[i] -= v[i-each]
		}
	}
	var out []byte
	if s.bits%8 != 0 {
		acc, n := uint64(0), 0
		for _, x := range v {
			for b := s.bits - 1; b >= 0; b-- {
				if acc, n = acc<<1|x>>b&1, n+1; n == 8 {
					out, acc, n = append(out, byte(acc)), 0, 0
				}
			}
		}
		if n > 0 {
			out = append(out, byte(acc<<(8-n)))
		}
		return out
	}
	size := s.bits / 8
	for _, x := range v {
		for b := range size {
			shift := 8 * b
			if s.order == order(binary.BigEndian) || s.predictor == 3 {
				shift = 8 * (size - 1 - b)
			}
			out = append(out, byte(x>>shift))
		}
	}
	if s.predictor == 3 {
		shuffled := make([]byte, len(out))
		for i := range v {
			for b := range size {
				shuffled[b*len(v)+i] = out[i*size+b]
			}
		}
		for i := len(shuffled) - 1; i >= each; i-- {
			shuffled[i] -= shuffled[i-each]
		}
		return shuffled
	}
	return out
}

func (s spec) pack(b []byte) []byte {
	switch s.compression {
	case compDeflate, compOldDeflate:
		var z bytes.Buffer
		w := zlib.NewWriter(&z)
		w.Write(b)
		w.Close()
		b = z.Bytes()
	case compZstd:
		w, _ := zstd.NewWriter(nil)
		b = w.EncodeAll(b, nil)
	case compPackBits:
		b = packBitsOf(b)
	case compLZW:
		b = lzwOf(b, false)
	}
	b = bytes.Clone(b)
	if s.reversed {
		reverse(b)
	}
	return b
}

// packBitsOf packs runs of three and more.
func packBitsOf(b []byte) (out []byte) {
	for len(b) > 0 {
		n := 1
		for n < len(b) && n < 128 && b[n] == b[0] {
			n++
		}
		if n > 2 {
			out, b = append(out, byte(1-n), b[0]), b[n:]
			continue
		}
		for n = 1; n < len(b) && n < 128 && (n+2 >= len(b) || b[n] != b[n+1] || b[n] != b[n+2]); n++ {
		}
		out, b = append(append(out, byte(n-1)), b[:n]...), b[n:]
		out = append(out, 0x80) // means nothing
	}
	return out
}

// lzwOf compresses as section 13 says, or as was done before TIFF 5.0.
func lzwOf(b []byte, old bool) []byte {
	w := &bitWriter{lsb: old}
	table, width, next := map[string]int{}, uint(9), lzwFirst
	code := func(s []byte) int {
		if len(s) == 1 {
			return int(s[0])
		}
		return table[string(s)]
	}
	w.put(lzwClear, width)
	for len(b) > 0 {
		n := 1
		for n < len(b) && (n == 0 || table[string(b[:n+1])] > 0) {
			n++
		}
		w.put(code(b[:n]), width)
		if n < len(b) {
			table[string(b[:n+1])] = next
		}
		next++ // in the reader's table, also behind the last
		early := 1
		if old {
			early = 0
		}
		if next+early > 1<<width && width < 12 {
			width++
		}
		if next == 1<<12-1 && n < len(b) {
			w.put(lzwClear, width)
			table, width, next = map[string]int{}, 9, lzwFirst
		}
		b = b[n:]
	}
	w.put(lzwEnd, width)
	return w.bytes()
}

type bitWriter struct {
	lsb bool
	out []byte
	n   int
}

func (w *bitWriter) put(v int, bits uint) {
	for i := range bits {
		if w.n%8 == 0 {
			w.out = append(w.out, 0)
		}
		bit, at := byte(v>>(bits-1-i)&1), 7-w.n%8
		if w.lsb {
			bit, at = byte(v>>i&1), w.n%8
		}
		w.out[w.n/8] |= bit << at
		w.n++
	}
}

func (w *bitWriter) bytes() []byte { return w.out }

func open(t testing.TB, data []byte) *File {
	t.Helper()
	f, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func decode(t testing.TB, data []byte) (image.Image, []string) {
	t.Helper()
	m, notes, err := open(t, data).Pages[0].Decode(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return m, notes
}

// failure returns why a file is not read.
func failure(data []byte) error {
	f, err := Open(bytes.NewReader(data), int64(len(data)))
	if err == nil {
		_, _, err = f.Pages[0].Decode(context.Background())
	}
	return err
}
