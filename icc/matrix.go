package icc

import (
	"encoding/binary"
	"fmt"
	"sync"
)

// shaper is a profile of three curves and a matrix (F.3), whose columns are the colours of its primaries.
type shaper struct {
	curves [3]curve
	m      [3][3]float64
}

func (p *Profile) readShaper() (*shaper, error) {
	var s shaper
	for i, c := range []string{"r", "g", "b"} {
		column, err := p.xyz(c + "XYZ")
		if err != nil {
			return nil, err
		}
		for j := range column {
			s.m[j][i] = column[j]
		}
		if s.curves[i], _, err = readCurve(p.tags[c+"TRC"]); err != nil {
			return nil, err
		}
	}
	if p.pcs != "XYZ" {
		return nil, &UnsupportedError{fmt.Sprintf("a matrix to %q", p.pcs)}
	}
	return &s, nil
}

func (s *shaper) xyz(v [4]uint16) (out [3]float64) {
	for j := range 3 {
		light := s.curves[j].at(float64(v[j]) / 65535)
		for i := range out {
			out[i] += float64(s.m[i][j] * light)
		}
	}
	return out
}

func (s *shaper) toSRGB(black scaling) pixels {
	return &shaped{
		in8:    s.tables(256),
		in16:   sync.OnceValue(func() [3][]int32 { return s.tables(65536) }),
		affine: toSRGB(s.m, black),
	}
}

// tables returns the curves, of which equal ones share their memory.
func (s *shaper) tables(n int) (t [3][]int32) {
	for i, c := range s.curves {
		for j := range i {
			if c.equal(s.curves[j]) {
				t[i] = t[j]
			}
		}
		if t[i] == nil {
			t[i] = c.sample(n, one)
		}
	}
	return t
}

// shaped is the way of a shaper to sRGB.
type shaped struct {
	in8  [3][]int32
	in16 func() [3][]int32
	affine
}

func (s *shaped) row8(dst, src []byte) error {
	r8, g8, b8 := (*[256]int32)(s.in8[0]), (*[256]int32)(s.in8[1]), (*[256]int32)(s.in8[2])
	code, m, off := encode8(), s.m, s.off
	for len(src) >= 4 && len(dst) >= 4 {
		r, g, b := int64(r8[src[0]]), int64(g8[src[1]]), int64(b8[src[2]])
		dst[0] = code8(code, m[0][0]*r+m[0][1]*g+m[0][2]*b+off[0])
		dst[1] = code8(code, m[1][0]*r+m[1][1]*g+m[1][2]*b+off[1])
		dst[2] = code8(code, m[2][0]*r+m[2][1]*g+m[2][2]*b+off[2])
		dst[3] = src[3]
		dst, src = dst[4:], src[4:]
	}
	return nil
}

func (s *shaped) row16(dst, src []byte) error {
	in, code, m, off := s.in16(), encode16(), s.m, s.off
	order := binary.BigEndian
	for len(src) >= 8 && len(dst) >= 8 {
		r, g, b := int64(in[0][order.Uint16(src)]), int64(in[1][order.Uint16(src[2:])]), int64(in[2][order.Uint16(src[4:])])
		order.PutUint16(dst, code16(code, m[0][0]*r+m[0][1]*g+m[0][2]*b+off[0]))
		order.PutUint16(dst[2:], code16(code, m[1][0]*r+m[1][1]*g+m[1][2]*b+off[1]))
		order.PutUint16(dst[4:], code16(code, m[2][0]*r+m[2][1]*g+m[2][2]*b+off[2]))
		dst[6], dst[7] = src[6], src[7]
		dst, src = dst[8:], src[8:]
	}
	return nil
}
