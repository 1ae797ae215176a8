package tiff

import (
	"encoding/binary"
	"image"
	"image/color"
)

// deep tells whether samples are made 16 bits wide.
func (p *Page) deep() bool { return p.Bits > 8 || p.format == formatFloat }

// prepare makes the picture and what its rows need.
func (d *decoder) prepare() error {
	r := image.Rect(0, 0, d.Width, d.Height)
	d.blocks, d.raw = make([]block, d.planes()), make([][]byte, d.planes())
	d.values = make([]uint64, d.blockW*d.together())
	if d.planes() > 1 {
		d.plane8 = make([]uint8, d.blockW)
	}
	if d.deep() {
		d.row16 = make([]uint16, d.blockW*d.Samples)
	} else {
		d.row8 = make([]uint8, d.blockW*d.Samples*d.subV)
		d.small = d.scale()
	}
	switch {
	case d.Photometric == photoPalette:
		return d.preparePalette(r)
	case d.Photometric == photoCMYK:
		m := image.NewCMYK(r)
		d.img, d.pix, d.stride, d.each = m, m.Pix, m.Stride, 4
		if d.put8 = d.cmyk8; d.deep() {
			d.put8, d.put16 = nil, d.cmyk16
		}
	case d.Colors == 1 && !d.Alpha && d.deep():
		m := image.NewGray16(r)
		d.img, d.pix, d.stride, d.each, d.put16 = m, m.Pix, m.Stride, 2, d.gray16
	case d.Colors == 1 && !d.Alpha:
		m := image.NewGray(r)
		d.img, d.pix, d.stride, d.each, d.put8 = m, m.Pix, m.Stride, 1, d.gray8
	case d.deep():
		d.put16 = d.rgb16
		d.prepareRGB16(r)
	default:
		d.put8 = d.rgb8
		d.prepareRGB8(r)
	}
	if d.Photometric == photoYCbCr {
		return d.prepareYCbCr()
	}
	return nil
}

func (d *decoder) prepareRGB8(r image.Rectangle) {
	if d.each = 4; d.Alpha && !d.associated {
		m := image.NewNRGBA(r)
		d.img, d.pix, d.stride = m, m.Pix, m.Stride
		return
	}
	m := image.NewRGBA(r)
	d.img, d.pix, d.stride = m, m.Pix, m.Stride
}

func (d *decoder) prepareRGB16(r image.Rectangle) {
	if d.each = 8; d.Alpha && !d.associated {
		m := image.NewNRGBA64(r)
		d.img, d.pix, d.stride = m, m.Pix, m.Stride
		return
	}
	m := image.NewRGBA64(r)
	d.img, d.pix, d.stride = m, m.Pix, m.Stride
}

// scale returns the 8 bits for samples of fewer: from black to white, or as they are.
func (d *decoder) scale() *[256]uint8 {
	t := new([256]uint8)
	top := 1<<min(d.Bits, 8) - 1
	for i := range top + 1 {
		v := i
		if d.Photometric != photoPalette {
			v = (v*255 + top/2) / top
		}
		t[i] = uint8(v)
	}
	return t
}

// preparePalette reads the colour map (section 5): all reds, all greens, all blues.
func (d *decoder) preparePalette(r image.Rectangle) error {
	n := 1 << d.Bits
	v := d.Dir.Uints(d.r, tagColorMap, int64(3*n))
	if len(v) != 3*n {
		return badf("a colour map of other than %d colours", n)
	}
	shift := uint(0) // some writers put values of 8 bits there
	for _, c := range v {
		if c > 0xff {
			shift = 8
		}
	}
	colours := make([][4]uint8, n)
	for i := range colours {
		for k := range 3 {
			c := v[k*n+i]
			colours[i][k] = uint8(c >> shift)
			if low := c & 0xff; shift == 8 && low != 0 && low != c>>8 {
				d.shallowMap = true
			}
		}
		colours[i][3] = 0xff
	}
	if d.Bits > 8 {
		m := image.NewRGBA(r)
		d.img, d.pix, d.stride, d.each, d.colours, d.put16 = m, m.Pix, m.Stride, 4, colours, d.lookup
		return nil
	}
	palette := make(color.Palette, n)
	for i, c := range colours {
		palette[i] = color.RGBA{c[0], c[1], c[2], c[3]}
	}
	m := image.NewPaletted(r, palette)
	d.img, d.pix, d.stride, d.each, d.put8 = m, m.Pix, m.Stride, 1, d.gray8
	return nil
}

func (d *decoder) gray8(dst []byte, s []uint8) {
	if d.Samples == 1 {
		copy(dst, s)
		return
	}
	for i := range dst {
		dst[i] = s[i*d.Samples]
	}
}

func (d *decoder) gray16(dst []byte, s []uint16) {
	for i := range len(dst) / 2 {
		binary.BigEndian.PutUint16(dst[2*i:], s[i*d.Samples])
	}
}

func (d *decoder) lookup(dst []byte, s []uint16) {
	for i := range len(dst) / 4 {
		copy(dst[4*i:], d.colours[s[i*d.Samples]][:])
	}
}

// rgb8 puts gray or RGB, with or without alpha.
func (d *decoder) rgb8(dst []byte, s []uint8) {
	n := d.Samples
	if n == 3 && d.Colors == 3 {
		for len(s) >= 3 && len(dst) >= 4 {
			dst[0], dst[1], dst[2], dst[3] = s[0], s[1], s[2], 0xff
			s, dst = s[3:], dst[4:]
		}
		return
	}
	g, b := d.Colors/2, d.Colors-1 // 0, 0 or 1, 2
	for ; len(dst) >= 4; s, dst = s[n:], dst[4:] {
		p := [4]uint8{s[0], s[g], s[b], 0xff}
		if d.Alpha {
			p[3] = s[d.alphaAt]
		}
		if a := p[3]; d.associated && max(p[0], p[1], p[2]) > a {
			p[0], p[1], p[2] = min(p[0], a), min(p[1], a), min(p[2], a)
			d.above = true
		}
		copy(dst, p[:])
	}
}

func (d *decoder) rgb16(dst []byte, s []uint16) {
	n := d.Samples
	g, b := d.Colors/2, d.Colors-1
	for ; len(dst) >= 8; s, dst = s[n:], dst[8:] {
		p := [4]uint16{s[0], s[g], s[b], 0xffff}
		if d.Alpha {
			p[3] = s[d.alphaAt]
		}
		if a := p[3]; d.associated && max(p[0], p[1], p[2]) > a {
			p[0], p[1], p[2] = min(p[0], a), min(p[1], a), min(p[2], a)
			d.above = true
		}
		for k, v := range p {
			binary.BigEndian.PutUint16(dst[2*k:], v)
		}
	}
}

func (d *decoder) cmyk8(dst []byte, s []uint8) {
	for i := range len(dst) / 4 {
		copy(dst[4*i:][:d.Colors], s[i*d.Samples:])
	}
}

func (d *decoder) cmyk16(dst []byte, s []uint16) {
	for i := range len(dst) / 4 {
		for k := range d.Colors {
			dst[4*i+k] = uint8((uint32(s[i*d.Samples+k])*255 + 0x7fff) / 0xffff)
		}
	}
}
