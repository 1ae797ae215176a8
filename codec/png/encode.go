package png

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"io"
	"sync"

	"github.com/klauspost/compress/zlib"
)

// EncodeOptions of Encode.
type EncodeOptions struct {
	Chunks []byte // whole chunks, to stand behind IHDR
	Color  bool   // RGB also where all pixels are gray, because of a profile for colours
}

// level of compression. To write 16 large pictures from screens, with the same
// filters, took, reading included:
//
//	                        CPU s   MB
//	compress/zlib, level 6   34.1  65.4
//	this,          level 8   23.9  66.2
//	this,          level 7   15.0  68.2
//	this,          level 6    9.1  69.3
//	this,          level 5    9.1  71.2
const level = 6

// idatMost is the most data of one chunk IDAT.
const idatMost = 64 << 10

// Encode writes a picture. Gray, palettes, RGB and 16 bits stay what they are;
// a picture that is not opaque and whose pixels are all gray becomes gray with
// alpha. Other types of pictures are written as RGB with alpha of 8 bits, or
// without alpha if they are opaque. A palette must have 1 to 256 colours, and
// every index must be one of them; errors are of that, of a picture without
// pixels or with more than 2^31-1 in a side, or of w.
func Encode(w io.Writer, img image.Image, o EncodeOptions) error {
	b := img.Bounds()
	if b.Dx() < 1 || b.Dy() < 1 || uint64(b.Dx()) > 1<<31-1 || uint64(b.Dy()) > 1<<31-1 {
		return fmt.Errorf("png: a picture of %dx%d pixels", b.Dx(), b.Dy())
	}
	s, err := sourceOf(img, o.Color)
	if err != nil {
		return err
	}
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	return e.encode(w, s, o.Chunks)
}

// encoders keep the memory of the compressor, which is large.
var encoders = sync.Pool{New: func() any { return new(encoder) }}

// encoder is the memory of Encode between pictures.
type encoder struct {
	z       *zlib.Writer
	idat    idatWriter
	filters filters
}

func (e *encoder) encode(w io.Writer, s *source, chunks []byte) error {
	defer func() { e.idat.w = nil }()
	e.idat = idatWriter{w: w, buf: e.idat.buf[:0]}
	head := AppendChunk([]byte(Signature), "IHDR", s.header())
	head = append(append(head, chunks...), s.palette()...)
	if _, err := w.Write(head); err != nil {
		return err
	}
	if err := e.compress(&e.idat, s); err != nil {
		return err
	}
	if err := e.idat.flush(); err != nil {
		return err
	}
	_, err := w.Write(AppendChunk(nil, "IEND", nil))
	return err
}

// compress writes all rows, filtered and compressed.
func (e *encoder) compress(w io.Writer, s *source) error {
	if e.z == nil {
		z, err := zlib.NewWriterLevel(w, level)
		if err != nil {
			return err
		}
		e.z = z
	} else {
		e.z.Reset(w)
	}
	if err := e.rows(s); err != nil {
		return err
	}
	return e.z.Close()
}

func (e *encoder) rows(s *source) error {
	e.filters.reset(s.rowBytes(), max(s.bits*s.channels/8, 1), s.indexed == nil)
	for y := range s.height {
		if err := s.row(e.filters.next(), y); err != nil {
			return err
		}
		if _, err := e.z.Write(e.filters.filtered()); err != nil {
			return err
		}
	}
	return nil
}

// idatWriter puts what is written to it into chunks IDAT.
type idatWriter struct {
	w   io.Writer
	buf []byte
}

func (i *idatWriter) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		k := min(len(p), idatMost-len(i.buf))
		i.buf, p = append(i.buf, p[:k]...), p[k:]
		if len(i.buf) == idatMost {
			if err := i.flush(); err != nil {
				return 0, err
			}
		}
	}
	return n, nil
}

// flush writes what there is as a chunk.
func (i *idatWriter) flush() error {
	if len(i.buf) == 0 {
		return nil
	}
	var head [8]byte
	binary.BigEndian.PutUint32(head[:], uint32(len(i.buf)))
	copy(head[4:], "IDAT")
	sum := crc32.Update(crc32.ChecksumIEEE(head[4:]), crc32.IEEETable, i.buf)
	for _, b := range [][]byte{head[:], i.buf, binary.BigEndian.AppendUint32(nil, sum)} {
		if _, err := i.w.Write(b); err != nil {
			return err
		}
	}
	i.buf = i.buf[:0]
	return nil
}

// errIndex is the error of a palette picture that shows what its palette lacks.
var errIndex = errors.New("png: an index beyond the palette")

// palette returns the chunks PLTE and tRNS of a palette picture (sections
// 11.2.2, 11.3.1.1). Colours behind the last that is transparent need no alpha.
func (s *source) palette() []byte {
	if s.indexed == nil {
		return nil
	}
	var plte, trns []byte
	opaque := 0
	for _, c := range s.indexed.Palette {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		plte = append(plte, n.R, n.G, n.B)
		trns = append(trns, n.A)
		if n.A < 255 {
			opaque = len(trns)
		}
	}
	out := AppendChunk(nil, "PLTE", plte)
	if opaque > 0 {
		out = AppendChunk(out, "tRNS", trns[:opaque])
	}
	return out
}
