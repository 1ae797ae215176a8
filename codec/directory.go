package codec

import (
	"encoding/binary"
	"io"
)

// tagOrientation is the only tag of EXIF that is looked at here.
const tagOrientation = 274

// directory is a TIFF image file directory (TIFF 6.0, section 2), of a TIFF
// file or of EXIF metadata, which has the same structure.
type directory struct {
	order   binary.ByteOrder
	entries []byte // 12 bytes each
	off     int64  // of entries
	next    uint32 // offset of the next directory; 0: none
}

// readDirectory reads the first directory.
func readDirectory(r io.ReaderAt) (directory, error) {
	b, err := readAt(r, 0, 8)
	if err != nil {
		return directory{}, err
	}
	d := directory{order: binary.LittleEndian}
	if b[0] == 'M' {
		d.order = binary.BigEndian
	}
	if s := string(b[:4]); s != "II*\x00" && s != "MM\x00*" {
		return d, corruptf("no TIFF header")
	}
	start := int64(d.order.Uint32(b[4:]))
	if b, err = readAt(r, start, 2); err != nil {
		return d, err
	}
	n := int(d.order.Uint16(b))
	d.off = start + 2
	if b, err = readAt(r, d.off, 12*n); err != nil {
		return d, err
	}
	d.entries = b
	if b, err = readAt(r, d.off+int64(12*n), 4); err == nil { // some writers leave it out
		d.next = d.order.Uint32(b)
	}
	return d, nil
}

// A field is the value of one directory entry.
type field struct {
	size  int   // bytes of one value: 1, 2 or 4
	count int64 // values
	at    int64 // offset of the first value
}

// find returns the field of a tag of type BYTE, SHORT, LONG or UNDEFINED.
// Values that do not fit into the entry stand elsewhere in the file.
func (d directory) find(tag uint16) (field, bool) {
	for i := 0; i+12 <= len(d.entries); i += 12 {
		e := d.entries[i : i+12]
		if d.order.Uint16(e) != tag {
			continue
		}
		size := map[uint16]int{1: 1, 3: 2, 4: 4, 7: 1}[d.order.Uint16(e[2:])]
		f := field{size, int64(d.order.Uint32(e[4:])), d.off + int64(i) + 8}
		if int64(size)*f.count > 4 {
			f.at = int64(d.order.Uint32(e[8:]))
		}
		return f, size > 0 && f.count > 0
	}
	return field{}, false
}

// uint returns the first value of a tag.
func (d directory) uint(r io.ReaderAt, tag uint16) (uint32, bool) {
	f, ok := d.find(tag)
	if !ok {
		return 0, false
	}
	b, err := readAt(r, f.at, f.size)
	if err != nil {
		return 0, false
	}
	switch f.size {
	case 1:
		return uint32(b[0]), true
	case 2:
		return uint32(d.order.Uint16(b)), true
	}
	return d.order.Uint32(b), true
}
