package webp

import (
	"image"
	"math"
)

// fullRange turns the planes of a lossy WebP, in place, from the studio range
// of VP8 (luma 16 to 235, chroma 16 to 240; RFC 6386, section 9.2, and ITU-R
// BT.601) to the full range that image.YCbCr stands for. The decoder hands
// them out as they are, so that pictures would be pale.
func fullRange(img image.Image) {
	var m *image.YCbCr
	switch p := img.(type) {
	case *image.YCbCr:
		m = p
	case *image.NYCbCrA:
		m = &p.YCbCr
	default:
		return
	}
	apply(m.Y, stretch(235-16, 16, 0))
	chroma := stretch(240-16, 128, 128)
	apply(m.Cb, chroma)
	apply(m.Cr, chroma)
}

// stretch returns the table that makes span levels 255, rounded to nearest, so
// that the level from becomes to.
func stretch(span, from, to int) *[256]uint8 {
	var t [256]uint8
	for i := range t {
		v := to + int(math.Round(float64(i-from)*255/float64(span)))
		t[i] = uint8(min(max(v, 0), 255))
	}
	return &t
}

func apply(plane []uint8, t *[256]uint8) {
	for i, v := range plane {
		plane[i] = t[v]
	}
}
