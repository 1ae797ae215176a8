package tiff

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
	"testing"
)

// scaled returns a sample of so many bits from 0 to top.
func scaled(v uint64, bits int, top float64) uint16 {
	whole := float64(math.MaxUint64)
	if bits < 64 {
		whole = float64(uint64(1)<<bits - 1)
	}
	return uint16(math.Round(float64(v) / whole * top))
}

func wide(v uint64, bits int) uint16 { return scaled(v, bits, 0xffff) }

func narrow(v uint64, bits int) uint16 { return scaled(v, bits, 0xff) }

// near compares 16 bits; of more than 32, floats of the test's own may be off by one.
func near(a, b uint16, bits int) bool {
	if bits > 48 {
		return a-b+1 <= 2
	}
	return a == b
}

// check holds a picture against the samples of a spec: gray or RGB, without alpha.
func (s spec) check(t *testing.T, m image.Image) {
	t.Helper()
	if m.Bounds() != image.Rect(0, 0, s.w, s.h) {
		t.Fatalf("bounds %v", m.Bounds())
	}
	for i := range s.w * s.h {
		p := s.samples[i*s.n:][:s.n]
		var got, want [3]uint16
		switch m := m.(type) {
		case *image.Gray:
			got = [3]uint16{uint16(m.Pix[i])}
			want = [3]uint16{narrow(p[0], s.bits)}
			if s.photometric == whiteIsZero {
				want[0] = 255 - want[0]
			}
		case *image.Gray16:
			got = [3]uint16{m.Gray16At(i%s.w, i/s.w).Y}
			want = [3]uint16{wide(p[0], s.bits)}
			if s.photometric == whiteIsZero {
				want[0] = 0xffff - want[0]
			}
		case *image.RGBA:
			c := m.RGBAAt(i%s.w, i/s.w)
			got = [3]uint16{uint16(c.R), uint16(c.G), uint16(c.B)}
			for k := range 3 {
				want[k] = narrow(p[k], s.bits)
			}
			if c.A != 255 {
				t.Fatalf("pixel %d: alpha %d", i, c.A)
			}
		case *image.RGBA64:
			c := m.RGBA64At(i%s.w, i/s.w)
			got = [3]uint16{c.R, c.G, c.B}
			for k := range 3 {
				want[k] = wide(p[k], s.bits)
			}
			if c.A != 0xffff {
				t.Fatalf("pixel %d: alpha %d", i, c.A)
			}
		default:
			t.Fatalf("a picture of type %T", m)
		}
		for k := range 3 {
			if !near(got[k], want[k], s.bits) {
				t.Fatalf("pixel %d of %T: %v, want %v", i, m, got, want)
			}
		}
	}
}

func TestDepthsAndLayouts(t *testing.T) {
	for _, bits := range []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 24, 31, 32, 64} {
		for n, photometric := range map[int]int{1: blackIsZero, 3: photoRGB} {
			for _, s := range []spec{
				{},
				{rows: 5},
				{order: binary.BigEndian, planar: true, rows: 4},
				{tileW: 16, tileH: 16, big: true},
				{tileW: 16, tileH: 32, planar: true, big: true, order: binary.BigEndian},
				{predictor: 2, compression: compLZW, rows: 7},
				{predictor: 2, compression: compDeflate, tileW: 48, tileH: 16, planar: true},
			} {
				s.w, s.h, s.n, s.bits, s.photometric = 37, 19, n, bits, photometric
				t.Run(fmt.Sprintf("%d bits, %d samples, tiled %v, planar %v, predictor %d", bits, n, s.tileW > 0, s.planar, s.predictor), func(t *testing.T) {
					s := s.noise(uint64(bits))
					m, notes := decode(t, s.file())
					s.check(t, m)
					var want []string
					if bits > 16 {
						want = []string{fmt.Sprintf("%d bits a channel became 16", bits)}
					}
					if !slices.Equal(notes, want) {
						t.Errorf("notes %q, want %q", notes, want)
					}
				})
			}
		}
	}
}

func TestCompressions(t *testing.T) {
	for _, c := range []int{compNone, compLZW, compDeflate, compOldDeflate, compPackBits, compZstd} {
		for _, reversed := range []bool{false, true} {
			for _, bits := range []int{1, 8, 16} {
				s := spec{w: 211, h: 97, n: 3, bits: bits, photometric: photoRGB, compression: c, reversed: reversed, rows: 40}
				t.Run(fmt.Sprintf("%s, %d bits, reversed %v", compressionNames[c], bits, reversed), func(t *testing.T) {
					s := s.noise(uint64(c))
					m, _ := decode(t, s.file())
					s.check(t, m)
				})
			}
		}
	}
}

// A picture of one strip is larger than what is unpacked at once.
func TestLargeStrips(t *testing.T) {
	for _, c := range []int{compNone, compLZW, compDeflate, compPackBits} {
		s := spec{w: 701, h: 300, n: 3, bits: 8, photometric: photoRGB, compression: c, predictor: 2}.noise(9)
		m, _ := decode(t, s.file())
		s.check(t, m)
	}
}

func TestOldLZW(t *testing.T) {
	s := spec{w: 120, h: 90, n: 1, bits: 8, photometric: blackIsZero}.noise(5)
	raw := s.block(0, 0, s.w, s.h, []int{0})
	p := page{where: tagStripOffsets, blocks: [][]byte{lzwOf(raw, true)}, tags: []tag{
		{id: 256, values: []uint64{120}}, {id: 257, values: []uint64{90}}, {id: 258, values: []uint64{8}},
		{id: 259, values: []uint64{compLZW}}, {id: 262, values: []uint64{blackIsZero}},
	}}
	m, _ := decode(t, build(binary.LittleEndian, false, p))
	s.check(t, m)
}

func TestWhiteIsZero(t *testing.T) {
	for _, bits := range []int{1, 3, 8, 12, 16, 24} {
		s := spec{w: 31, h: 7, n: 1, bits: bits, photometric: whiteIsZero}.noise(3)
		m, _ := decode(t, s.file())
		s.check(t, m)
	}
}

func TestFloats(t *testing.T) {
	values := []float64{0, 1, 0.5, 0.25, -1, 2, math.Inf(1), math.NaN(), 1.0 / 3, math.Copysign(0, -1), 0.75, 6e-8}
	want := []uint16{0, 65535, 32768, 16384, 0, 65535, 65535, 0, 21845, 0, 49151, 0}
	for _, bits := range []int{16, 32, 64} {
		for _, predictor := range []int{0, 2, 3} {
			for _, o := range []order{binary.LittleEndian, binary.BigEndian} {
				s := spec{w: 4, h: 3, n: 1, bits: bits, photometric: blackIsZero, format: formatFloat, predictor: predictor, order: o, compression: compDeflate}
				for _, v := range values {
					switch bits {
					case 16:
						s.samples = append(s.samples, uint64(toHalf(v)))
					case 32:
						s.samples = append(s.samples, uint64(math.Float32bits(float32(v))))
					default:
						s.samples = append(s.samples, math.Float64bits(v))
					}
				}
				m, notes := decode(t, s.file())
				for i, w := range want {
					got := m.(*image.Gray16).Gray16At(i%4, i/4).Y
					if bits == 16 && i == 8 { // a third is 0x3555, which is 0.33325
						w = 21840
					}
					if got != w {
						t.Errorf("%d bits, predictor %d: %v is %d, want %d", bits, predictor, values[i], got, w)
					}
				}
				if want := []string{"floating point became 16 bits a channel", "values outside of 0 to 1 were clipped"}; !slices.Equal(notes, want) {
					t.Errorf("notes %q, want %q", notes, want)
				}
			}
		}
	}
}

// A picture of heights would come out white: it is none.
func TestFloatsThatAreNoPicture(t *testing.T) {
	for far, want := range map[int]string{8: "", 9: "floating-point values of which most are outside of 0 to 1"} {
		s := spec{w: 4, h: 4, n: 1, bits: 32, format: formatFloat, photometric: blackIsZero}
		for i := range 16 {
			v := float32(0.5)
			if i < far {
				v = 300
			}
			s.samples = append(s.samples, uint64(math.Float32bits(v)))
		}
		f, err := Open(bytes.NewReader(s.file()), int64(len(s.file())))
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = f.Pages[0].Decode(t.Context())
		var gone *UnsupportedError
		if (want == "") != (err == nil) || err != nil && (!errors.As(err, &gone) || gone.Feature != want) {
			t.Errorf("%d of 16 values far off: %v, want %q", far, err, want)
		}
	}
}

// toHalf rounds to the numbers of binary16 that the test uses.
func toHalf(v float64) uint16 {
	switch {
	case math.IsNaN(v):
		return 0x7e00
	case math.Signbit(v):
		return 0x8000 | toHalf(-v)
	case v > 65504:
		return 0x7c00
	case v == 0:
		return 0
	case v < 1.0/16384:
		return uint16(math.Round(v * (1 << 24)))
	}
	f, e := math.Frexp(v)
	return uint16((e+14)<<10) + uint16(math.Round(f*2048)) - 1024
}

func TestAlpha(t *testing.T) {
	const associated, unassociated = 1, 2
	for _, bits := range []int{8, 16} {
		for _, n := range []int{2, 4} {
			for _, kind := range []uint64{associated, unassociated} {
				for _, planar := range []bool{false, true} {
					s := spec{w: 2, h: 1, n: n, bits: bits, photometric: photoRGB, extra: []uint64{kind}, planar: planar}
					top := uint64(1)<<bits - 1
					if s.samples = []uint64{1, 2, 3, 4, top, 0, top / 2, top - 1}; n == 2 {
						s.photometric, s.samples = blackIsZero, []uint64{3, 4, top, top - 1}
					}
					m, notes := decode(t, s.file())
					var got []color.Color
					for x := range 2 {
						got = append(got, m.At(x, 0))
					}
					if want := s.withAlpha(kind == associated); !slices.Equal(got, want) {
						t.Errorf("%d bits, %d samples, kind %d: %v, want %v", bits, n, kind, got, want)
					}
					if clipped := len(notes) == 1 && notes[0] == "colours larger than their alpha were clipped"; clipped != (kind == associated) {
						t.Errorf("notes %q", notes)
					}
				}
			}
		}
	}
}

// withAlpha returns the two pixels of TestAlpha.
func (s spec) withAlpha(associated bool) []color.Color {
	var out []color.Color
	for i := range 2 {
		p := s.samples[i*s.n:][:s.n]
		if s.n == 2 {
			p = []uint64{p[0], p[0], p[0], p[1]}
		}
		p = slices.Clone(p)
		if associated {
			for k := range 3 {
				p[k] = min(p[k], p[3])
			}
		}
		switch c := [4]uint64(p); {
		case s.bits == 8 && associated:
			out = append(out, color.RGBA{uint8(c[0]), uint8(c[1]), uint8(c[2]), uint8(c[3])})
		case s.bits == 8:
			out = append(out, color.NRGBA{uint8(c[0]), uint8(c[1]), uint8(c[2]), uint8(c[3])})
		case associated:
			out = append(out, color.RGBA64{uint16(c[0]), uint16(c[1]), uint16(c[2]), uint16(c[3])})
		default:
			out = append(out, color.NRGBA64{uint16(c[0]), uint16(c[1]), uint16(c[2]), uint16(c[3])})
		}
	}
	return out
}

func TestExtraSamplesAreLeftOut(t *testing.T) {
	p := spec{w: 13, h: 5, n: 2, bits: 8, photometric: photoPalette, extra: []uint64{2}, more: []tag{{id: 320, values: make([]uint64, 3*256)}}}.noise(7)
	if m, notes := decode(t, p.file()); m.(*image.Paletted).Pix[7] != uint8(p.samples[14]) || !slices.Equal(notes, []string{"the transparency of a palette's pixels was left out"}) {
		t.Errorf("a palette with alpha: %v, %q", m.(*image.Paletted).Pix[:8], notes)
	}
	c := spec{w: 13, h: 5, n: 6, bits: 8, photometric: photoCMYK, extra: []uint64{0, 2}}.noise(7)
	if _, notes := decode(t, c.file()); !slices.Equal(notes, []string{"the transparency of CMYK was left out", "one extra sample a pixel was left out"}) {
		t.Errorf("CMYK with alpha: %q", notes)
	}
	for n, want := range map[int]string{4: "one extra sample a pixel was left out", 6: "3 extra samples a pixel were left out"} {
		for _, bits := range []int{8, 16} {
			s := spec{w: 13, h: 5, n: n, bits: bits, photometric: photoRGB}.noise(7)
			m, notes := decode(t, s.file())
			s.check(t, m)
			if !slices.Equal(notes, []string{want}) {
				t.Errorf("%d samples: notes %q", n, notes)
			}
		}
	}
}

func TestCMYK(t *testing.T) {
	for _, n := range []int{3, 4, 5} {
		for _, planar := range []bool{false, true} {
			for _, bits := range []int{8, 16} {
				s := spec{w: 9, h: 4, n: n, bits: bits, photometric: photoCMYK, planar: planar}.noise(2)
				m, notes := decode(t, s.file())
				for i := range s.w * s.h {
					var want [4]uint8
					for k := range min(n, 4) {
						want[k] = uint8(narrow(s.samples[i*n+k], bits))
					}
					if got := [4]uint8(m.(*image.CMYK).Pix[4*i:]); got != want {
						t.Fatalf("%d samples, %d bits, pixel %d: %v, want %v", n, bits, i, got, want)
					}
				}
				if shallow := slices.Contains(notes, "16 bits a channel became 8"); shallow != (bits == 16) {
					t.Errorf("%d bits: notes %q", bits, notes)
				}
			}
		}
	}
}

func TestPalettes(t *testing.T) {
	for _, bits := range []int{1, 2, 4, 8} {
		for name, scale := range map[string]uint64{"": 257, "8 bits": 1, "a palette of 16 bits a channel became 8": 0x101 + 3} {
			n := 1 << bits
			colors := make([]uint64, 3*n)
			for i := range colors {
				colors[i] = uint64(i*200/len(colors)) * scale
			}
			colors[0] = 200 * scale
			s := spec{w: 23, h: 9, n: 1, bits: bits, photometric: photoPalette, more: []tag{{id: 320, values: colors}}}.noise(1)
			m, notes := decode(t, s.file())
			p := m.(*image.Paletted)
			if len(p.Palette) != n {
				t.Fatalf("%d bits: %d colours", bits, len(p.Palette))
			}
			for i, v := range s.samples {
				if uint64(p.Pix[i]) != v {
					t.Fatalf("%d bits, pixel %d: index %d, want %d", bits, i, p.Pix[i], v)
				}
			}
			for i := range n {
				c := func(k int) uint8 {
					if scale == 1 {
						return uint8(colors[k*n+i])
					}
					return uint8(colors[k*n+i] >> 8)
				}
				if want := (color.RGBA{c(0), c(1), c(2), 255}); p.Palette[i] != want {
					t.Fatalf("%d bits, colour %d: %v, want %v", bits, i, p.Palette[i], want)
				}
			}
			if shallow := scale == 0x104; shallow != slices.Contains(notes, name) {
				t.Errorf("%d bits, scale %d: notes %q", bits, scale, notes)
			}
		}
	}
}

// An index of 16 bits is looked up, because image.Paletted has 8.
func TestLargePalette(t *testing.T) {
	colors := make([]uint64, 3<<16)
	for i := range 1 << 16 {
		colors[i], colors[1<<16+i], colors[2<<16+i] = uint64(i>>8)*257, uint64(i&255)*257, 7*257
	}
	s := spec{w: 23, h: 9, n: 1, bits: 16, photometric: photoPalette, more: []tag{{id: 320, values: colors}}}.noise(1)
	m, _ := decode(t, s.file())
	for i, v := range s.samples {
		if got, want := m.(*image.RGBA).RGBAAt(i%23, i/23), (color.RGBA{uint8(v >> 8), uint8(v), 7, 255}); got != want {
			t.Fatalf("pixel %d: %v, want %v", i, got, want)
		}
	}
}

func TestYCbCr(t *testing.T) {
	for _, c := range []struct{ h, v int }{{1, 1}, {2, 1}, {2, 2}, {1, 2}, {4, 1}, {4, 4}, {4, 2}} {
		const w, h = 22, 13
		y := func(x, y int) uint8 { return uint8(9*x + 5*y) }
		var raw []byte
		for uy := 0; uy < h; uy += c.v {
			for ux := 0; ux < w; ux += c.h {
				for j := range c.v {
					for i := range c.h {
						raw = append(raw, y(ux+i, uy+j))
					}
				}
				raw = append(raw, uint8(80+ux), uint8(200-uy))
			}
		}
		p := page{where: tagStripOffsets, blocks: [][]byte{raw}, tags: []tag{
			{id: 256, values: []uint64{w}}, {id: 257, values: []uint64{h}}, {id: 258, values: []uint64{8, 8, 8}},
			{id: 262, values: []uint64{photoYCbCr}}, {id: 277, values: []uint64{3}}, {id: 530, values: []uint64{uint64(c.h), uint64(c.v)}},
		}}
		m, _ := decode(t, build(binary.LittleEndian, false, p))
		for py := range h {
			for px := range w {
				r, g, b := color.YCbCrToRGB(y(px, py), uint8(80+px/c.h*c.h), uint8(200-py/c.v*c.v))
				got := m.(*image.RGBA).RGBAAt(px, py)
				if far(got.R, r) || far(got.G, g) || far(got.B, b) { // that rounds otherwise
					t.Fatalf("%v, pixel %d, %d: %v, want %v", c, px, py, got, [3]uint8{r, g, b})
				}
			}
		}
	}
}

func far(a, b uint8) bool { return a-b+1 > 2 }

// Video range, and the coefficients of BT.709.
func TestYCbCrReferences(t *testing.T) {
	p := page{where: tagStripOffsets, blocks: [][]byte{{16, 128, 128, 235, 128, 128, 63, 102, 240}}, tags: []tag{
		{id: 256, values: []uint64{3}}, {id: 257, values: []uint64{1}}, {id: 258, values: []uint64{8, 8, 8}},
		{id: 262, values: []uint64{photoYCbCr}}, {id: 277, values: []uint64{3}}, {id: 530, values: []uint64{1, 1}},
		{id: 529, ratios: []uint64{213, 715, 72}}, {id: 532, ratios: []uint64{16000, 235000, 128000, 240000, 128000, 240000}},
	}}
	m, _ := decode(t, build(binary.BigEndian, false, p))
	got := m.(*image.RGBA).Pix
	for i, want := range []uint8{0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 255} { // black, white, and BT.709's red
		if far(got[i], want) {
			t.Errorf("byte %d is %d, want %d", i, got[i], want)
		}
	}
}
