package main

import "encoding/binary"

// byteOrder is what TIFF and EXIF choose from.
type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// Tags of TIFF 6.0; orientation is also EXIF's.
const (
	tagImageWidth      = 256
	tagImageLength     = 257
	tagBitsPerSample   = 258
	tagCompression     = 259
	tagPhotometric     = 262
	tagDescription     = 270
	tagStripOffsets    = 273
	tagOrientation     = 274
	tagSamplesPerPixel = 277
	tagRowsPerStrip    = 278
	tagStripByteCounts = 279
	tagXResolution     = 282
	tagYResolution     = 283
	tagSoftware        = 305
	tagPredictor       = 317
	tagColorMap        = 320
	tagExtraSamples    = 338
)

// Types of fields.
const (
	typeASCII    = 2
	typeShort    = 3
	typeLong     = 4
	typeRational = 5
)

// entry is one field of an image file directory. text is for ASCII, values for
// SHORT, LONG and RATIONAL.
type entry struct {
	tag, kind int
	values    []int
	text      string
}

func short(tag int, values ...int) entry { return entry{tag: tag, kind: typeShort, values: values} }
func long(tag int, values ...int) entry  { return entry{tag: tag, kind: typeLong, values: values} }
func rational(tag, numerator, denominator int) entry {
	return entry{tag: tag, kind: typeRational, values: []int{numerator, denominator}}
}
func ascii(tag int, text string) entry { return entry{tag: tag, kind: typeASCII, text: text + "\x00"} }

// tiffHeader begins a TIFF or EXIF structure whose directory stands at offset.
func tiffHeader(order byteOrder, offset int) []byte {
	out := []byte("II")
	if order == bigEndian {
		out = []byte("MM")
	}
	out = order.AppendUint16(out, 42)
	return order.AppendUint32(out, uint32(offset))
}

// appendIFD appends a directory, the last one of its file, to out, which begins
// with the header. Entries are in the order of their tags.
func appendIFD(out []byte, order byteOrder, entries []entry) []byte {
	behind := len(out) + 2 + 12*len(entries) + 4
	var far []byte
	out = order.AppendUint16(out, uint16(len(entries)))
	for _, e := range entries {
		value, count := e.encode(order)
		out = order.AppendUint16(out, uint16(e.tag))
		out = order.AppendUint16(out, uint16(e.kind))
		out = order.AppendUint32(out, uint32(count))
		if len(value) > 4 {
			out = order.AppendUint32(out, uint32(behind+len(far)))
			far = append(far, value...)
			far = append(far, make([]byte, len(far)%2)...)
			continue
		}
		out = append(out, value...)
		out = append(out, make([]byte, 4-len(value))...)
	}
	out = order.AppendUint32(out, 0) // no further directory
	return append(out, far...)
}

// encode returns the value and the number of characters or numbers in it.
func (e entry) encode(order byteOrder) (value []byte, count int) {
	if e.kind == typeASCII {
		return []byte(e.text), len(e.text)
	}
	for _, v := range e.values {
		if e.kind == typeShort {
			value = order.AppendUint16(value, uint16(v))
		} else {
			value = order.AppendUint32(value, uint32(v))
		}
	}
	if e.kind == typeRational {
		return value, len(e.values) / 2
	}
	return value, len(e.values)
}

// exif returns an EXIF structure with an orientation. Odd orientations come in
// big-endian order, even ones in little-endian, so that readers meet both.
func exif(orientation int) []byte {
	order := littleEndian
	if orientation%2 == 1 {
		order = bigEndian
	}
	return appendIFD(tiffHeader(order, 8), order, []entry{
		ascii(tagDescription, "the F stands upright"),
		short(tagOrientation, orientation),
		ascii(tagSoftware, "imgpar testdata"),
	})
}
