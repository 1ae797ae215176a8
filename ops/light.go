package ops

import (
	"encoding/binary"
	"math"
	"sync"
)

// curve has the transfer curve of sRGB (IEC 61966-2-1) and its inverse, for values of 16 bits: 65535 is 1. Its methods
// take rows of pictures apart and make them again; a nil curve leaves values as they are coded.
type curve struct {
	light [1 << 16]uint16 // of a coded value
	coded [1 << 16]uint16 // of a value that is proportional to light
}

var sRGB = sync.OnceValue(func() *curve {
	c := new(curve)
	for i := range c.light {
		v := float64(i) / 65535
		light, coded := v/12.92, v*12.92
		if v > 0.04045 {
			light = math.Pow((v+0.055)/1.055, 2.4)
		}
		if v > 0.0031308 {
			coded = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		c.light[i], c.coded[i] = uint16(math.Round(light*65535)), uint16(math.Round(coded*65535))
	}
	return c
})

func (c *curve) toLight(v uint32) uint32 {
	if c == nil {
		return v
	}
	return uint32(c.light[uint16(v)])
}

func (c *curve) toCode(v uint32) uint32 {
	if c == nil {
		return v
	}
	return uint32(c.coded[uint16(v)])
}

// times returns v a / 65535, to nearest.
func times(v, a uint32) uint32 { return (v*a + 32767) / 65535 }

// over returns 65535 v / a, to nearest, but at most 65535. Both have 16 bits, a is not 0.
func over(v, a uint32) uint32 { return min((v*65535+a/2)/a, 65535) }

// eight makes 8 bits of 16, to nearest.
func eight(v uint32) byte { return byte((v*255 + 32895) >> 16) }

// put multiplies a colour, which is coded, by its alpha.
func (c *curve) put(dst []uint16, r, g, b, a uint32) {
	r, g, b = c.toLight(r), c.toLight(g), c.toLight(b)
	if a != 65535 {
		r, g, b = times(r, a), times(g, a), times(b, a)
	}
	dst[0], dst[1], dst[2], dst[3] = uint16(r), uint16(g), uint16(b), uint16(a)
}

// putMultiplied takes a colour that is multiplied already, as it is coded.
func (c *curve) putMultiplied(dst []uint16, r, g, b, a uint32) {
	switch {
	case c == nil || a == 0:
		dst[0], dst[1], dst[2], dst[3] = uint16(r), uint16(g), uint16(b), uint16(a)
	default:
		c.put(dst, over(r, a), over(g, a), over(b, a), a)
	}
}

// get is the inverse of put. Filters overshoot, so that a colour may be more than its alpha.
func (c *curve) get(src []uint16) (r, g, b, a uint32) {
	r, g, b, a = uint32(src[0]), uint32(src[1]), uint32(src[2]), uint32(src[3])
	switch a {
	case 0:
		return 0, 0, 0, 0
	case 65535:
	default:
		r, g, b = over(r, a), over(g, a), over(b, a)
	}
	return c.toCode(r), c.toCode(g), c.toCode(b), a
}

func (c *curve) readGray(dst []uint16, row []byte) {
	for i := range dst {
		dst[i] = uint16(c.toLight(uint32(row[i]) * 257))
	}
}

func (c *curve) writeGray(row []byte, src []uint16) {
	for i, v := range src {
		row[i] = eight(c.toCode(uint32(v)))
	}
}

func (c *curve) readGray16(dst []uint16, row []byte) {
	for i := range dst {
		dst[i] = uint16(c.toLight(uint32(binary.BigEndian.Uint16(row[2*i:]))))
	}
}

func (c *curve) writeGray16(row []byte, src []uint16) {
	for i, v := range src {
		binary.BigEndian.PutUint16(row[2*i:], uint16(c.toCode(uint32(v))))
	}
}

func (c *curve) readNRGBA(dst []uint16, row []byte) {
	for ; len(dst) >= 4; dst, row = dst[4:], row[4:] {
		c.put(dst, uint32(row[0])*257, uint32(row[1])*257, uint32(row[2])*257, uint32(row[3])*257)
	}
}

func (c *curve) readRGBA(dst []uint16, row []byte) {
	for ; len(dst) >= 4; dst, row = dst[4:], row[4:] {
		c.putMultiplied(dst, uint32(row[0])*257, uint32(row[1])*257, uint32(row[2])*257, uint32(row[3])*257)
	}
}

func (c *curve) readNRGBA64(dst []uint16, row []byte) {
	for ; len(dst) >= 4; dst, row = dst[4:], row[8:] {
		v := binary.BigEndian.Uint64(row)
		c.put(dst, uint32(v>>48), uint32(v>>32&0xffff), uint32(v>>16&0xffff), uint32(v&0xffff))
	}
}

func (c *curve) readRGBA64(dst []uint16, row []byte) {
	for ; len(dst) >= 4; dst, row = dst[4:], row[8:] {
		v := binary.BigEndian.Uint64(row)
		c.putMultiplied(dst, uint32(v>>48), uint32(v>>32&0xffff), uint32(v>>16&0xffff), uint32(v&0xffff))
	}
}

func (c *curve) writeNRGBA(row []byte, src []uint16) {
	for ; len(src) >= 4; src, row = src[4:], row[4:] {
		r, g, b, a := c.get(src)
		row[0], row[1], row[2], row[3] = eight(r), eight(g), eight(b), eight(a)
	}
}

func (c *curve) writeNRGBA64(row []byte, src []uint16) {
	for ; len(src) >= 4; src, row = src[4:], row[8:] {
		r, g, b, a := c.get(src)
		binary.BigEndian.PutUint64(row, uint64(r)<<48|uint64(g)<<32|uint64(b)<<16|uint64(a))
	}
}
