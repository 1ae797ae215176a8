package tiff

import (
	"bytes"
	"encoding/binary"
	"image"
	"slices"

	"github.com/imgpar/imgpar/codec/ifd"
)

// stripBytes is about how many bytes of pixels a strip has that is written.
const stripBytes = 128 << 10

// Description is what a page says of itself beside its pixels. Values are little-endian; entries that say how pixels are
// stored, or where another directory is, may not be among them.
type Description struct {
	Tags               []ifd.Entry // of the page's directory
	EXIF, GPS, Interop []ifd.Entry // of directories below; a MakerNote's At is where it stood, 0 if that is nothing to it
	// Gray lets a picture that has transparency and only grays be written as gray and alpha.
	Gray bool
}

// Writer writes a little-endian classic TIFF, page by page. Pixels are compressed by LZW, but for palettes with horizontal
// differences. A page that this would make no smaller, of noise, is not compressed.
type Writer struct {
	buf  *bytes.Buffer
	base int // bytes that were in buf before
	next int // where the offset of the next directory is to be put
	rows []byte
	lzw  lzwPacker
}

// NewWriter begins a TIFF at the end of buf.
func NewWriter(buf *bytes.Buffer) *Writer {
	w := &Writer{buf: buf, base: buf.Len()}
	buf.Write(ifd.AppendHead(nil, little, 0))
	w.next = buf.Len() - 4
	return w
}

var little = binary.LittleEndian

// WritePage writes a page: *image.Gray, Gray16, RGBA, RGBA64, NRGBA, NRGBA64 or Paletted, whose colours are opaque. What
// is transparent has an alpha channel, associated or not as the type has it. A *LimitError says that the file would be
// too large for a TIFF.
func (w *Writer) WritePage(m image.Image, d Description) error {
	l, err := newLayout(m, d.Gray)
	if err != nil {
		return err
	}
	d.EXIF = w.keepPlace(d.EXIF)
	offsets, sizes := w.pixels(l)
	at, err := w.directory(append(l.entries(offsets, sizes), d.Tags...), d)
	if err != nil {
		return err
	}
	little.PutUint32(w.buf.Bytes()[w.next:], uint32(at))
	entries := int(little.Uint16(w.buf.Bytes()[w.base+int(at):]))
	w.next = w.base + int(at) + 2 + 12*entries
	return nil
}

// maxGap is how many bytes a file may have for nothing but that a MakerNote stands where it did.
const maxGap = 64 << 10

// keepPlace writes a MakerNote to the offset that it had where it comes from, if that is not far ahead: offsets in it,
// which only its maker knows, hold then.
func (w *Writer) keepPlace(exif []ifd.Entry) []ifd.Entry {
	out := slices.Clone(exif)
	for i, e := range out {
		if gap := e.At - w.at(); e.Tag == ifd.TagMakerNote && len(e.Value) > 4 && gap >= 0 && gap <= maxGap {
			w.buf.Write(make([]byte, gap))
			w.buf.Write(e.Value)
			out[i].Value, out[i].Count = nil, int64(len(e.Value)/max(1, e.Type.Size()))
		}
	}
	return out
}

// at returns the offset of what is written next.
func (w *Writer) at() int64 { return int64(w.buf.Len() - w.base) }

// check reports a file whose offsets would not fit into 32 bits.
func (w *Writer) check() error { return checkOffset(w.at()) }

func checkOffset(at int64) error {
	if at > 1<<32-1 {
		return overf("more than 4 GiB in a TIFF")
	}
	return nil
}

// pixels writes the pixels in the shorter way, which l says then.
func (w *Writer) pixels(l *layout) (offsets, sizes []uint32) {
	start := w.buf.Len()
	l.compression = compLZW
	offsets, sizes = w.strips(l)
	if w.buf.Len()-start < l.bytes() {
		return offsets, sizes
	}
	w.buf.Truncate(start)
	l.compression = compNone
	return w.strips(l)
}

// strips writes the pixels as l says. It breaks off where compression makes them no smaller. Offsets that do not fit are
// left to check.
func (w *Writer) strips(l *layout) (offsets, sizes []uint32) {
	packed := 0
	for y := 0; y < l.height && packed < l.bytes(); y += l.rows {
		strip := w.strip(l, y, min(l.rows, l.height-y))
		if l.compression == compLZW {
			strip = w.lzw.pack(strip)
			packed += len(strip)
		}
		offsets, sizes = append(offsets, uint32(w.at())), append(sizes, uint32(len(strip)))
		w.buf.Write(strip)
	}
	return offsets, sizes
}

// strip returns n rows as they are stored before they are packed, in memory that the next call takes again.
func (w *Writer) strip(l *layout, y, n int) []byte {
	size := l.rowBytes()
	if cap(w.rows) < n*size {
		w.rows = make([]byte, n*size)
	}
	for i := range n {
		row := w.rows[i*size:][:size]
		l.row(row, y+i)
		if l.compression == compLZW {
			l.differences(row)
		}
	}
	return w.rows[:n*size]
}

// directory writes the directory of a page, and those below it. It returns its offset.
func (w *Writer) directory(tags []ifd.Entry, d Description) (int64, error) {
	exif := d.EXIF
	if len(d.Interop) > 0 {
		exif = append(exif[:len(exif):len(exif)], longs(ifd.TagInterop, uint32(w.append(d.Interop))))
	}
	if len(exif) > 0 {
		tags = append(tags, longs(ifd.TagExif, uint32(w.append(exif))))
	}
	if len(d.GPS) > 0 {
		tags = append(tags, longs(ifd.TagGPS, uint32(w.append(d.GPS))))
	}
	at := w.append(tags)
	return at, w.check()
}

// append writes a directory and returns its offset.
func (w *Writer) append(entries []ifd.Entry) int64 {
	out, at := ifd.Append(nil, w.at(), little, entries, 0)
	w.buf.Write(out)
	return at
}
