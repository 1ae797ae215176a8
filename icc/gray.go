package icc

import (
	"context"
	"encoding/binary"
	"errors"
	"image"
	"math"
	"sync"
)

// tone is a profile for gray with a curve (F.2): to Y, or with a PCS of Lab, to L*.
type tone struct {
	curve
	lab bool
}

func (p *Profile) readTone() (*tone, error) {
	c, _, err := readCurve(p.tags["kTRC"])
	if err != nil {
		return nil, err
	}
	return &tone{c, p.pcs == "Lab"}, nil
}

func (t *tone) xyz(v [4]uint16) (out [3]float64) {
	y := t.at(float64(v[0]) / 65535)
	if t.lab {
		f := (float64(100*y) + 16) / 116
		if y = float64(f*f) * f; f <= 24.0/116 {
			y = float64((f - 16.0/116) * (108.0 / 841))
		}
	}
	for i := range out {
		out[i] = float64(d50[i] * y)
	}
	return out
}

func (t *tone) toSRGB(black scaling) pixels { return newGrays(t, black) }

// grays is the way of gray to the gray of sRGB. Of a table that gives grays a tint it takes the Y.
type grays struct {
	in8  [256]uint8
	in16 func() []uint16
}

func newGrays(w way, black scaling) *grays {
	light := func(v uint16) int64 { // in units of 1/(one one)
		y := float64(black.a[1]*w.xyz([4]uint16{v})[1]) + black.b[1]
		return int64(math.Round(float64(clip(y)*one))) * one
	}
	g := new(grays)
	for v := range g.in8 {
		g.in8[v] = code8(encode8(), light(uint16(v)*257))
	}
	g.in16 = sync.OnceValue(func() []uint16 {
		t := make([]uint16, 65536)
		for v := range t {
			t[v] = code16(encode16(), light(uint16(v)))
		}
		return t
	})
	return g
}

var errColours = errors.New("icc: a profile for gray on a picture with colours")

func (g *grays) row8(dst, src []byte) error {
	for ; len(src) >= 4 && len(dst) >= 4; dst, src = dst[4:], src[4:] {
		if src[0] != src[1] || src[0] != src[2] {
			return errColours
		}
		v := g.in8[src[0]]
		dst[0], dst[1], dst[2], dst[3] = v, v, v, src[3]
	}
	return nil
}

func (g *grays) row16(dst, src []byte) error {
	in, order := g.in16(), binary.BigEndian
	for ; len(src) >= 8 && len(dst) >= 8; dst, src = dst[8:], src[8:] {
		v := order.Uint16(src)
		if v != order.Uint16(src[2:]) || v != order.Uint16(src[4:]) {
			return errColours
		}
		for i := 0; i < 6; i += 2 {
			order.PutUint16(dst[i:], in[v])
		}
		dst[6], dst[7] = src[6], src[7]
	}
	return nil
}

// grays converts a picture of a type for gray.
func (t *Transform) grays(ctx context.Context, src image.Image) (image.Image, error) {
	g, ok := t.pixels.(*grays)
	if !ok {
		return nil, t.misfit("gray")
	}
	b := src.Bounds()
	if m, ok := src.(*image.Gray16); ok {
		out, in := image.NewGray16(b), g.in16()
		return out, t.rows(ctx, b, func(y int) error {
			to, from := out.Pix[out.PixOffset(b.Min.X, y):], m.Pix[m.PixOffset(b.Min.X, y):]
			for i := 0; i < 2*b.Dx(); i += 2 {
				binary.BigEndian.PutUint16(to[i:], in[binary.BigEndian.Uint16(from[i:])])
			}
			return nil
		})
	}
	m, out := src.(*image.Gray), image.NewGray(b)
	return out, t.rows(ctx, b, func(y int) error {
		to := out.Pix[out.PixOffset(b.Min.X, y):][:b.Dx()]
		for i, v := range m.Pix[m.PixOffset(b.Min.X, y):][:b.Dx()] {
			to[i] = g.in8[v]
		}
		return nil
	})
}
