package meta

import (
	"bytes"

	"github.com/imgpar/imgpar/codec/ifd"
)

// Tags of EXIF directories (Exif 2.32, section 4.6) that only this package looks at.
const (
	tagPixelX           = 0xa002
	tagPixelY           = 0xa003
	tagSubIFDs          = 330
	tagYCbCrPositioning = 531
	tagStripOffsets     = 273
	tagStripByteCounts  = 279
	tagThumbnail        = 513 // offset of a thumbnail in JPEG
	tagThumbnailLength  = 514
)

// maxDirectories is how many directories of a block of EXIF are visited. Five are usual.
const maxDirectories = 20

// exif is a block of EXIF in work. Offsets count from its first byte.
type exif struct {
	b    []byte
	r    *bytes.Reader // of b
	file ifd.File
	main ifd.Directory // IFD0
	gone []span        // what was taken out of the structure
}

func openEXIF(block []byte) (*exif, bool) {
	x := &exif{b: block, r: bytes.NewReader(block)}
	var err error
	if x.file, err = ifd.ReadFile(x.r); err != nil || x.file.Big {
		return nil, false
	}
	x.main, err = x.file.ReadDirectory(x.r, x.file.First)
	return x, err == nil
}

// Orientation returns the orientation in a block of EXIF, 1 to 8, or 1 if it says nothing that can be understood.
func Orientation(block []byte) int {
	if x, ok := openEXIF(block); ok {
		if v, ok := x.main.Uint(x.r, ifd.TagOrientation); ok && v >= 1 && v <= 8 {
			return int(v)
		}
	}
	return 1
}

// exif returns a block of EXIF as e says. It is not ok where it had to be understood for that and was not.
func (e Edit) exif(block []byte) (out []byte, ok bool) {
	if block == nil || !e.StripGPS && !e.Upright && !e.repainted() {
		return block, true
	}
	x, ok := openEXIF(bytes.Clone(block))
	if !ok {
		return block, !e.StripGPS // what cannot be read names no thumbnail and no size
	}
	if e.repainted() {
		x.dropThumbnail()
	}
	if e.StripGPS && !x.dropGPS() {
		return nil, false
	}
	if e.Upright {
		x.set(x.main, ifd.TagOrientation, 1)
	}
	if e.Width > 0 {
		x.resize(uint32(e.Width), uint32(e.Height))
	}
	if len(x.main.Entries) == 0 {
		return nil, true
	}
	x.clear()
	if bytes.Equal(x.b, block) {
		return block, true
	}
	return x.b, true
}

// resize corrects the dimensions.
func (x *exif) resize(width, height uint32) {
	x.set(x.main, ifd.TagImageWidth, width)
	x.set(x.main, ifd.TagImageLength, height)
	if at, ok := x.main.Uint(x.r, ifd.TagExif); ok {
		if d, err := x.file.ReadDirectory(x.r, int64(at)); err == nil {
			x.set(d, tagPixelX, width)
			x.set(d, tagPixelY, height)
		}
	}
}

// set writes a number into the entries of a tag, as their type holds it. One of another type, or too small for it,
// becomes a LONG, or SHORT. A value that stands outside of the block stays as it is: nobody can read it.
func (x *exif) set(d ifd.Directory, tag uint16, v uint32) {
	for i, e := range d.Entries {
		size := e.Size()
		if e.Tag != tag || size <= 0 || e.At+size > int64(len(x.b)) {
			continue
		}
		at := x.b[e.At:]
		switch each := e.Type.Size(); {
		case (e.Type == ifd.Byte || e.Type == ifd.Undefined) && v < 1<<8:
			at[0] = byte(v)
		case e.Type == ifd.Short && v < 1<<16:
			x.file.Order.PutUint16(at, uint16(v))
		case e.Type == ifd.Long:
			x.file.Order.PutUint32(at, v)
		default:
			if e.Count > 0 && each > 0 {
				x.replace(d, i, v)
			}
		}
	}
}

// replace makes an entry one of a single number.
func (x *exif) replace(d ifd.Directory, i int, v uint32) {
	e := x.b[d.At+2+12*int64(i):][:12]
	x.file.Order.PutUint32(e[4:], 1)
	x.file.Order.PutUint32(e[8:], 0)
	if v < 1<<16 {
		x.file.Order.PutUint16(e[2:], uint16(ifd.Short))
		x.file.Order.PutUint16(e[8:], uint16(v))
		return
	}
	x.file.Order.PutUint16(e[2:], uint16(ifd.Long))
	x.file.Order.PutUint32(e[8:], v)
}

// dropThumbnail cuts the directories behind the first, which describe a thumbnail (Exif 2.32, section 4.5.1).
func (x *exif) dropThumbnail() {
	at := x.main.Next
	for i := 0; at != 0 && i < maxDirectories; i++ {
		d, err := x.file.ReadDirectory(x.r, at)
		if err != nil {
			break
		}
		x.gone = append(x.gone, x.extents(d)...)
		at = d.Next
	}
	if next := x.main.At + 2 + 12*int64(len(x.main.Entries)); x.main.Next != 0 {
		x.file.Order.PutUint32(x.b[next:], 0)
		x.main.Next = 0
	}
}

// dropGPS takes out the GPS directories, and XMP within EXIF that names coordinates. It is not ok where not all can be
// read, or where there are more than maxDirectories: each costs as much as all that stand in its block.
func (x *exif) dropGPS() (ok bool) {
	all, ok := x.directories()
	found := 0
	for _, at := range all {
		d, err := x.file.ReadDirectory(x.r, at)
		if err != nil {
			continue
		}
		for i := len(d.Entries) - 1; i >= 0; i-- {
			e := d.Entries[i]
			if e.Tag == ifd.TagGPS || e.Tag == ifd.TagXMP {
				if found++; found > maxDirectories {
					return false
				}
			}
			switch e.Tag {
			case ifd.TagGPS:
				if !x.takeOut(d, e) {
					return false
				}
				d = x.remove(d, i)
			case ifd.TagXMP:
				packet, err := e.Load(x.r, int64(len(x.b)))
				if err == nil && !mentionsGPS(packet) {
					continue
				}
				if s, ok := x.value(e); ok {
					x.gone = append(x.gone, s)
				}
				d = x.remove(d, i)
			}
		}
	}
	main, err := x.file.ReadDirectory(x.r, x.file.First)
	x.main = main
	return ok && err == nil
}

// takeOut notes what the directory takes that an entry points to.
func (x *exif) takeOut(d ifd.Directory, e ifd.Entry) (ok bool) {
	at, ok := ifd.Directory{Order: d.Order, Entries: []ifd.Entry{e}}.Uint(x.r, e.Tag)
	if !ok || at >= uint64(len(x.b)) {
		return true // it points nowhere
	}
	gps, err := x.file.ReadDirectory(x.r, int64(at))
	if err != nil {
		return false
	}
	x.gone = append(x.gone, x.extents(gps)...)
	return true
}

// remove takes entry i out of a directory: those behind it move up.
func (x *exif) remove(d ifd.Directory, i int) ifd.Directory {
	n := len(d.Entries)
	start := d.At + 2
	all := x.b[start:min(start+12*int64(n)+4, int64(len(x.b)))]
	copy(all[12*i:], all[12*(i+1):])
	clear(all[len(all)-12:])
	x.file.Order.PutUint16(x.b[d.At:], uint16(n-1))
	d, _ = x.file.ReadDirectory(x.r, d.At) // which is shorter, and so still there
	return d
}
