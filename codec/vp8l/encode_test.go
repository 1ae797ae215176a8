package vp8l

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/webp"

	"github.com/imgpar/imgpar/internal/fuzztest"
)

// file puts a bitstream into its container.
func file(b []byte) []byte {
	le := binary.LittleEndian
	pad := len(b) & 1
	out := le.AppendUint32([]byte("RIFF"), uint32(12+len(b)+pad))
	out = le.AppendUint32(append(out, "WEBPVP8L"...), uint32(len(b)))
	return append(append(out, b...), make([]byte, pad)...)
}

// check holds what another decoder makes of a picture against it.
func check(t *testing.T, name string, m *image.NRGBA) int {
	t.Helper()
	data := file(Append(nil, m))
	img, err := webp.Decode(bytes.NewReader(data))
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return 0
	}
	got := img.(*image.NRGBA)
	if got.Rect.Size() != m.Rect.Size() {
		t.Errorf("%s: %v, want %v", name, got.Rect.Size(), m.Rect.Size())
		return 0
	}
	for y := range m.Rect.Dy() {
		w := 4 * m.Rect.Dx()
		if !bytes.Equal(got.Pix[y*got.Stride:][:w], m.Pix[y*m.Stride:][:w]) {
			t.Errorf("%s: row %d differs", name, y)
			return 0
		}
	}
	return len(data)
}

// filled is a picture whose pixels are those that colour returns.
func filled(w, h int, colour func(x, y int) [4]uint8) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := colour(x, y)
			copy(m.Pix[m.PixOffset(x, y):], c[:])
		}
	}
	return m
}

var sizes = [][2]int{{1, 1}, {2, 1}, {1, 2}, {3, 3}, {7, 1}, {1, 9}, {8, 8}, {15, 17}, {16, 16}, {33, 31}, {200, 3}, {3, 200}, {129, 65}}

func TestPicturesComeBackAsTheyWere(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, s := range sizes {
		for name, colour := range map[string]func(x, y int) [4]uint8{
			"black":   func(x, y int) [4]uint8 { return [4]uint8{0, 0, 0, 255} },
			"nothing": func(x, y int) [4]uint8 { return [4]uint8{} },
			"white":   func(x, y int) [4]uint8 { return [4]uint8{255, 255, 255, 255} },
			"ramps":   func(x, y int) [4]uint8 { return [4]uint8{uint8(x * 3), uint8(y * 5), uint8(x + y), 255} },
			"alpha":   func(x, y int) [4]uint8 { return [4]uint8{uint8(x * 3), uint8(y * 5), uint8(x + y), uint8(x * y)} },
			"noise": func(x, y int) [4]uint8 {
				v := r.Uint32()
				return [4]uint8{uint8(v), uint8(v >> 8), uint8(v >> 16), uint8(v >> 24)}
			},
			"dark noise": func(x, y int) [4]uint8 {
				v := r.Uint32()
				return [4]uint8{uint8(v & 7), uint8(v >> 8 & 7), uint8(v >> 16 & 7), 255}
			},
			"stripes": func(x, y int) [4]uint8 { return [4]uint8{uint8(x % 5 * 50), uint8(x % 7 * 30), uint8(x % 3), 255} },
			"tiles": func(x, y int) [4]uint8 {
				return [4]uint8{uint8(x % 5 * y % 9 * 5), uint8(x % 7 * 30), uint8(x % 3), 255}
			},
			"hidden hues": func(x, y int) [4]uint8 { return [4]uint8{uint8(x * 7), uint8(y * 11), 9, 0} },
		} {
			check(t, fmt.Sprintf("%s of %v", name, s), filled(s[0], s[1], colour))
		}
	}
}

// As many colours as lie on either side of every size of a table.
func TestTables(t *testing.T) {
	for _, n := range []int{1, 2, 3, 4, 5, 15, 16, 17, 255, 256, 257} {
		for _, w := range []int{1, 7, 40, 41} {
			m := filled(w, 300, func(x, y int) [4]uint8 {
				i := (x + y*w) % n
				return [4]uint8{uint8(i), uint8(7 * i), uint8(i >> 8), 255 - uint8(i&1)}
			})
			check(t, fmt.Sprintf("%d colours, width %d", n, w), m)
		}
	}
}

// Frequencies like Fibonacci's numbers make the longest codes there are, beyond
// what the format allows.
func TestLongCodes(t *testing.T) {
	for _, limit := range []int{maxLengthCode, maxCode} {
		counts := []uint32{1, 1}
		for len(counts) < 19 {
			counts = append(counts, counts[len(counts)-1]+counts[len(counts)-2])
		}
		c := newPrefixCode(counts, limit)
		kraft := 0
		for _, n := range c.lengths {
			if n == 0 || int(n) > limit {
				t.Errorf("limit %d: a code of %d bits", limit, n)
			}
			kraft += 1 << (limit - int(n))
		}
		if kraft != 1<<limit {
			t.Errorf("limit %d: lengths %v are no whole code", limit, c.lengths)
		}
	}
	var values []uint8
	for i, a, b := 0, 1, 1; i < 22; i, a, b = i+1, b, a+b {
		for range a {
			values = append(values, uint8(11*i))
		}
	}
	r := rand.New(rand.NewPCG(3, 4))
	r.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
	at, left := 0, uint8(0)
	check(t, "Fibonacci", filled(200, 200, func(x, y int) [4]uint8 {
		if x == 0 {
			left = 0
		}
		left += values[at%len(values)]
		at++
		return [4]uint8{left, left, left, uint8(255 - x%2)}
	}))
}

// The example distances of the specification's table.
func TestNearbyPlaces(t *testing.T) {
	const w = 100
	for want, place := range map[uint32][2]int{1: {0, 1}, 2: {1, 0}, 3: {1, 1}, 4: {-1, 1}, 5: {0, 2}, 6: {2, 0}, 35: {0, 5}, 36: {3, 4}, 37: {-3, 4}, 40: {5, 0}, 119: {8, 6}, 120: {8, 7}} {
		if got := distanceCode(place[0]+place[1]*w, w); got != want {
			t.Errorf("%v: %d, want %d", place, got, want)
		}
	}
	if got := distanceCode(9, w); got != 129 {
		t.Errorf("9 to the left: %d, want 129", got)
	}
}

func TestPartOfAPicture(t *testing.T) {
	m := filled(60, 50, func(x, y int) [4]uint8 { return [4]uint8{uint8(x * 4), uint8(y * 5), uint8(x ^ y), 255} })
	part := m.SubImage(image.Rect(7, 9, 41, 33)).(*image.NRGBA)
	check(t, "part", &image.NRGBA{Pix: part.Pix, Stride: part.Stride, Rect: image.Rect(0, 0, 34, 24)})
}

func TestRepetitionTakesLittle(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	row := make([][4]uint8, 64*64)
	for i := range row {
		v := r.Uint32()
		row[i] = [4]uint8{uint8(v), uint8(v >> 8), uint8(v >> 16), 255}
	}
	tile := func(x, y int) [4]uint8 { return row[y%64*64+x%64] }
	once, often := check(t, "once", filled(64, 64, tile)), check(t, "often", filled(512, 512, tile))
	if often > 2*once {
		t.Errorf("%d bytes for one tile, %d for 64", once, often)
	}
}

func BenchmarkAppend(b *testing.B) {
	m := filled(600, 400, func(x, y int) [4]uint8 { return [4]uint8{uint8(x*y/300 + x*7%5), uint8(y + x*3%7), uint8(x - y), 255} })
	b.SetBytes(int64(len(m.Pix)))
	for b.Loop() {
		Append(nil, m)
	}
}

// Whatever the pixels, another decoder finds them.
func FuzzAppend(f *testing.F) {
	f.Add([]byte("some colours"), uint8(20), uint8(30), uint8(0))
	f.Add([]byte{0, 0, 0, 0, 1, 2, 3, 255}, uint8(1), uint8(200), uint8(7))
	f.Fuzz(func(t *testing.T, pix []byte, w, h, step uint8) {
		if w == 0 || h == 0 || len(pix) == 0 {
			return
		}
		defer fuzztest.Bound(t, pix, 64<<20)()
		m := image.NewNRGBA(image.Rect(0, 0, int(w), int(h)))
		for i := range m.Pix {
			m.Pix[i] = pix[i%len(pix)] + uint8(i/len(pix))*step
		}
		check(t, "fuzz", m)
	})
}
