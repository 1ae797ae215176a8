// Package ifd reads and writes image file directories, the structure that TIFF files and EXIF metadata share (TIFF 6.0,
// section 2; BigTIFF; Exif 2.32, section 4.6).
package ifd

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// Tags that more than one part of the program knows by name.
const (
	TagNewSubfileType   = 254
	TagImageWidth       = 256
	TagImageLength      = 257
	TagImageDescription = 270
	TagMake             = 271
	TagModel            = 272
	TagOrientation      = 274
	TagXResolution      = 282
	TagYResolution      = 283
	TagResolutionUnit   = 296
	TagSoftware         = 305
	TagDateTime         = 306
	TagArtist           = 315
	TagXMP              = 700
	TagCopyright        = 33432
	TagIPTC             = 33723
	TagPhotoshop        = 34377
	TagExif             = 34665 // offset of the EXIF directory
	TagMakerNote        = 37500 // within the EXIF directory; may have offsets that count from the start of the structure
	TagICC              = 34675
	TagGPS              = 34853 // offset of the GPS directory
	TagInterop          = 40965 // offset of the interoperability directory, within the EXIF one
)

// Type is how the values of an entry are coded (TIFF 6.0, section 2; BigTIFF adds the last three).
type Type uint16

const (
	Byte      Type = 1
	ASCII     Type = 2
	Short     Type = 3
	Long      Type = 4
	Rational  Type = 5
	SByte     Type = 6
	Undefined Type = 7
	SShort    Type = 8
	SLong     Type = 9
	SRational Type = 10
	Float     Type = 11
	Double    Type = 12
	IFD       Type = 13
	Long8     Type = 16
	SLong8    Type = 17
	IFD8      Type = 18
)

var sizes = [...]int{
	Byte: 1, ASCII: 1, Short: 2, Long: 4, Rational: 8, SByte: 1, Undefined: 1, SShort: 2, SLong: 4, SRational: 8,
	Float: 4, Double: 8, IFD: 4, Long8: 8, SLong8: 8, IFD8: 8,
}

// Size returns the bytes of one value, or 0 for a type that there is not.
func (t Type) Size() int {
	if int(t) >= len(sizes) {
		return 0
	}
	return sizes[t]
}

// ErrFormat is the error of what is no directory.
var ErrFormat = errors.New("not a TIFF structure")

// File is the head of a TIFF structure: how its numbers are written, and where its first directory stands.
type File struct {
	Order binary.ByteOrder
	Big   bool // BigTIFF: offsets of 8 bytes
	First int64
}

// ReadFile reads the head of a TIFF structure that begins at 0. The errors are ErrFormat and those of r.
func ReadFile(r io.ReaderAt) (File, error) {
	b, err := readAt(r, 0, 8)
	if err != nil {
		return File{}, err
	}
	f := File{Order: binary.LittleEndian}
	if b[0] == 'M' {
		f.Order = binary.BigEndian
	}
	switch string(b[:4]) {
	case "II*\x00", "MM\x00*":
		f.First = int64(f.Order.Uint32(b[4:]))
	case "II+\x00", "MM\x00+":
		f.Big = true
		if f.Order.Uint16(b[4:]) != 8 || f.Order.Uint16(b[6:]) != 0 { // bytes of an offset, and nothing
			return f, ErrFormat
		}
		if b, err = readAt(r, 8, 8); err != nil {
			return f, err
		}
		if f.First = int64(f.Order.Uint64(b)); f.First < 0 {
			return f, ErrFormat
		}
	default:
		return f, ErrFormat
	}
	return f, nil
}

// AppendHead appends the 8 bytes that begin a TIFF structure, but a BigTIFF, whose first directory stands at an offset.
func AppendHead(dst []byte, order binary.ByteOrder, first uint32) []byte {
	sign := "II*\x00"
	if order == binary.ByteOrder(binary.BigEndian) {
		sign = "MM\x00*"
	}
	return appendUint32(order, append(dst, sign...), first)
}

// Entry is one entry of a directory.
type Entry struct {
	Tag   uint16
	Type  Type
	Count int64
	At    int64  // offset of the first value
	Value []byte // all values as they are coded; nil where they were not loaded
}

// Size returns the bytes of all values, or -1 where the type is unknown or that is absurd.
func (e Entry) Size() int64 {
	n := int64(e.Type.Size())
	if n == 0 || e.Count < 0 || e.Count > math.MaxInt64/n {
		return -1
	}
	return n * e.Count
}

// Directory is one directory. Its values are still in the file.
type Directory struct {
	Order   binary.ByteOrder
	At      int64 // offset of the directory
	Entries []Entry
	Next    int64 // offset of the next directory; 0: none
}

// maxEntries is how many entries of a directory are read; that of a classic TIFF has at most so many.
const maxEntries = 65535

// ReadDirectory reads the directory at an offset. One that breaks off before its Next has none.
func (f File) ReadDirectory(r io.ReaderAt, at int64) (Directory, error) {
	head, each, word := 2, 12, 4
	if f.Big {
		head, each, word = 8, 20, 8
	}
	d := Directory{Order: f.Order, At: at}
	b, err := readAt(r, at, head)
	if err != nil {
		return d, err
	}
	n := f.number(b)
	if n > maxEntries {
		return d, fmt.Errorf("%w: a directory of %d entries", ErrFormat, n)
	}
	at += int64(head)
	if b, err = readAt(r, at, each*int(n)); err != nil {
		return d, err
	}
	for i := 0; i < len(b); i += each {
		e := Entry{Tag: f.Order.Uint16(b[i:]), Type: Type(f.Order.Uint16(b[i+2:])), Count: int64(f.number(b[i+4:][:word]))}
		e.At = at + int64(i+4+word)
		if size := e.Size(); size > int64(word) {
			e.At = int64(f.number(b[i+4+word:][:word]))
		}
		d.Entries = append(d.Entries, e)
	}
	if b, err = readAt(r, at+int64(each)*int64(n), word); err == nil {
		d.Next = max(0, int64(f.number(b)))
	}
	return d, nil
}

// number reads an unsigned number of 2, 4 or 8 bytes.
func (f File) number(b []byte) uint64 {
	switch len(b) {
	case 2:
		return uint64(f.Order.Uint16(b))
	case 4:
		return uint64(f.Order.Uint32(b))
	}
	return f.Order.Uint64(b)
}

// Find returns the first entry of a tag.
func (d Directory) Find(tag uint16) (Entry, bool) {
	i := slices.IndexFunc(d.Entries, func(e Entry) bool { return e.Tag == tag })
	if i < 0 {
		return Entry{}, false
	}
	return d.Entries[i], true
}

// Load reads the values of an entry of at most most bytes. A larger one is an error, as is one of an unknown type.
func (e Entry) Load(r io.ReaderAt, most int64) ([]byte, error) {
	n := e.Size()
	switch {
	case n < 0:
		return nil, fmt.Errorf("%w: tag %d has %d values of type %d", ErrFormat, e.Tag, e.Count, e.Type)
	case n > most:
		return nil, fmt.Errorf("%w: tag %d has %d bytes, at most %d are read", ErrFormat, e.Tag, n, most)
	case e.Value != nil:
		return e.Value, nil
	}
	return readAt(r, e.At, int(n))
}

// Uints returns the values of a tag of whole numbers that are not negative, at most most of them, or nil where there is
// no such tag, it is of another type, or it cannot be read.
func (d Directory) Uints(r io.ReaderAt, tag uint16, most int64) []uint64 {
	e, ok := d.Find(tag)
	if !ok {
		return nil
	}
	switch e.Type {
	case Byte, Undefined, Short, Long, IFD, Long8, IFD8:
	default:
		return nil
	}
	if e.Count > most {
		return nil
	}
	b, err := e.Load(r, 8*most)
	if err != nil {
		return nil
	}
	out, size := make([]uint64, e.Count), e.Type.Size()
	for i := range out {
		switch v := b[i*size:]; size {
		case 1:
			out[i] = uint64(v[0])
		case 2:
			out[i] = uint64(d.Order.Uint16(v))
		case 4:
			out[i] = uint64(d.Order.Uint32(v))
		default:
			out[i] = d.Order.Uint64(v)
		}
	}
	return out
}

// Uint returns the first value of a tag of whole numbers.
func (d Directory) Uint(r io.ReaderAt, tag uint16) (uint64, bool) {
	if e, ok := d.Find(tag); ok && e.Count > 0 {
		e.Count, e.Value = 1, nil
		if size := e.Size(); size > 0 {
			if v := (Directory{Order: d.Order, Entries: []Entry{e}}).Uints(r, tag, 1); v != nil {
				return v[0], true
			}
		}
	}
	return 0, false
}

// Append appends a directory of a classic TIFF, and behind it those values that do not fit into its entries, to dst,
// whose first byte is that at offset base of the TIFF structure. Entries come out in order of their tags, with Value, or
// where that is nil, with the Count values that stand at offset At already; next is the offset of the next directory. It returns the offset at which the directory stands; all offsets must fit
// into 32 bits.
func Append(dst []byte, base int64, order binary.ByteOrder, entries []Entry, next int64) (out []byte, at int64) {
	if (base+int64(len(dst)))%2 != 0 { // a directory begins on a word (TIFF 6.0, page 14)
		dst = append(dst, 0)
	}
	at = base + int64(len(dst))
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, func(a, b Entry) int { return int(a.Tag) - int(b.Tag) })
	behind := at + 2 + 12*int64(len(entries)) + 4
	var values []byte
	dst = appendUint16(order, dst, uint16(len(entries)))
	for _, e := range entries {
		dst = appendUint16(order, dst, e.Tag)
		dst = appendUint16(order, dst, uint16(e.Type))
		if e.Value == nil && e.Count > 0 {
			dst = appendUint32(order, appendUint32(order, dst, uint32(e.Count)), uint32(e.At))
			continue
		}
		dst = appendUint32(order, dst, uint32(len(e.Value)/max(e.Type.Size(), 1)))
		if len(e.Value) <= 4 {
			dst = append(append(dst, e.Value...), make([]byte, 4-len(e.Value))...)
			continue
		}
		dst = appendUint32(order, dst, uint32(behind+int64(len(values))))
		values = append(values, e.Value...)
		if len(values)%2 != 0 {
			values = append(values, 0)
		}
	}
	return append(appendUint32(order, dst, uint32(next)), values...), at
}

func appendUint16(o binary.ByteOrder, b []byte, v uint16) []byte {
	b = append(b, 0, 0)
	o.PutUint16(b[len(b)-2:], v)
	return b
}

func appendUint32(o binary.ByteOrder, b []byte, v uint32) []byte {
	b = append(b, 0, 0, 0, 0)
	o.PutUint32(b[len(b)-4:], v)
	return b
}

// readAt reads exactly n bytes.
func readAt(r io.ReaderAt, off int64, n int) ([]byte, error) {
	if off < 0 {
		return nil, ErrFormat
	}
	// Memory is taken as it is filled: n is the word of a file, which may be shorter.
	const first = 1 << 16
	b := make([]byte, min(n, first))
	for got := 0; ; {
		k, err := r.ReadAt(b[got:], off+int64(got))
		if got += k; got < len(b) {
			if err == nil || errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		if got == n {
			return b, nil
		}
		b = append(b, make([]byte, min(n-got, 16*got))...)
	}
}
