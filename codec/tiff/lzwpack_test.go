package tiff

import (
	"bytes"
	"image"
	"math/rand/v2"
	"testing"

	xtiff "golang.org/x/image/tiff"
)

// The example of section 13: 7 7 7 8 8 7 7 6 6 becomes the codes 256 7 258 8 8 258 6 6 257, of 9 bits each.
func TestExampleOfTheSpecification(t *testing.T) {
	got := new(lzwPacker).pack([]byte{7, 7, 7, 8, 8, 7, 7, 6, 6})
	if want := []byte{0x80, 0x01, 0xe0, 0x40, 0x80, 0x44, 0x08, 0x0c, 0x06, 0x80, 0x80}; !bytes.Equal(got, want) {
		t.Errorf("% x, want % x", got, want)
	}
}

// pairs returns n bytes, at most 32768, of which no two neighbours come again in that order: each is a code.
func pairs(n int) []byte {
	out := make([]byte, 0, n+256)
	for step := 1; len(out) < n; step += 2 { // odd: it leads through all 256 bytes
		for i := range 256 {
			out = append(out, byte(i*step))
		}
	}
	return out[:n]
}

// unpacked reads n bytes of codes, and the code behind them, which ends them.
func unpacked(t *testing.T, packed []byte, n int) []byte {
	t.Helper()
	var src source
	src.reset(bytes.NewReader(packed), 0, int64(len(packed)), false)
	u, out := new(lzw), make([]byte, n)
	if err := u.reset(&src); err != nil {
		t.Fatal(err)
	}
	if err := u.fill(out); err != nil {
		t.Fatalf("%d bytes: %v", n, err)
	}
	if c, err := u.code(); c != lzwEnd || err != nil || src.pos != len(src.buf) || src.left > 0 {
		t.Fatalf("%d bytes: code %d behind them, %v, and then %d bytes", n, c, err, src.left+int64(len(src.buf)-src.pos))
	}
	return out
}

// Where codes become longer and where strings are forgotten depends on how many codes there were: 254, 766 and 1790, and
// 3837. The packer agrees there with a slow one and with the reader.
func TestLZWAtItsBoundaries(t *testing.T) {
	p := new(lzwPacker)
	for _, codes := range []int{1, 254, 766, 1790, 3837, 3837 + 254, 2 * 3837, 3 * 3837} {
		for n := max(1, codes-3); n <= codes+3; n++ {
			src := pairs(n)
			got := p.pack(src)
			if !bytes.Equal(got, lzwOf(src, false)) {
				t.Errorf("%d bytes: not what the specification says", n)
			}
			if !bytes.Equal(unpacked(t, got, n), src) {
				t.Errorf("%d bytes: others come back", n)
			}
		}
	}
}

// The same with runs, in which each code stands for one byte more than that before.
func TestLZWOfRuns(t *testing.T) {
	p := new(lzwPacker)
	for _, codes := range []int{1, 2, 253, 254, 255, 765, 766, 767, 1789, 1790, 1791, 3837} {
		for n := codes*(codes+1)/2 - 1; n <= codes*(codes+1)/2+1; n++ {
			src := make([]byte, max(1, n))
			if !bytes.Equal(unpacked(t, p.pack(src), len(src)), src) {
				t.Errorf("%d zeros: others come back", len(src))
			}
		}
	}
}

func TestLZWOfAnything(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	p := new(lzwPacker)
	for i := range 300 {
		src := make([]byte, 1+r.IntN(1<<r.IntN(17)))
		values := 1 + r.IntN(256)
		for j := range src {
			if src[j] = byte(r.IntN(values)); j > i && r.IntN(4) > 0 {
				src[j] = src[j-i]
			}
		}
		got := p.pack(src)
		if i < 60 && !bytes.Equal(got, lzwOf(src, false)) {
			t.Errorf("%d bytes of %d values: not what the specification says", len(src), values)
		}
		if !bytes.Equal(unpacked(t, got, len(src)), src) {
			t.Errorf("%d bytes of %d values: others come back", len(src), values)
		}
	}
}

func FuzzPack(f *testing.F) {
	f.Add([]byte{7, 7, 7, 8, 8, 7, 7, 6, 6}, uint16(1))
	f.Add(pairs(3837), uint16(2))
	f.Fuzz(func(t *testing.T, src []byte, times uint16) {
		if src = bytes.Repeat(src, int(times)%16+1); len(src) > 0 && !bytes.Equal(unpacked(t, new(lzwPacker).pack(src), len(src)), src) {
			t.Error("others come back")
		}
	})
}

// What LZW makes no smaller is not compressed, and has no differences then.
func TestNoiseIsNotCompressed(t *testing.T) {
	r := image.Rect(0, 0, 300, 500) // of several strips
	noise, smooth := image.NewGray16(r), image.NewGray16(r)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		noise.Pix[i] = byte(random.Uint32())
		smooth.Pix[i] = byte(i >> 8)
	}
	half := image.NewGray16(r) // the noise comes late
	copy(half.Pix[:len(half.Pix)/8], smooth.Pix)
	copy(half.Pix[len(half.Pix)/8:], noise.Pix)
	tiny := image.NewRGBA(image.Rect(0, 0, 1, 1))
	pages := []image.Image{noise, smooth, half, tiny}
	data := written(t, Description{}, pages...)
	f := open(t, data)
	for i, want := range []string{"uncompressed", "LZW", "uncompressed", "uncompressed"} {
		p := f.Pages[i]
		if got := p.Variant(); got != want {
			t.Errorf("page %d is %s, want %s", i, got, want)
		}
		if n := p.Uint(tagPredictor, 1); (n == 2) != (want == "LZW") {
			t.Errorf("page %d: predictor %d", i, n)
		}
		m, _, err := p.Decode(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		samePixels(t, "page", pages[i], m)
	}
	if most := len(noise.Pix)*2 + len(smooth.Pix)/4 + 4096; len(data) > most {
		t.Errorf("%d bytes, want %d at most: what was tried is still there", len(data), most)
	}
	m, err := xtiff.Decode(bytes.NewReader(written(t, Description{}, noise)))
	if err != nil {
		t.Fatal(err)
	}
	samePixels(t, "read by x/image", noise, m)
}
