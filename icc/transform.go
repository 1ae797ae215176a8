package icc

import (
	"encoding/binary"
	"fmt"
	"sync"
)

// way is one from the values of a device to XYZ.
type way interface {
	xyz(v [4]uint16) [3]float64 // of a colour of 16 bits a channel
	toSRGB(black scaling) pixels
}

// pixels takes pixels of four channels to sRGB. The fourth stays as it is, or comes to be 255 where it was an ink. The
// results may take the place of the pixels. The error is of pixels that have colours for a profile for gray.
type pixels interface {
	row8(dst, src []byte) error
	row16(dst, src []byte) error // big-endian
}

// The order in which ways are looked for, by tag; "" is the one by curves and matrix.
var (
	perceptual   = []string{"A2B0", "", "A2B1"}
	colorimetric = []string{"A2B1", "A2B0", ""}
)

// classes that are no profiles of devices and colour spaces (7.2.5), and so do not tell what colours look like.
var classes = map[string]string{"link": "a device link", "abst": "an abstract profile", "nmcl": "a profile of named colours"}

// way returns the first of these ways that p has.
func (p *Profile) way(order []string) (way, error) {
	if what, odd := classes[p.class]; odd {
		return nil, &UnsupportedError{what}
	}
	if channels[p.space] == 0 {
		return nil, &UnsupportedError{fmt.Sprintf("the colour space %q", p.space)}
	}
	for _, tag := range order {
		switch {
		case tag != "" && p.has(tag):
			return p.readLUT(tag)
		case tag == "" && p.isShaper() && p.space == "GRAY":
			return p.readTone()
		case tag == "" && p.isShaper():
			return p.readShaper()
		}
	}
	return nil, &UnsupportedError{"a profile without curves and tables for " + p.space}
}

// Transform takes pictures to sRGB. It is safe for concurrent use.
type Transform struct {
	space  string
	pixels pixels
}

// ToSRGB prepares the way from p to sRGB: by the table for the perceptual intent, or by curves and matrix, or by the
// table for the colorimetric intent, whichever p has first. The error is an *UnsupportedError, or a *FormatError for
// tables that are damaged.
func (p *Profile) ToSRGB() (*Transform, error) {
	w, err := p.way(perceptual)
	if err != nil {
		return nil, err
	}
	black, err := p.blackScaling()
	if err != nil {
		return nil, err
	}
	if p.space == "GRAY" {
		return &Transform{p.space, newGrays(w, black)}, nil
	}
	return &Transform{p.space, w.toSRGB(black)}, nil
}

// xyz goes through all stages.
func (l *lut) xyz(v [4]uint16) (out [3]float64) {
	var c [4]int32
	for i, x := range v {
		c[i] = int32(x)
		if i < len(l.in) {
			c[i] = int32(float64(l.in[i].at(float64(x)/65535)*65535) + 0.5)
		}
	}
	for _, s := range l.stages {
		s.apply(&c)
	}
	x, y, z := l.pcs.decode(&c)
	white := l.pcs.white()
	for i, v := range []int64{x, y, z} {
		out[i] = float64(float64(v)/one) * white[i][i]
	}
	return out
}

func (l *lut) toSRGB(black scaling) pixels {
	t := &looked{lut: l, affine: toSRGB(l.pcs.white(), black)}
	for i := range t.in8 {
		for v := range t.in8[i] {
			t.in8[i][v] = int32(v) * 257
		}
	}
	for i, c := range l.in {
		copy(t.in8[i][:], c.sample(256, 65535))
	}
	t.in16 = sync.OnceValue(func() (in [3][]uint16) {
		for i, c := range l.in[:min(len(l.in), 3)] {
			if !c.isLinear() {
				in[i] = c.sample16()
			}
		}
		return in
	})
	return t
}

// looked is the way of a lut of three or four channels to sRGB.
type looked struct {
	*lut
	in8  [4][256]int32
	in16 func() [3][]uint16
	affine
}

// rgb takes a colour behind the first curves to linear sRGB, in units of 1/(one one).
func (t *looked) rgb(v *[4]int32) (r, g, b int64) {
	for _, s := range t.stages {
		s.apply(v)
	}
	x, y, z := t.pcs.decode(v)
	m := &t.m
	r = m[0][0]*x + m[0][1]*y + m[0][2]*z + t.off[0]
	g = m[1][0]*x + m[1][1]*y + m[1][2]*z + t.off[1]
	b = m[2][0]*x + m[2][1]*y + m[2][2]*z + t.off[2]
	return r, g, b
}

func (t *looked) row8(dst, src []byte) error {
	var v [4]int32
	code := encode8()
	for len(src) >= 4 && len(dst) >= 4 {
		v[0], v[1], v[2], v[3] = t.in8[0][src[0]], t.in8[1][src[1]], t.in8[2][src[2]], t.in8[3][src[3]]
		r, g, b := t.rgb(&v)
		dst[0], dst[1], dst[2], dst[3] = code8(code, r), code8(code, g), code8(code, b), src[3]
		if t.channels == 4 {
			dst[3] = 255
		}
		dst, src = dst[4:], src[4:]
	}
	return nil
}

// row16 is for three channels: no picture has inks of 16 bits.
func (t *looked) row16(dst, src []byte) error {
	var v [4]int32
	in, code := t.in16(), encode16()
	order := binary.BigEndian
	for len(src) >= 8 && len(dst) >= 8 {
		for i := range 3 {
			x := order.Uint16(src[2*i:])
			if in[i] != nil {
				x = in[i][x]
			}
			v[i] = int32(x)
		}
		r, g, b := t.rgb(&v)
		order.PutUint16(dst, code16(code, r))
		order.PutUint16(dst[2:], code16(code, g))
		order.PutUint16(dst[4:], code16(code, b))
		dst[6], dst[7] = src[6], src[7]
		dst, src = dst[8:], src[8:]
	}
	return nil
}
