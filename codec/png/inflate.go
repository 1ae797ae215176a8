package png

import (
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/adler32"
	"io"
	"sort"
)

// picture is the compressed picture, put together from its chunks.
type picture struct {
	idat   []chunk
	starts []int64 // of each chunk in the picture
	rest   []chunk // not read yet
	at     int64   // bytes read
	z      io.ReadCloser
	sum    hash.Hash32
	bad    bool // nothing more can be read
}

func newPicture(f *file) *picture {
	p := &picture{idat: f.idat, rest: f.idat, sum: adler32.New()}
	for at, i := int64(0), 0; i < len(f.idat); i++ {
		p.starts = append(p.starts, at)
		at += int64(len(f.idat[i].data))
	}
	p.z = flate.NewReader(p)
	// The head says nothing that is needed: method, size of the window, check,
	// no dictionary (RFC 1950, 2.2).
	var b [2]byte
	if _, err := io.ReadFull(p, b[:]); err != nil {
		p.fail(f, err)
	} else if b[0]&15 != 8 || b[0]>>4 > 7 || b[1]&0x20 != 0 || binary.BigEndian.Uint16(b[:])%31 != 0 {
		f.wrong(p.idat[0].off+8, "the compressed picture has a damaged head")
	}
	return p
}

// ReadByte and Read read compressed bytes. With ReadByte, flate reads no more
// than it needs.
func (p *picture) ReadByte() (byte, error) {
	for len(p.rest) > 0 && p.at-p.starts[len(p.idat)-len(p.rest)] == int64(len(p.rest[0].data)) {
		p.rest = p.rest[1:]
	}
	if len(p.rest) == 0 {
		return 0, io.EOF
	}
	b := p.rest[0].data[p.at-p.starts[len(p.idat)-len(p.rest)]]
	p.at++
	return b, nil
}

func (p *picture) Read(b []byte) (int, error) {
	for i := range b {
		c, err := p.ReadByte()
		if err != nil {
			return i, err
		}
		b[i] = c
	}
	return len(b), nil
}

// read fills row with the next one, or with zeros.
func (p *picture) read(f *file, row []byte) {
	if !p.bad {
		if _, err := io.ReadFull(p.z, row); err != nil {
			p.fail(f, err)
		} else if p.sum.Write(row); row[0] > 4 {
			p.bad = true
			f.wrong(p.offset(), fmt.Sprintf("filter %d before this", row[0]))
		}
	}
	if p.bad {
		clear(row)
	}
}

// fail notes why no more can be read.
func (p *picture) fail(f *file, err error) {
	p.bad = true
	reason := "the picture breaks off"
	if corrupt := flate.CorruptInputError(0); errors.As(err, &corrupt) {
		reason = "the compressed picture is damaged"
	}
	f.wrong(p.offset(), reason)
}

// offset is where in the file the next compressed byte stands.
func (p *picture) offset() int64 {
	i := max(sort.Search(len(p.starts), func(i int) bool { return p.starts[i] > p.at })-1, 0)
	return p.idat[i].off + 8 + p.at - p.starts[i]
}

// end looks at what follows the last row.
func (p *picture) end(f *file) {
	if p.bad {
		return
	}
	var b [4]byte
	switch n, err := p.z.Read(b[:1]); {
	case n > 0:
		f.wrong(p.offset(), "more data than the picture has")
		return
	case err != nil && err != io.EOF:
		p.fail(f, err)
		return
	}
	at := p.offset()
	if n, _ := p.Read(b[:]); n < len(b) || binary.BigEndian.Uint32(b[:]) != p.sum.Sum32() {
		f.wrong(at, "the picture has a wrong checksum")
		return
	}
	if len(p.rest) > 0 && p.at-p.starts[len(p.idat)-len(p.rest)] < int64(len(p.rest[0].data)) {
		f.wrong(p.offset(), "more data than the picture has")
	}
}
