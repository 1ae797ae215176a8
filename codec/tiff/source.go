package tiff

import (
	"errors"
	"io"
	"math/bits"
)

// source reads the bytes of a strip or tile, a part at a time.
type source struct {
	r        io.ReaderAt
	off      int64 // of what is read next
	left     int64 // bytes from there on
	all      int64 // bytes of the strip or tile
	reversed bool  // FillOrder 2: the first bit of each byte is its lowest
	buf      []byte
	pos      int
	err      error // other than the end
}

const sourceBytes = 32 << 10

func (s *source) reset(r io.ReaderAt, off, n int64, reversed bool) {
	if s.buf == nil {
		s.buf = make([]byte, sourceBytes)
	}
	*s = source{r: r, off: off, left: n, all: n, reversed: reversed, buf: s.buf[:0]}
}

// more reads on, and reports false at the end and after an error.
func (s *source) more() bool {
	n := int(min(s.left, sourceBytes))
	if n == 0 || s.err != nil {
		s.buf, s.pos = s.buf[:0], 0
		return false
	}
	s.buf = s.buf[:n]
	got, err := s.r.ReadAt(s.buf, s.off)
	s.buf, s.pos = s.buf[:got], 0
	s.off, s.left = s.off+int64(got), s.left-int64(got)
	if got < n {
		s.left = 0
		if !errors.Is(err, io.EOF) {
			s.err = err
		}
	}
	if s.reversed {
		reverse(s.buf)
	}
	return got > 0 && s.err == nil
}

// end is the error of having no more bytes.
func (s *source) end() error {
	if s.err != nil {
		return s.err
	}
	return io.EOF
}

func (s *source) Read(p []byte) (int, error) {
	if s.pos == len(s.buf) && !s.more() {
		return 0, s.end()
	}
	n := copy(p, s.buf[s.pos:])
	s.pos += n
	return n, nil
}

func (s *source) ReadByte() (byte, error) {
	if s.pos == len(s.buf) && !s.more() {
		return 0, s.end()
	}
	b := s.buf[s.pos]
	s.pos++
	return b, nil
}

func reverse(b []byte) {
	for i, v := range b {
		b[i] = bits.Reverse8(v)
	}
}

// bitReader reads bits of a source, the highest of a byte first, or the lowest.
type bitReader struct {
	src *source
	acc uint64 // the bits that were taken from src: the next is the highest, or the lowest
	n   uint   // how many
	lsb bool
}

// need has at least k bits, at most 32, ready. It reports false if there are no more.
func (b *bitReader) need(k uint) bool {
	for b.n < k {
		s := b.src
		if s.pos == len(s.buf) && !s.more() {
			return false
		}
		if b.lsb {
			b.acc |= uint64(s.buf[s.pos]) << b.n
		} else {
			b.acc |= uint64(s.buf[s.pos]) << (56 - b.n)
		}
		s.pos++
		b.n += 8
	}
	return true
}

// peek returns the next k bits, 1 to 32, and zeros where there are none.
func (b *bitReader) peek(k uint) uint {
	b.need(k)
	return uint(b.acc >> (64 - k))
}

// skip passes over bits that were peeked at. Beyond the end it reports false.
func (b *bitReader) skip(k uint) bool {
	if b.n < k {
		return false
	}
	b.acc <<= k
	b.n -= k
	return true
}

// taken returns how many bytes were read so far.
func (s *source) taken() int64 { return s.all - s.left - int64(len(s.buf)-s.pos) }
