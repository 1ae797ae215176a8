package bmp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"math/big"
	"math/rand/v2"
	"testing"
)

func decode(data []byte) (*File, *Picture, error) {
	f, err := Parse(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, nil, err
	}
	p, err := f.Decode(context.Background(), data)
	return f, p, err
}

// expect decodes a file and compares every pixel.
func expect(t *testing.T, what string, m bitmap, want func(x, y int) color.NRGBA) (*File, *Picture) {
	t.Helper()
	f, p, err := decode(m.file())
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return f, p
	}
	if p.Image.Bounds() != image.Rect(0, 0, m.width, m.height) || f.TopDown != m.topDown || f.PixelBits != m.bits {
		t.Errorf("%s: %v, top-down %v, %d bits", what, p.Image.Bounds(), f.TopDown, f.PixelBits)
		return f, p
	}
	for y := range m.height {
		for x := range m.width {
			if got := color.NRGBAModel.Convert(p.Image.At(x, y)); got != want(x, y) {
				t.Errorf("%s: pixel %d,%d is %v, want %v", what, x, y, got, want(x, y))
				return f, p
			}
		}
	}
	return f, p
}

func opaqueColour(c color.RGBA) color.NRGBA { return color.NRGBA(c) }

func TestPalettesOfEveryHeader(t *testing.T) {
	for _, header := range []int{12, 16, 24, 36, 40, 48, 52, 56, 64, 108, 124} {
		for _, bits := range []int{1, 2, 4, 8} {
			for width := 1; width <= 17; width++ {
				m := bitmap{header: header, bits: bits, width: width, height: 3, palette: testPalette(1 << bits), gap: width % 3}
				m.topDown = header != 12 && width%2 == 0
				index := func(x, y int) uint32 { return uint32(5*x+3*y+1) % (1 << bits) }
				m.pixels = m.pack(index)
				f, p := expect(t, m.String(), m, func(x, y int) color.NRGBA { return opaqueColour(m.palette[index(x, y)]) })
				if f == nil || p == nil {
					continue
				}
				if _, ok := p.Image.(*image.Paletted); !ok || f.Bits() != bits || f.Alpha || len(f.Palette) != 1<<bits {
					t.Errorf("%v: %T, %d bits, alpha %v", m.String(), p.Image, f.Bits(), f.Alpha)
				}
				if os2 := header == 12 || header < 64 && header != 40 && header != 52 && header != 56 || header == 64; f.OS2 != os2 {
					t.Errorf("header of %d bytes: OS/2 %v", header, f.OS2)
				}
			}
		}
	}
}

func TestColoursOfEveryHeader(t *testing.T) {
	for _, header := range []int{12, 16, 40, 52, 56, 64, 108, 124} {
		for _, bits := range []int{16, 24, 32} {
			for _, topDown := range []bool{false, true} {
				m := bitmap{header: header, bits: bits, width: 5, height: 4, topDown: topDown && header != 12}
				value := func(x, y int) uint32 { return uint32(x*40503+y*2654435+x*y*977) * 2654435761 }
				m.pixels = m.pack(value)
				f, p := expect(t, m.String(), m, func(x, y int) color.NRGBA {
					v := value(x, y)
					if bits == 16 {
						return color.NRGBA{rounded(v>>10&31, 5), rounded(v>>5&31, 5), rounded(v&31, 5), 255}
					}
					return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
				})
				if f == nil || p == nil {
					continue
				}
				if _, ok := p.Image.(*image.RGBA); !ok || f.Alpha {
					t.Errorf("%v: %T, alpha %v", m.String(), p.Image, f.Alpha)
				}
			}
		}
	}
}

// rounded is v of 2^bits-1 in 255, by fractions.
func rounded(v uint32, bits int) uint8 {
	if bits == 0 {
		return 0
	}
	top := int64(1)<<bits - 1
	r := new(big.Rat).Add(big.NewRat(int64(v)*255, top), big.NewRat(1, 2))
	return uint8(new(big.Int).Quo(r.Num(), r.Denom()).Int64())
}

// mask is n bits at shift.
func mask(n, shift int) uint32 { return uint32(1<<n-1) << shift }

func TestMasks(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		bits   int
		widths [4]int // red, green, blue, alpha, from the lowest bit
	}{
		{16, [4]int{5, 6, 5, 0}}, {16, [4]int{5, 5, 5, 1}}, {16, [4]int{4, 4, 4, 4}}, {16, [4]int{2, 3, 1, 0}}, {16, [4]int{1, 9, 2, 4}},
		{16, [4]int{8, 8, 0, 0}}, {16, [4]int{16, 0, 0, 0}}, {16, [4]int{0, 0, 15, 1}},
		{32, [4]int{8, 8, 8, 8}}, {32, [4]int{11, 11, 10, 0}}, {32, [4]int{10, 10, 10, 2}}, {32, [4]int{6, 17, 5, 4}}, {32, [4]int{0, 32, 0, 0}}, {32, [4]int{12, 1, 13, 6}},
	} {
		for _, order := range [][4]int{{0, 1, 2, 3}, {2, 1, 0, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}} {
			for _, header := range []int{40, 52, 56, 108, 124} {
				m := bitmap{header: header, bits: c.bits, compression: 3, width: 7, height: 5, masks: make([]uint32, 4)}
				var shifts [4]int
				at := 0
				for _, i := range order {
					shifts[i] = at
					m.masks[i] = mask(c.widths[i], at)
					at += c.widths[i]
				}
				switch {
				case c.widths[3] > 0 && header == 40:
					m.compression = 6
				case header == 40, header == 52 && c.widths[3] == 0:
					m.masks = m.masks[:3]
				case header == 52:
					continue // it has no place for alpha
				}
				values := make([]uint32, m.width*m.height)
				for i := range values {
					values[i] = random.Uint32()
				}
				if c.widths[3] > 0 {
					values[0] |= m.masks[3] // some alpha
				}
				value := func(x, y int) uint32 { return values[y*m.width+x] }
				m.pixels = m.pack(value)
				f, _ := expect(t, fmt.Sprint(c, order, header), m, func(x, y int) color.NRGBA {
					var v [4]uint8
					for i := range v {
						v[i] = rounded(value(x, y)>>shifts[i]&mask(c.widths[i], 0), c.widths[i])
					}
					if c.widths[3] == 0 {
						v[3] = 255
					}
					return color.NRGBA{v[0], v[1], v[2], v[3]}
				})
				if f != nil && (f.Alpha != (c.widths[3] > 0) || f.Bits() != max(c.widths[0], c.widths[1], c.widths[2], c.widths[3])) {
					t.Errorf("%v: alpha %v, %d bits", c, f.Alpha, f.Bits())
				}
			}
		}
	}
}

// Where no masks are in force that of alpha counts for nothing either.
func TestAlphaWithoutMasksInForce(t *testing.T) {
	for _, header := range []int{56, 108, 124} {
		for _, alpha := range []uint32{0xff000000, 0, 0x80000000} {
			m := bitmap{header: header, bits: 32, width: 3, height: 2, masks: []uint32{0, 0, 0, alpha}}
			value := func(x, y int) uint32 { return uint32(0x01020304 * (x + 2*y + 1)) }
			m.pixels = m.pack(value)
			f, _ := expect(t, fmt.Sprintf("%d, %#x", header, alpha), m, func(x, y int) color.NRGBA {
				v := value(x, y)
				return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
			})
			if f != nil && f.Alpha {
				t.Errorf("%d, %#x: alpha", header, alpha)
			}
		}
	}
}

func TestAlphaOfZerosIsNone(t *testing.T) {
	for _, one := range []uint32{0, 0x01000000} {
		m := bitmap{header: 124, bits: 32, compression: 3, width: 3, height: 2, masks: []uint32{0xff0000, 0xff00, 0xff, 0xff000000}}
		m.pixels = m.pack(func(x, y int) uint32 { return 0x102030 | one*uint32(x/2*y) })
		_, p := expect(t, fmt.Sprint(one), m, func(x, y int) color.NRGBA {
			switch {
			case one == 0:
				return color.NRGBA{16, 32, 48, 255}
			case x == 2 && y == 1:
				return color.NRGBA{16, 32, 48, 1}
			}
			return color.NRGBA{16, 32, 48, 0}
		})
		if p != nil && p.NoAlpha != (one == 0) {
			t.Errorf("alpha %#x: NoAlpha %v", one, p.NoAlpha)
		}
	}
}

func TestShortAndLongPalettes(t *testing.T) {
	for _, c := range []struct{ header, written, used, want int }{
		{40, 100, 100, 100}, {40, 256, 0, 256}, {40, 100, 0, 100}, {40, 300, 300, 256}, {40, 256, 7, 7}, {12, 252, 0, 252}, {12, 300, 0, 256}, {124, 1, 1, 1},
	} {
		m := bitmap{header: c.header, bits: 8, width: 4, height: 2, palette: testPalette(c.written), used: c.used}
		m.pixels = m.pack(func(x, y int) uint32 { return uint32(c.want - 1) })
		f, _ := expect(t, fmt.Sprint(c), m, func(int, int) color.NRGBA { return opaqueColour(m.palette[c.want-1]) })
		if f != nil && len(f.Palette) != c.want {
			t.Errorf("%v: %d colours", c, len(f.Palette))
		}
		if c.want < 256 {
			m.pixels = m.pack(func(x, y int) uint32 { return uint32(c.want * x / 3) })
			want := fmt.Sprintf("has palette index %d of %d colours", c.want, c.want)
			var format *FormatError
			if _, _, err := decode(m.file()); !errors.As(err, &format) || format.Reason != want {
				t.Errorf("%v: %v, want %s", c, err, want)
			}
		}
	}
}

func TestProfiles(t *testing.T) {
	profile := []byte("this is a profile")
	for _, c := range []struct {
		what    string
		kind    string
		at      int // from the end of the pixels
		length  int
		profile bool
		linked  bool
		damaged bool
	}{
		{"embedded", "DEBM", 0, len(profile), true, false, false},
		{"none", "BGRs", 0, len(profile), false, false, false},
		{"linked", "KNIL", 0, len(profile), false, true, false},
		{"too long", "DEBM", 0, len(profile) + 1, false, false, true},
		{"far away", "DEBM", 1 << 30, len(profile), false, false, true},
		{"empty", "DEBM", 0, 0, false, false, false},
	} {
		m := bitmap{header: 124, bits: 24, width: 1, height: 1, pixels: []byte{1, 2, 3, 0}, tail: profile}
		m.change = func(h []byte) {
			copy(h[56:], c.kind)
			le.PutUint32(h[112:], uint32(124+4+c.at))
			le.PutUint32(h[116:], uint32(c.length))
		}
		f, p := expect(t, c.what, m, func(int, int) color.NRGBA { return color.NRGBA{3, 2, 1, 255} })
		if f == nil || p == nil {
			continue
		}
		got, err := f.Profile(bytes.NewReader(m.file()), 1<<20)
		if f.LinkedProfile != c.linked || (err != nil) != c.damaged || (got != nil) != c.profile || c.profile && !bytes.Equal(got, profile) {
			t.Errorf("%s: linked %v, %v, profile %q", c.what, f.LinkedProfile, err, got)
		}
		if _, err := f.Profile(bytes.NewReader(m.file()), 3); (err != nil) != (c.profile || c.damaged) {
			t.Errorf("%s: of at most 3 bytes: %v", c.what, err)
		}
	}
}
