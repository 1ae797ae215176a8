package main

import (
	"encoding/binary"
	"slices"
)

// Values of the TIFF tags Compression and PhotometricInterpretation.
const (
	tiffRaw, tiffLZW, tiffDeflate     = 1, 5, 8
	tiffGray, tiffRGB, tiffPaletteRGB = 1, 2, 3
)

// tiffOptions says how a picture is written.
type tiffOptions struct {
	order       byteOrder
	compression int
	predictor   bool // horizontal differences, for 8 bits
	palette     palette
	orientation int // 0: no such tag
	stripRows   int // 0: one strip
}

// encodeTIFF writes the strips, then the directory.
func encodeTIFF(m *raster, o tiffOptions) []byte {
	if o.stripRows == 0 {
		o.stripRows = m.h
	}
	var data []byte
	var offsets, sizes []int
	for rows := range slices.Chunk(packRows(m, o.order.AppendUint16), o.stripRows) {
		strip := o.compress(slices.Concat(rows...), m)
		offsets, sizes = append(offsets, 8+len(data)), append(sizes, len(strip))
		data = append(data, strip...)
		data = append(data, make([]byte, len(data)%2)...)
	}
	out := append(tiffHeader(o.order, 8+len(data)), data...)
	return appendIFD(out, o.order, o.directory(m, offsets, sizes))
}

func (o tiffOptions) compress(strip []byte, m *raster) []byte {
	if o.predictor {
		for end := len(strip); end > 0; end -= m.w * m.channels {
			for i := end - 1; i >= end-(m.w-1)*m.channels; i-- {
				strip[i] -= strip[i-m.channels]
			}
		}
	}
	switch o.compression {
	case tiffLZW:
		w := &msbWriter{}
		lzwCompress(strip, 8, 1, w.write)
		return w.bytes()
	case tiffDeflate:
		return zlibCompress(strip)
	}
	return strip
}

func (o tiffOptions) directory(m *raster, offsets, sizes []int) []entry {
	photometric := tiffGray
	if m.channels >= 3 {
		photometric = tiffRGB
	}
	if o.palette != nil {
		photometric = tiffPaletteRGB
	}
	entries := []entry{
		long(tagImageWidth, m.w),
		long(tagImageLength, m.h),
		short(tagBitsPerSample, slices.Repeat([]int{m.bits}, m.channels)...),
		short(tagCompression, o.compression),
		short(tagPhotometric, photometric),
		long(tagStripOffsets, offsets...),
	}
	if o.orientation > 0 {
		entries = append(entries, short(tagOrientation, o.orientation))
	}
	entries = append(entries, short(tagSamplesPerPixel, m.channels), long(tagRowsPerStrip, o.stripRows), long(tagStripByteCounts, sizes...),
		rational(tagXResolution, 72, 1), rational(tagYResolution, 72, 1))
	if o.predictor {
		entries = append(entries, short(tagPredictor, 2))
	}
	if o.palette != nil {
		entries = append(entries, short(tagColorMap, colorMap(o.palette)...))
	}
	if m.channels == 4 {
		entries = append(entries, short(tagExtraSamples, 2)) // alpha, not premultiplied
	}
	return entries
}

// colorMap lists 256 reds, then greens, then blues, of 16 bits each.
func colorMap(p palette) []int {
	out := make([]int, 3*256)
	for i, c := range p {
		for k, v := range c {
			out[k*256+i] = int(v) * 0x101
		}
	}
	return out
}

// msbWriter packs bits into bytes, the most significant bit first.
type msbWriter struct {
	out       []byte
	acc, nAcc int
}

func (w *msbWriter) write(v, n int) {
	w.acc, w.nAcc = w.acc<<n|v, w.nAcc+n
	for ; w.nAcc >= 8; w.nAcc -= 8 {
		w.out = append(w.out, byte(w.acc>>(w.nAcc-8)))
	}
	w.acc &= 1<<w.nAcc - 1
}

// bytes pads the last byte with zeros and returns all of them.
func (w *msbWriter) bytes() []byte {
	if w.nAcc > 0 {
		w.write(0, 8-w.nAcc)
	}
	return w.out
}

var (
	littleEndian byteOrder = binary.LittleEndian
	bigEndian    byteOrder = binary.BigEndian
)
