package tiff

import (
	"fmt"
	"image"
	"image/color"

	"github.com/imgpar/imgpar/codec/ifd"
	"github.com/imgpar/imgpar/codec/pixels"
)

// layout is how a picture is stored.
type layout struct {
	width, height int
	rows          int    // of a strip
	samples       int    // of a pixel
	bits          int    // of a sample
	compression   uint32 // compLZW, with differences but for palettes, or compNone
	photometric   uint32
	extra         uint32 // ExtraSamples: 1 associated, 2 unassociated alpha; 0: there is none
	palette       color.Palette
	pix           []byte
	stride        int
	each          int   // bytes of a pixel in pix
	from          []int // which bytes of a pixel in pix become those of a pixel in the file
}

// newLayout finds out how m is stored.
func newLayout(m image.Image, mayGray bool) (*layout, error) {
	b := m.Bounds()
	l := &layout{width: b.Dx(), height: b.Dy(), bits: 8, samples: 1, photometric: blackIsZero, each: 1}
	if l.width < 1 || l.height < 1 {
		return nil, fmt.Errorf("a page of %dx%d pixels", l.width, l.height)
	}
	switch m := m.(type) {
	case *image.Gray:
		l.pix, l.stride = m.Pix, m.Stride
	case *image.Gray16:
		l.pix, l.stride, l.each, l.bits = m.Pix, m.Stride, 2, 16
	case *image.Paletted:
		l.pix, l.stride, l.photometric, l.palette = m.Pix, m.Stride, photoPalette, m.Palette
	case *image.RGBA:
		l.colours(m.Pix, m.Stride, 8, 1, mayGray)
	case *image.NRGBA:
		l.colours(m.Pix, m.Stride, 8, 2, mayGray)
	case *image.RGBA64:
		l.colours(m.Pix, m.Stride, 16, 1, mayGray)
	case *image.NRGBA64:
		l.colours(m.Pix, m.Stride, 16, 2, mayGray)
	default:
		return nil, fmt.Errorf("a picture of type %T", m)
	}
	if l.from == nil {
		l.from = []int{0}
		if l.bits == 16 {
			l.from = []int{1, 0}
		}
	}
	l.rows = max(1, min(l.height, stripBytes/l.rowBytes()))
	return l, nil
}

// rowBytes is how many bytes a row has that is not compressed.
func (l *layout) rowBytes() int { return l.width * l.samples * l.bits / 8 }

// bytes is how many all rows have.
func (l *layout) bytes() int { return l.height * l.rowBytes() }

// colours lays out a picture of four samples a pixel, of which those are written that say something.
func (l *layout) colours(pix []byte, stride, bits int, alpha uint32, mayGray bool) {
	l.pix, l.stride, l.bits, l.each = pix, stride, bits, bits/2
	l.photometric = photoRGB
	take := []int{0, 1, 2}
	opaque, gray := pixels.Look(pix, stride, l.width, l.height, bits/8)
	if !opaque {
		l.extra, take = alpha, []int{0, 1, 2, 3}
		if mayGray && gray {
			l.photometric, take = blackIsZero, []int{0, 3}
		}
	}
	l.samples = len(take)
	for _, k := range take {
		if bits == 8 {
			l.from = append(l.from, k)
		} else {
			l.from = append(l.from, 2*k+1, 2*k) // pix has the high byte first
		}
	}
}

// row writes a row as it is stored, little-endian.
func (l *layout) row(dst []byte, y int) {
	src := l.pix[y*l.stride:][:l.width*l.each]
	switch n := len(l.from); {
	case l.each == 1:
		copy(dst, src)
	case n == 3: // the most frequent
		for len(dst) >= 3 && len(src) >= 4 {
			dst[0], dst[1], dst[2] = src[0], src[1], src[2]
			dst, src = dst[3:], src[4:]
		}
	default:
		for len(dst) >= n && len(src) >= l.each {
			for i, k := range l.from {
				dst[i] = src[k]
			}
			dst, src = dst[n:], src[l.each:]
		}
	}
}

// differences replaces samples by their differences from those of the pixel before (section 14).
func (l *layout) differences(row []byte) {
	switch n := l.samples; {
	case l.palette != nil:
	case l.bits == 8:
		for i := len(row) - 1; i >= n; i-- {
			row[i] -= row[i-n]
		}
	default:
		for i := len(row) - 2; i >= 2*n; i -= 2 {
			little.PutUint16(row[i:], little.Uint16(row[i:])-little.Uint16(row[i-2*n:]))
		}
	}
}

// entries returns what a directory says of how a picture is stored.
func (l *layout) entries(offsets, sizes []uint32) []ifd.Entry {
	bits := make([]uint32, l.samples)
	for i := range bits {
		bits[i] = uint32(l.bits)
	}
	out := []ifd.Entry{
		longs(ifd.TagImageWidth, uint32(l.width)), longs(ifd.TagImageLength, uint32(l.height)),
		shorts(tagBitsPerSample, bits...), shorts(tagCompression, l.compression), shorts(tagPhotometric, l.photometric),
		longs(tagStripOffsets, offsets...), shorts(tagSamplesPerPixel, uint32(l.samples)),
		longs(tagRowsPerStrip, uint32(l.rows)), longs(tagStripByteCounts, sizes...), shorts(tagPlanarConfig, 1),
	}
	if l.extra > 0 {
		out = append(out, shorts(tagExtraSamples, l.extra))
	}
	switch {
	case l.palette != nil:
		out = append(out, l.colourMap())
	case l.compression == compLZW:
		out = append(out, shorts(tagPredictor, 2))
	}
	return out
}

// colourMap returns all reds, all greens, all blues, with 16 bits each.
func (l *layout) colourMap() ifd.Entry {
	const n = 256
	var v [3 * n]uint32
	for i, c := range l.palette[:min(n, len(l.palette))] {
		v[i], v[n+i], v[2*n+i], _ = c.RGBA()
	}
	return shorts(tagColorMap, v[:]...)
}

func shorts(tag uint16, v ...uint32) ifd.Entry {
	e := ifd.Entry{Tag: tag, Type: ifd.Short}
	for _, n := range v {
		e.Value = little.AppendUint16(e.Value, uint16(n))
	}
	return e
}

func longs(tag uint16, v ...uint32) ifd.Entry {
	e := ifd.Entry{Tag: tag, Type: ifd.Long}
	for _, n := range v {
		e.Value = little.AppendUint32(e.Value, n)
	}
	return e
}
