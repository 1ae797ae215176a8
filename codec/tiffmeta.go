package codec

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"

	"github.com/imgpar/imgpar/codec/ifd"
	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/codec/tiff"
)

// What a TIFF says of a picture stands among the tags that say how it is stored, and in directories below: EXIF is the
// same structure without the latter. MakerNote is carried as bytes, and stays at its offset if that is below maxMakerNote:
// the offsets in it of many makers count from the start of the file. Elsewhere they do not hold afterwards.

// descriptive are the tags of a page's directory that are carried (Exif 2.32, 4.6.4 and 4.6.5; TIFF 6.0, section 8 and
// 20; 18246, 18249 and 40091 to 40095 are those of Windows' Explorer).
var descriptive = map[uint16]bool{
	11: true, 269: true, ifd.TagImageDescription: true, ifd.TagMake: true, ifd.TagModel: true, ifd.TagOrientation: true,
	ifd.TagXResolution: true, ifd.TagYResolution: true, 285: true, 286: true, 287: true, ifd.TagResolutionUnit: true, 297: true,
	301: true, 531: true, ifd.TagSoftware: true, ifd.TagDateTime: true, ifd.TagArtist: true, 316: true, 318: true, 319: true,
	18246: true, 18249: true, ifd.TagCopyright: true, 40091: true, 40092: true, 40093: true, 40094: true, 40095: true, 50341: true,
}

// structural are the tags that say how a picture is stored, or where another directory is: they are made anew. 263 to
// 265, 280 and 281, 288 and 289, 321 and 333 to 345 say what no reader needs; 512 to 532 are those of old JPEGs and of
// YCbCr, of which EXIF must have 531.
func structural(tag uint16) bool {
	switch {
	case tag >= 254 && tag <= 266, tag == 273, tag >= 277 && tag <= 281, tag == 284, tag == 288, tag == 289, tag == 292, tag == 293,
		tag == 317, tag >= 320 && tag <= 328, tag == 330, tag >= 332 && tag <= 345, tag == 347, tag >= 512 && tag <= 530, tag == 532:
		return true
	}
	switch tag {
	case ifd.TagExif, ifd.TagGPS, ifd.TagInterop, ifd.TagICC, ifd.TagXMP, ifd.TagIPTC, ifd.TagPhotoshop:
		return true
	}
	return false
}

// tiffMetadata returns what a page says beside its pixels. What is damaged is left out, by name: it does not make the
// picture unreadable.
func tiffMetadata(f *tiff.File, p *tiff.Page) meta.Data {
	t := &tiffTags{head: f.File, r: f, left: maxTextChunk}
	t.Other = slices.Clone(p.LeftOut)
	var resources []byte
	for _, e := range t.distinct(p.Dir) {
		switch tag := e.Tag; {
		case tag == ifd.TagICC:
			t.ICC = t.value(e, "ICC profile")
		case tag == ifd.TagXMP:
			t.XMP = t.value(e, "XMP")
		case tag == ifd.TagIPTC:
			t.IPTC = meta.TrimIPTC(t.value(e, "IPTC"))
		case tag == ifd.TagPhotoshop:
			resources = t.value(e, "Photoshop resources")
		case tag == ifd.TagExif:
			t.exif = t.below(e, "EXIF")
		case tag == ifd.TagGPS:
			t.gps = t.below(e, "GPS")
		case descriptive[tag]:
			if e.Value = t.value(e, "descriptive tags"); e.Value != nil {
				t.page = append(t.page, e)
			}
		case !structural(tag):
			t.Omit(foreignTag(tag))
		}
	}
	t.takeInterop()
	t.IPTC = meta.JoinIPTC(resources, t.IPTC)
	if t.says() {
		t.EXIF = t.block(p.Dir.Order)
	}
	return t.Data
}

// foreignTag names a tag that is not carried.
func foreignTag(tag uint16) string {
	switch {
	case tag == 33550 || tag == 33922 || tag >= 34735 && tag <= 34737 || tag == 34264 || tag == 42112 || tag == 42113:
		return "GeoTIFF tags"
	case tag == 290 || tag == 291:
		return "gray response curve"
	case tag >= 32768:
		return "private tags"
	}
	return "other TIFF tags"
}

// tiffTags collects the metadata of a page.
type tiffTags struct {
	meta.Data
	head                     ifd.File
	r                        io.ReaderAt // of the structure that head begins
	page, exif, gps, interop []ifd.Entry // with their values
	left                     int64       // bytes of values that are still read
}

// value returns the values of a tag, or nil.
func (t *tiffTags) value(e ifd.Entry, name string) []byte {
	b, err := e.Load(t.r, t.left)
	if err != nil {
		t.Omit("damaged " + name)
		return nil
	}
	t.left -= int64(len(b))
	return b
}

// below returns a directory that an entry points at.
func (t *tiffTags) below(e ifd.Entry, name string) []ifd.Entry {
	at, ok := ifd.Directory{Order: t.head.Order, Entries: []ifd.Entry{e}}.Uint(t.r, e.Tag)
	if !ok || at > 1<<62 {
		t.Omit("damaged " + name)
		return nil
	}
	d, err := t.head.ReadDirectory(t.r, int64(at))
	if err != nil {
		t.Omit("damaged " + name)
		return nil
	}
	var out []ifd.Entry
	for _, e := range t.distinct(d) {
		if e.Value = t.value(e, name+" tags"); e.Value != nil {
			out = append(out, e)
		}
	}
	return out
}

// maxTags is how many tags of a directory are carried.
const maxTags = 4096

// distinct returns the first entry of each tag.
func (t *tiffTags) distinct(d ifd.Directory) []ifd.Entry {
	var out []ifd.Entry
	seen := map[uint16]bool{}
	for _, e := range d.Entries {
		if !seen[e.Tag] && len(out) < maxTags {
			out = append(out, e)
		} else {
			t.Omit("repeated tags")
		}
		seen[e.Tag] = true
	}
	return out
}

// takeInterop reads the directory that EXIF's points at, and takes away the pointer.
func (t *tiffTags) takeInterop() {
	isPointer := func(e ifd.Entry) bool { return e.Tag == ifd.TagInterop }
	if i := slices.IndexFunc(t.exif, isPointer); i >= 0 {
		t.interop = t.below(t.exif[i], "interoperability")
		t.exif = slices.DeleteFunc(t.exif, isPointer)
	}
}

// says tells whether there is more than what every TIFF has: that a picture is upright, and has 72 dots an inch or pixels
// of no size.
func (t *tiffTags) says() bool {
	if len(t.exif)+len(t.gps) > 0 {
		return true
	}
	plain := true
	for _, e := range t.page {
		if e.Tag != ifd.TagOrientation && e.Tag != ifd.TagResolutionUnit {
			dots := e.Tag == ifd.TagXResolution || e.Tag == ifd.TagYResolution
			plain = plain && dots && e.Type == ifd.Rational && isDefaultResolution(t.head.Order, e.Value)
		}
	}
	return !plain
}

func isDefaultResolution(o binary.ByteOrder, v []byte) bool {
	if len(v) != 8 {
		return false
	}
	n, d := o.Uint32(v), o.Uint32(v[4:])
	return n == 72*d || n == d
}

// tiffDescription returns m as the directories of a little-endian TIFF. It reports an EXIF block that cannot be read.
func tiffDescription(m meta.Data) (tiff.Description, error) {
	var d tiff.Description
	if m.EXIF != nil {
		t, err := readEXIF(m.EXIF)
		if err != nil {
			return d, err
		}
		d = tiff.Description{Tags: t.page, EXIF: t.exif, GPS: t.gps, Interop: t.interop}
	}
	d.Tags = withResolution(d.Tags, m.Density)
	put := func(tag uint16, kind ifd.Type, b []byte) {
		if len(b) > 0 {
			d.Tags = append(d.Tags, ifd.Entry{Tag: tag, Type: kind, Value: b})
		}
	}
	iptc, resources := meta.SplitIPTC(m.IPTC)
	put(ifd.TagXMP, ifd.Byte, m.XMP)
	put(ifd.TagICC, ifd.Undefined, m.ICC)
	for len(iptc)%4 != 0 { // that tag is of LONGs, whatever the order of their bytes
		iptc = append(iptc[:len(iptc):len(iptc)], 0)
	}
	put(ifd.TagIPTC, ifd.Long, iptc)
	put(ifd.TagPhotoshop, ifd.Byte, resources)
	return d, nil
}

// readEXIF reads an EXIF block into little-endian entries. Its second directory, of a thumbnail, is left out. The picture
// is upright, whatever the block says.
func readEXIF(block []byte) (*tiffTags, error) {
	r := bytes.NewReader(block)
	head, err := ifd.ReadFile(r)
	if err != nil {
		return nil, err
	}
	d, err := head.ReadDirectory(r, head.First)
	if err != nil {
		return nil, err
	}
	t := &tiffTags{head: head, r: r, left: maxTextChunk}
	for _, e := range t.distinct(d) {
		switch {
		case e.Tag == ifd.TagExif:
			t.exif = t.below(e, "EXIF")
		case e.Tag == ifd.TagGPS:
			t.gps = t.below(e, "GPS")
		case !structural(e.Tag):
			if e.Value = t.value(e, "EXIF"); e.Value != nil {
				t.page = append(t.page, e)
			}
		}
	}
	t.takeInterop()
	if len(t.Other) > 0 {
		return nil, io.ErrUnexpectedEOF
	}
	for _, entries := range [][]ifd.Entry{t.page, t.exif, t.gps, t.interop} {
		for i := range entries {
			entries[i].Value = littleEndian(head.Order, entries[i])
			if entries[i].Tag == ifd.TagOrientation {
				entries[i] = ifd.Entry{Tag: ifd.TagOrientation, Type: ifd.Short, Value: []byte{1, 0}}
			}
		}
	}
	return t, nil
}

// littleEndian returns the values of an entry in that order.
func littleEndian(from binary.ByteOrder, e ifd.Entry) []byte {
	unit := e.Type.Size()
	if e.Type == ifd.Rational || e.Type == ifd.SRational {
		unit = 4
	}
	if from == binary.ByteOrder(binary.LittleEndian) || unit == 1 {
		return e.Value
	}
	out := slices.Clone(e.Value)
	for i := 0; i+unit <= len(out); i += unit {
		slices.Reverse(out[i : i+unit])
	}
	return out
}

// withResolution adds the resolution that a TIFF must have (TIFF 6.0, sections 3 to 6), where EXIF has not said it: that
// of a JFIF segment or a pHYs chunk, or where it is not known, that which EXIF has by default.
func withResolution(tags []ifd.Entry, d meta.Density) []ifd.Entry {
	if slices.ContainsFunc(tags, func(e ifd.Entry) bool { return e.Tag == ifd.TagXResolution }) {
		d = meta.Density{} // the unit of one is none for the other
	}
	add := func(tag uint16, kind ifd.Type, v []byte) {
		if !slices.ContainsFunc(tags, func(e ifd.Entry) bool { return e.Tag == tag }) {
			tags = append(tags, ifd.Entry{Tag: tag, Type: kind, Value: v})
		}
	}
	order := binary.LittleEndian
	dots := func(v, by uint32) []byte { return order.AppendUint32(order.AppendUint32(nil, v), by) }
	d, by, unit := printed(d)
	add(ifd.TagXResolution, ifd.Rational, dots(d.X, by))
	add(ifd.TagYResolution, ifd.Rational, dots(d.Y, by))
	add(ifd.TagResolutionUnit, ifd.Short, []byte{unit, 0})
	return tags
}

// printed returns a density as TIFF has it, with numbers to be divided by one, and the unit (section 8).
func printed(d meta.Density) (out meta.Density, by uint32, unit byte) {
	if d == (meta.Density{}) {
		d = meta.Density{X: 72, Y: 72, Unit: meta.Inch}
	}
	if d.Unit == meta.Metre {
		inches, ok := d.Short()
		if back, same := inches.PerMetre(); !ok || !same || back != d {
			return d, 100, 3
		}
		d = inches
	}
	return d, 1, map[meta.Unit]byte{meta.Aspect: 1, meta.Inch: 2, meta.Centimetre: 3}[d.Unit]
}

// isEXIF tells whether an EXIF block can be taken apart.
func isEXIF(block []byte) bool {
	_, err := readEXIF(block)
	return err == nil
}
