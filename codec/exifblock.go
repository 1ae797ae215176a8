package codec

import (
	"encoding/binary"
	"slices"

	"github.com/imgpar/imgpar/codec/ifd"
)

const blockHead = 8 // bytes before the first directory of a block

// block returns a TIFF structure of the directories.
func (t *tiffTags) block(o binary.ByteOrder) []byte {
	page, exif := t.withPointers()
	size := func(entries []ifd.Entry) int64 {
		if len(entries) == 0 {
			return 0
		}
		out, _ := ifd.Append(nil, 0, o, entries, 0)
		return int64(len(out))
	}
	dirs := []*[]ifd.Entry{&page, &exif, &t.gps, &t.interop}
	total := int64(0)
	for _, d := range dirs {
		total += size(*d)
	}
	start := int64(blockHead)
	note, noteAt, inFront := heldNote(exif, total)
	if inFront {
		start = (noteAt + int64(len(note)) + 1) &^ 1
	}
	exifAt := start + size(page)
	gpsAt := exifAt + size(exif)
	point(o, page, ifd.TagExif, exifAt)
	point(o, page, ifd.TagGPS, gpsAt)
	point(o, exif, ifd.TagInterop, gpsAt+size(t.gps))
	out := append(ifd.AppendHead(nil, o, uint32(start)), make([]byte, start-blockHead)...)
	for _, d := range dirs {
		if len(*d) > 0 {
			out, _ = ifd.Append(out, 0, o, *d, 0)
		}
	}
	if end := noteAt + int64(len(note)); end > int64(len(out)) {
		out = append(out, make([]byte, end-int64(len(out)))...)
	}
	copy(out[noteAt:], note)
	return out
}

// withPointers returns the directories that point at others, which is not known yet where.
func (t *tiffTags) withPointers() (page, exif []ifd.Entry) {
	pointer := func(tag uint16) ifd.Entry {
		return ifd.Entry{Tag: tag, Type: ifd.Long, Count: 1, Value: make([]byte, 4)}
	}
	page, exif = slices.Clone(t.page), slices.Clone(t.exif)
	if len(t.interop) > 0 {
		exif = append(exif, pointer(ifd.TagInterop))
	}
	if len(exif) > 0 {
		page = append(page, pointer(ifd.TagExif))
	}
	if len(t.gps) > 0 {
		page = append(page, pointer(ifd.TagGPS))
	}
	return page, exif
}

// maxMakerNote is how large a block may be in which a MakerNote stays where it was: one that fits into a JPEG.
const maxMakerNote = 65_000

// heldNote returns a MakerNote that stays where it was, and takes its value out of its entry. It stands in front of the
// directories, which have so many bytes with it, or behind them.
func heldNote(exif []ifd.Entry, total int64) (note []byte, at int64, inFront bool) {
	for i, e := range exif {
		n := int64(len(e.Value))
		if e.Tag != ifd.TagMakerNote || n <= 4 || e.At < blockHead {
			continue
		}
		end := e.At + n
		if inFront = e.At < blockHead+total-n; inFront {
			end += total
		}
		if end > maxMakerNote {
			return nil, 0, false
		}
		exif[i].Value, exif[i].Count = nil, n/int64(max(1, e.Type.Size()))
		return e.Value, e.At, inFront
	}
	return nil, 0, false
}

// point sets an entry that says where a directory is.
func point(o binary.ByteOrder, entries []ifd.Entry, tag uint16, at int64) {
	for _, e := range entries {
		if e.Tag == tag {
			o.PutUint32(e.Value, uint32(at))
		}
	}
}
