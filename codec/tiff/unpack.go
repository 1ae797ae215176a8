package tiff

import (
	"bufio"
	"errors"
	"io"

	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// unpacker gives back what was packed into a strip or tile.
type unpacker interface {
	// fill fills dst with the bytes that come next. An error is io.EOF or io.ErrUnexpectedEOF where there are too few.
	fill(dst []byte) error
	// finish is called when nothing more is wanted.
	finish() error
}

// block unpacks one strip or tile after another. It keeps their memory.
type block struct {
	src  source
	lzw  lzw
	fax  fax
	buf  *bufio.Reader
	zlib io.ReadCloser
	zstd *zstd.Decoder
}

// open begins a strip or tile, whose bytes are in src.
func (b *block) open(p *Page) (unpacker, error) {
	switch p.compression {
	case compNone:
		return stored{&b.src}, nil
	case compLZW:
		return &b.lzw, b.lzw.reset(&b.src)
	case compPackBits:
		return &packBits{src: &b.src}, nil
	case compRLE, compRLEW, compFax3, compFax4:
		b.fax.reset(&b.src, p)
		return &b.fax, nil
	case compDeflate, compOldDeflate:
		return b.inflate()
	}
	return b.unzstd(p.window())
}

// window is how many bytes one plane may refer back to.
func (p *Page) window() uint64 { return max(minWindow, maxWindow/uint64(p.planes())) }

// stored is what is not packed.
type stored struct{ src *source }

func (s stored) fill(dst []byte) error {
	_, err := io.ReadFull(s.src, dst)
	return err
}

func (stored) finish() error { return nil }

// inflate begins a zlib stream (RFC 1950).
func (b *block) inflate() (unpacker, error) {
	if b.buf == nil {
		b.buf = bufio.NewReader(nil)
	}
	b.buf.Reset(&b.src)
	var err error
	if b.zlib == nil {
		b.zlib, err = zlib.NewReader(b.buf)
	} else {
		err = b.zlib.(zlib.Resetter).Reset(b.buf, nil)
	}
	return stream{b.zlib}, err
}

// unzstd begins a Zstandard frame (RFC 8878).
func (b *block) unzstd(window uint64) (unpacker, error) {
	var err error
	if b.zstd == nil {
		b.zstd, err = zstd.NewReader(&b.src, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(window), zstd.WithDecoderLowmem(true))
	} else {
		err = b.zstd.Reset(&b.src)
	}
	return stream{b.zstd}, err
}

func (b *block) close() {
	if b.zstd != nil {
		b.zstd.Close()
	}
}

// stream is what a reader unpacks.
type stream struct{ r io.Reader }

func (s stream) fill(dst []byte) error {
	_, err := io.ReadFull(s.r, dst)
	return err
}

// finish holds what was read against its checksum, which follows it. What is packed beyond the picture is nobody's matter.
func (s stream) finish() error {
	var b [1]byte
	if _, err := io.ReadFull(s.r, b[:]); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// packBits undoes runs of bytes (section 9).
type packBits struct {
	src     *source
	literal int  // bytes still to be copied
	repeat  int  // times that value is still to be repeated
	value   byte // may be of any meaning where repeat is 0
}

func (u *packBits) fill(dst []byte) error {
	for len(dst) > 0 {
		n := 0
		switch {
		case u.repeat > 0:
			n = min(u.repeat, len(dst))
			for i := range dst[:n] {
				dst[i] = u.value
			}
			u.repeat -= n
		case u.literal > 0:
			n = min(u.literal, len(dst))
			if _, err := io.ReadFull(u.src, dst[:n]); err != nil {
				return err
			}
			u.literal -= n
		default:
			if err := u.next(); err != nil {
				return err
			}
		}
		dst = dst[n:]
	}
	return nil
}

func (u *packBits) next() error {
	b, err := u.src.ReadByte()
	switch n := int(int8(b)); {
	case err != nil:
		return err
	case n >= 0:
		u.literal = n + 1
	case n > -128: // -128 means nothing
		u.repeat = 1 - n
		u.value, err = u.src.ReadByte()
	}
	return err
}

func (u *packBits) finish() error { return nil }
