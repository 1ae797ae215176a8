package png

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/draw"
	stdpng "image/png"
	"math/rand/v2"
	"slices"
	"testing"
)

// encoded writes a picture, and fails the test if that cannot be done.
func encoded(t testing.TB, img image.Image, o EncodeOptions) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := Encode(&buf, img, o); err != nil {
		t.Fatalf("%T: %v", img, err)
	}
	return buf.Bytes()
}

// exact is a pixel with all that is stored of it: color's own models multiply
// by alpha and lose what they cannot divide again.
func exact(c color.Color) color.NRGBA64 {
	switch c := c.(type) {
	case color.NRGBA:
		return color.NRGBA64{uint16(c.R) * 257, uint16(c.G) * 257, uint16(c.B) * 257, uint16(c.A) * 257}
	case color.NRGBA64:
		return c
	case color.RGBA: // multiplied: as the writer divides
		if c.A < 255 {
			return exact(color.NRGBAModel.Convert(c))
		}
	}
	return color.NRGBA64Model.Convert(c).(color.NRGBA64)
}

func samePixels(t *testing.T, what string, want, got image.Image) {
	t.Helper()
	b, g := want.Bounds(), got.Bounds()
	if b.Size() != g.Size() {
		t.Errorf("%s: %v, want %v", what, g.Size(), b.Size())
		return
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			w, h := exact(want.At(b.Min.X+x, b.Min.Y+y)), exact(got.At(g.Min.X+x, g.Min.Y+y))
			if w != h {
				t.Errorf("%s: pixel %d,%d is %v, want %v", what, x, y, h, w)
				return
			}
		}
	}
}

// painter fills a picture with something smooth and something wild.
func painter(seed uint64, gray bool, alphas ...uint16) func(m draw.Image) draw.Image {
	random := rand.New(rand.NewPCG(seed, 1))
	return func(m draw.Image) draw.Image {
		b := m.Bounds()
		for y := b.Min.Y; y < b.Max.Y; y++ {
			for x := b.Min.X; x < b.Max.X; x++ {
				c := color.NRGBA64{uint16(x * 1000), uint16(y * 777), uint16((x + y) * 1301), 0xffff}
				if y%7 == 3 {
					c.R ^= uint16(random.Uint32())
				}
				if gray {
					c.G, c.B = c.R, c.R
				}
				if len(alphas) > 0 {
					c.A = alphas[(x/3+y)%len(alphas)]
				}
				m.Set(x, y, c)
			}
		}
		return m
	}
}

func TestWhatIsWritten(t *testing.T) {
	full := image.Rect(-3, 5, 58, 48)
	for _, c := range []struct {
		what   string
		img    draw.Image
		paint  func(draw.Image) draw.Image
		colour byte
		bits   byte
	}{
		{"gray", image.NewGray(full), painter(1, true), typeGray, 8},
		{"gray, 16 bits", image.NewGray16(full), painter(2, true), typeGray, 16},
		{"RGBA, opaque", image.NewRGBA(full), painter(3, false), typeRGB, 8},
		{"RGBA, opaque and gray", image.NewRGBA(full), painter(3, true), typeRGB, 8},
		{"RGBA", image.NewRGBA(full), painter(4, false, 0xffff, 0x8080, 0), typeRGBA, 8},
		{"RGBA, gray", image.NewRGBA(full), painter(5, true, 0xffff, 0x8080, 0), typeGrayAlpha, 8},
		{"NRGBA, opaque", image.NewNRGBA(full), painter(6, false), typeRGB, 8},
		{"NRGBA", image.NewNRGBA(full), painter(7, false, 0x0101, 0xffff, 0), typeRGBA, 8},
		{"NRGBA, gray", image.NewNRGBA(full), painter(8, true, 0x0101, 0xffff, 0), typeGrayAlpha, 8},
		{"RGBA64, opaque", image.NewRGBA64(full), painter(9, false), typeRGB, 16},
		{"RGBA64", image.NewRGBA64(full), painter(10, false, 0xfffe, 0x1234), typeRGBA, 16},
		{"RGBA64, gray", image.NewRGBA64(full), painter(11, true, 0xfffe, 0x1234), typeGrayAlpha, 16},
		{"NRGBA64, opaque", image.NewNRGBA64(full), painter(12, false), typeRGB, 16},
		{"NRGBA64", image.NewNRGBA64(full), painter(13, false, 1, 0xffff, 0), typeRGBA, 16},
		{"NRGBA64, gray", image.NewNRGBA64(full), painter(14, true, 1, 0xffff, 0), typeGrayAlpha, 16},
		{"another type", image.NewCMYK(full), func(m draw.Image) draw.Image { return m }, typeRGB, 8},
	} {
		c.paint(c.img)
		for _, r := range []image.Rectangle{full, image.Rect(2, 9, 31, 40), image.Rect(57, 47, 58, 48)} {
			img := c.img.(interface {
				SubImage(image.Rectangle) image.Image
			}).SubImage(r)
			data := encoded(t, img, EncodeOptions{})
			bits, colour := data[24], data[25]
			if r.Dx() > 1 && (bits != c.bits || colour != c.colour) {
				t.Errorf("%s: %d bits of type %d, want %d of %d", c.what, bits, colour, c.bits, c.colour)
			}
			got, err := stdpng.Decode(bytes.NewReader(data))
			if err != nil {
				t.Errorf("%s, %v: %v", c.what, r, err)
				continue
			}
			want := img
			if m, ok := img.(*image.RGBA64); ok { // multiplied: as color divides
				n := image.NewNRGBA64(r)
				for y := r.Min.Y; y < r.Max.Y; y++ {
					for x := r.Min.X; x < r.Max.X; x++ {
						n.Set(x, y, m.At(x, y))
					}
				}
				want = n
			}
			samePixels(t, c.what, want, got)
			if again := encoded(t, img, EncodeOptions{}); !bytes.Equal(data, again) {
				t.Errorf("%s: other bytes the second time", c.what)
			}
		}
	}
}

func TestColoursStayColoursWithTheirProfile(t *testing.T) {
	m := painter(8, true, 0x0101, 0xffff, 0)(image.NewNRGBA(image.Rect(0, 0, 9, 9)))
	data := encoded(t, m, EncodeOptions{Color: true})
	if data[25] != typeRGBA {
		t.Errorf("colour type %d", data[25])
	}
	got, err := stdpng.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	samePixels(t, "gray in RGBA", m, got)
}

func TestPalettes(t *testing.T) {
	for _, n := range []int{1, 2, 3, 4, 5, 15, 16, 17, 100, 255, 256} {
		for _, transparent := range []int{-1, 0, n / 2, n - 1} {
			m := image.NewPaletted(image.Rect(0, 0, 37, 11), make(color.Palette, n))
			for i := range m.Palette {
				m.Palette[i] = color.NRGBA{uint8(i), uint8(3 * i), uint8(255 - i), 255}
			}
			trns := 0
			if transparent >= 0 {
				m.Palette[transparent] = color.NRGBA{9, 8, 7, 100}
				trns = transparent + 1
			}
			for i := range m.Pix {
				m.Pix[i] = uint8((i * i / 3) % n)
			}
			data := encoded(t, m, EncodeOptions{})
			want := map[bool]byte{true: 1}[n <= 2]
			for _, bits := range []byte{2, 4, 8} {
				if want == 0 && n <= 1<<bits {
					want = bits
				}
			}
			if data[24] != want || data[25] != typePalette {
				t.Errorf("%d colours: %d bits of type %d", n, data[24], data[25])
			}
			for c := range chunks(data) {
				if c.name == "tRNS" && len(c.data) != trns || c.name == "PLTE" && len(c.data) != 3*n {
					t.Errorf("%d colours, %d transparent: %s of %d bytes", n, transparent, c.name, len(c.data))
				}
			}
			got, err := stdpng.Decode(bytes.NewReader(data))
			if err != nil {
				t.Errorf("%d colours: %v", n, err)
				continue
			}
			samePixels(t, "palette", m, got)
		}
	}
}

// Every filter has rows that it is best for, and reads back.
func TestEveryFilterIsUsed(t *testing.T) {
	var f filters
	const n = 600
	f.reset(n, 3, true)
	random := rand.New(rand.NewPCG(5, 6))
	used := [5]bool{}
	above := make([]byte, n)
	for y := range 200 {
		row := f.next()
		for i := range row {
			left, up, corner := 0, int(above[i]), 0
			if i >= 3 {
				left, corner = int(row[i-3]), int(above[i-3])
			}
			switch y / 8 % 5 {
			case 0:
				row[i] = []byte{0, 255}[random.IntN(2)]
			case 1:
				row[i] = byte(left + 1)
			case 2:
				row[i] = byte(up + 2)
			case 3:
				row[i] = byte((left+up)/2 + random.IntN(2))
			case 4:
				row[i] = paethOf(left, up, corner) + byte(random.IntN(2))
			}
		}
		out := f.filtered()
		used[out[0]] = true
		back := slices.Clone(out[1:])
		for i := range back {
			left, up, corner := 0, int(above[i]), 0
			if i >= 3 {
				left, corner = int(back[i-3]), int(above[i-3])
			}
			back[i] += []byte{0, byte(left), byte(up), byte((left + up) / 2), paethOf(left, up, corner)}[out[0]]
		}
		if !bytes.Equal(back, row) {
			t.Fatalf("row %d with filter %d does not come back", y, out[0])
		}
		copy(above, row)
	}
	if used != [5]bool{true, true, true, true, true} {
		t.Errorf("filters used: %v", used)
	}
}

// paethOf follows section 9.4 word by word.
func paethOf(a, b, c int) byte {
	abs := func(v int) int { return max(v, -v) }
	p := a + b - c
	pa, pb, pc := abs(p-a), abs(p-b), abs(p-c)
	if pa <= pb && pa <= pc {
		return byte(a)
	} else if pb <= pc {
		return byte(b)
	}
	return byte(c)
}

func TestPredictor(t *testing.T) {
	for a := range 256 {
		for b := range 256 {
			for c := a % 17; c < 256; c += 17 {
				if got, want := predict(a, b, c), paethOf(a, b, c); got != want {
					t.Fatalf("%d, %d, %d: %d, want %d", a, b, c, got, want)
				}
			}
		}
	}
}

func TestChunksStandBehindTheHeader(t *testing.T) {
	extra := AppendChunk(AppendChunk(nil, "tEXt", []byte("Title\x00x")), "eXIf", []byte("II*\x00"))
	m := image.NewPaletted(image.Rect(0, 0, 3, 3), color.Palette{color.Black, color.NRGBA{1, 2, 3, 4}})
	var names []string
	for c := range chunks(encoded(t, m, EncodeOptions{Chunks: extra})) {
		if c.wrong != "" {
			t.Errorf("%s: %s", c.name, c.wrong)
		}
		names = append(names, c.name)
	}
	if want := []string{"IHDR", "tEXt", "eXIf", "PLTE", "tRNS", "IDAT", "IEND"}; !slices.Equal(names, want) {
		t.Errorf("chunks %q, want %q", names, want)
	}
}

func TestPicturesThatCannotBeWritten(t *testing.T) {
	one := image.Rect(0, 0, 2, 1)
	beyond := image.NewPaletted(one, color.Palette{color.Black})
	beyond.Pix[1] = 1
	for want, img := range map[string]image.Image{
		"png: a picture of 0x0 pixels":     image.NewGray(image.Rectangle{}),
		"png: a palette of 0 colours":      image.NewPaletted(one, nil),
		"png: a palette of 257 colours":    image.NewPaletted(one, make(color.Palette, 257)),
		"png: an index beyond the palette": beyond,
	} {
		if err := Encode(new(bytes.Buffer), img, EncodeOptions{}); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

var errFull = errors.New("no space left on device")

// full takes a number of bytes.
type full int

func (f *full) Write(p []byte) (int, error) {
	if *f -= full(len(p)); *f < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestErrorsOfTheWriter(t *testing.T) {
	m := painter(7, false)(image.NewRGBA(image.Rect(0, 0, 300, 200)))
	size := len(encoded(t, m, EncodeOptions{}))
	for n := 0; n < size; n += 1 + size/20 {
		w := full(n)
		if err := Encode(&w, m, EncodeOptions{}); !errors.Is(err, errFull) {
			t.Errorf("room for %d bytes of %d: %v", n, size, err)
		}
	}
}
