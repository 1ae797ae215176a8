package png

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash"
	"hash/adler32"
	"io"
)

// file is a damaged file: the chunks that make its picture.
type file struct {
	ihdr, plte, trns chunk
	size             int64 // of the file, bytes
	idat             []chunk
	damage           *FormatError // the first place that is wrong
}

// scan reads the chunks of a file. It is not ok if no picture can be had of
// that.
func scan(data []byte) (f *file, ok bool) {
	f = &file{size: int64(len(data))}
	ended := false
	before := ""
	for c := range chunks(data) {
		if f.ihdr.name == "" && (c.name != "IHDR" || c.wrong != "" || len(c.data) != 13) {
			return nil, false
		}
		if c.wrong != "" {
			f.wrong(c.off, c.wrong)
		}
		ended = c.name == "IEND"
		if c.name == "IDAT" && before != "IDAT" && len(f.idat) > 0 {
			f.wrong(c.off, "an IDAT chunk stands apart from the others")
		}
		before = c.name
		f.take(c)
	}
	if !ended {
		f.wrong(f.size, "the file ends without IEND")
	}
	return f, len(f.idat) > 0 && len(f.idat) <= maxChunks
}

// take keeps a chunk that makes the picture. Of those that there is one of, the
// first counts.
func (f *file) take(c chunk) {
	once := func(to *chunk) {
		if to.name == "" {
			*to = c
		} else if c.wrong == "" {
			f.wrong(c.off, "another chunk "+c.name)
		}
	}
	switch {
	case c.name == "IHDR":
		once(&f.ihdr)
	case c.name == "PLTE":
		once(&f.plte)
	case c.name == "tRNS" && c.wrong == "":
		once(&f.trns)
	case c.name == "IDAT" && len(f.idat) <= maxChunks:
		f.idat = append(f.idat, c)
	case c.name == "IEND" && len(c.data) > 0:
		f.wrong(c.off, "the chunk IEND is not empty")
	}
}

// wrong notes what is wrong at an offset, unless something was before.
func (f *file) wrong(off int64, reason string) {
	if f.damage == nil || off < f.damage.Offset {
		f.damage = &FormatError{Offset: off, Reason: reason}
	}
}

// rowLengths returns the bytes of the rows as they are compressed, with the
// byte for the filter: of the passes of an interlaced picture one after
// another (sections 7.2, 8.1).
func (f *file) rowLengths() (passes [][2]int64) { // how many, and how long
	b := f.ihdr.data
	w, h := int64(binary.BigEndian.Uint32(b)), int64(binary.BigEndian.Uint32(b[4:]))
	bits := int64(b[8]) * int64(channels[b[9]])
	add := func(w, h int64) {
		if w > 0 && h > 0 {
			passes = append(passes, [2]int64{h, 1 + (w*bits+7)/8})
		}
	}
	if b[12] == 0 {
		add(w, h)
		return passes
	}
	for _, p := range adam7 {
		add((w-p.x+p.dx-1)/p.dx, (h-p.y+p.dy-1)/p.dy)
	}
	return passes
}

// channels by colour type (section 11.2.1).
var channels = map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}

// adam7 are the passes of an interlaced picture: where the first pixel stands
// and how far it is to the next.
var adam7 = []struct{ x, y, dx, dy int64 }{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}

// repaired returns the file with what can be read of its picture, to be read
// once. It is made as it is read: a row at a time, each a chunk that is not
// compressed. What is wrong with the picture is found on the way.
func (f *file) repaired(ctx context.Context) io.Reader {
	out := AppendChunk([]byte(Signature), "IHDR", f.ihdr.data)
	for _, c := range []chunk{f.plte, f.trns} {
		if c.name != "" {
			out = AppendChunk(out, c.name, c.data)
		}
	}
	r := &repair{ctx: ctx, f: f, in: newPicture(f), passes: f.rowLengths(), sum: adler32.New()}
	r.out.Write(AppendChunk(out, "IDAT", []byte{0x78, 0x01})) // the head of zlib's format (RFC 1950)
	return r
}

// repair is the reader of a repaired file.
type repair struct {
	ctx    context.Context
	f      *file
	in     *picture
	passes [][2]int64 // that are left
	row    []byte
	sum    hash.Hash32 // of the rows written
	out    bytes.Buffer
	done   bool
}

func (r *repair) Read(p []byte) (int, error) {
	for r.out.Len() == 0 {
		if r.done {
			return 0, io.EOF
		}
		if err := r.ctx.Err(); err != nil {
			return 0, err
		}
		r.next()
	}
	return r.out.Read(p)
}

// next writes another row, or the end.
func (r *repair) next() {
	if len(r.passes) == 0 {
		r.in.end(r.f)
		last := binary.BigEndian.AppendUint32([]byte{1, 0, 0, 0xff, 0xff}, r.sum.Sum32())
		r.out.Write(AppendChunk(nil, "IDAT", last))
		r.out.Write(AppendChunk(nil, "IEND", nil))
		r.done = true
		return
	}
	p := &r.passes[0]
	if int64(len(r.row)) != p[1] {
		r.row = make([]byte, p[1])
	}
	r.in.read(r.f, r.row)
	if p[0]--; p[0] == 0 {
		r.passes = r.passes[1:]
	}
	r.sum.Write(r.row)
	r.out.Write(AppendChunk(nil, "IDAT", stored(r.row)))
}

// stored returns b in blocks that are not compressed (RFC 1951, 3.2.4).
func stored(b []byte) []byte {
	const most = 65535
	out := make([]byte, 0, len(b)+5*(len(b)/most+1))
	for len(b) > 0 {
		n := min(len(b), most)
		out = append(out, 0)
		out = binary.LittleEndian.AppendUint16(out, uint16(n))
		out = binary.LittleEndian.AppendUint16(out, ^uint16(n))
		out, b = append(out, b[:n]...), b[n:]
	}
	return out
}
