package meta

import (
	"bytes"
	"slices"

	"github.com/imgpar/imgpar/codec/ifd"
)

// Facts are what EXIF must say of the picture that it is put beside.
type Facts struct {
	Width, Height int
	TIFF          bool // it is in a TIFF, which says by itself how large the picture is and what it consists of, not in a JPEG
	Gray          bool
	Profiled      bool // it has a colour profile: without one its colours are those of sRGB
	Density       Density
}

// Tags of EXIF that only Complete looks at.
const (
	tagExifVersion     = 0x9000
	tagComponents      = 0x9101 // ComponentsConfiguration
	tagFlashpixVersion = 0xa000
	tagColorSpace      = 0xa001
	tagGPSVersion      = 0
)

// Complete returns a block of EXIF that comes from a PNG or the like, which asks for nothing, with the tags added that
// its directories must have in a JPEG or TIFF (Exif 2.32, tables 17 to 19). Directories that lack some are written anew
// behind the block; all values stay where they are. A block that is complete, or cannot be read, comes back as it is.
func Complete(block []byte, f Facts) []byte {
	x, ok := openEXIF(bytes.Clone(block))
	if !ok {
		return block
	}
	x.completeBelow(ifd.TagExif, f.picture)
	x.completeBelow(ifd.TagGPS, func(*exif, ifd.Directory) []ifd.Entry {
		return []ifd.Entry{{Tag: tagGPSVersion, Type: ifd.Byte, Value: []byte{2, 3, 0, 0}}}
	})
	if !f.TIFF {
		if at, ok := x.add(x.main, f.page(x, x.main)); ok {
			x.file.Order.PutUint32(x.b[4:], uint32(at))
		}
	}
	if len(x.b) == len(block) {
		return block
	}
	x.clear()
	return x.b
}

// page are the tags that IFD0 must have.
func (f Facts) page(x *exif, d ifd.Directory) []ifd.Entry {
	horizontal, vertical, unit := uint32(72), uint32(72), uint16(2)
	_, hasX := d.Find(ifd.TagXResolution)
	_, hasY := d.Find(ifd.TagYResolution)
	if dots, ok := f.Density.Short(); ok && !hasX && !hasY {
		horizontal, vertical, unit = dots.X, dots.Y, uint16(dots.Unit)+1
	}
	return []ifd.Entry{
		{Tag: ifd.TagXResolution, Type: ifd.Rational, Value: x.longs(horizontal, 1)},
		{Tag: ifd.TagYResolution, Type: ifd.Rational, Value: x.longs(vertical, 1)},
		{Tag: ifd.TagResolutionUnit, Type: ifd.Short, Value: x.short(unit)},
		{Tag: tagYCbCrPositioning, Type: ifd.Short, Value: x.short(1)}, // centred, as in JFIF
	}
}

// picture are the tags that the EXIF directory must have.
func (f Facts) picture(x *exif, _ ifd.Directory) []ifd.Entry {
	const sRGB, uncalibrated = 1, 0xffff
	space := uint16(sRGB)
	if f.Profiled {
		space = uncalibrated
	}
	out := []ifd.Entry{
		{Tag: tagExifVersion, Type: ifd.Undefined, Value: []byte("0232")},
		{Tag: tagFlashpixVersion, Type: ifd.Undefined, Value: []byte("0100")},
		{Tag: tagColorSpace, Type: ifd.Short, Value: x.short(space)},
	}
	if f.TIFF {
		return out
	}
	components := []byte{1, 2, 3, 0} // Y, Cb, Cr
	if f.Gray {
		components = []byte{1, 0, 0, 0}
	}
	return append(out,
		ifd.Entry{Tag: tagComponents, Type: ifd.Undefined, Value: components},
		ifd.Entry{Tag: tagPixelX, Type: ifd.Long, Value: x.longs(uint32(f.Width))},
		ifd.Entry{Tag: tagPixelY, Type: ifd.Long, Value: x.longs(uint32(f.Height))},
	)
}

// completeBelow adds tags to the directory that an entry of IFD0 points at.
func (x *exif) completeBelow(pointer uint16, must func(*exif, ifd.Directory) []ifd.Entry) {
	from, ok := x.main.Uint(x.r, pointer)
	if !ok || from >= uint64(len(x.b)) {
		return
	}
	d, err := x.file.ReadDirectory(x.r, int64(from))
	if err != nil {
		return
	}
	if at, ok := x.add(d, must(x, d)); ok {
		x.set(x.main, pointer, uint32(at))
	}
}

// add writes a directory behind the block that has those of the entries, too, whose tags it lacks. It is not ok where it
// lacks none.
func (x *exif) add(d ifd.Directory, must []ifd.Entry) (at int64, ok bool) {
	const each = 12
	must = slices.DeleteFunc(must, func(e ifd.Entry) bool { _, has := d.Find(e.Tag); return has })
	if len(must) == 0 || len(d.Entries)+len(must) > 1<<16-1 {
		return 0, false
	}
	old := x.b[d.At+2:][:each*len(d.Entries)]
	all := slices.Collect(slices.Chunk(slices.Clone(old), each))
	for _, e := range must {
		all = append(all, x.entry(e))
	}
	tag := func(e []byte) int { return int(x.file.Order.Uint16(e)) }
	slices.SortStableFunc(all, func(a, b []byte) int { return tag(a) - tag(b) })
	at = x.even()
	x.b = append(x.b, x.short(uint16(len(all)))...)
	x.b = append(append(x.b, slices.Concat(all...)...), x.longs(uint32(d.Next))...)
	x.r = bytes.NewReader(x.b)
	if s, ok := x.within(d.At, 2+int64(len(old))+4); ok {
		x.gone = append(x.gone, s)
	}
	return at, true
}

// entry returns the bytes of an entry, and puts a value behind the block that does not fit.
func (x *exif) entry(e ifd.Entry) []byte {
	out := append(x.short(e.Tag), x.short(uint16(e.Type))...)
	out = append(out, x.longs(uint32(len(e.Value)/e.Type.Size()))...)
	if len(e.Value) <= 4 {
		return append(append(out, e.Value...), make([]byte, 4-len(e.Value))...)
	}
	at := x.even()
	x.b = append(x.b, e.Value...)
	return append(out, x.longs(uint32(at))...)
}

// even returns where something begins that is put behind the block: on a word (TIFF 6.0, section 2).
func (x *exif) even() int64 {
	if len(x.b)%2 != 0 {
		x.b = append(x.b, 0)
	}
	return int64(len(x.b))
}

func (x *exif) short(v uint16) []byte {
	b := make([]byte, 2)
	x.file.Order.PutUint16(b, v)
	return b
}

func (x *exif) longs(v ...uint32) []byte {
	b := make([]byte, 4*len(v))
	for i, n := range v {
		x.file.Order.PutUint32(b[4*i:], n)
	}
	return b
}
