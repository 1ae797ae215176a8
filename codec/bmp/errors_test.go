package bmp

import (
	"bytes"
	"context"
	"errors"
	"image"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/internal/fuzztest"
)

func TestErrors(t *testing.T) {
	plain24 := bitmap{header: 40, bits: 24, width: 2, height: 2, pixels: make([]byte, 16)}
	with := func(change func(m *bitmap)) []byte {
		m := plain24
		change(&m)
		return m.file()
	}
	poke := func(at int, b ...byte) []byte {
		data := plain24.file()
		copy(data[at:], b)
		return data
	}
	masks := func(r, g, b uint32) func(m *bitmap) {
		return func(m *bitmap) { m.bits, m.compression, m.masks = 16, 3, []uint32{r, g, b} }
	}
	for want, data := range map[string][]byte{
		"the BMP has an information header of 13 bytes at offset 14":         poke(14, 13),
		"the BMP has an information header of 4294967295 bytes at offset 14": poke(14, 255, 255, 255, 255),
		"the BMP has 2 planes at offset 26":                                  poke(26, 2),
		"the BMP has compression 7 at offset 30":                             poke(30, 7),
		"the BMP has 5 bits a pixel with compression 0 at offset 28":         poke(28, 5),
		"the BMP has 24 bits a pixel with compression 1 at offset 28":        poke(30, 1),
		"the BMP has 24 bits a pixel with compression 3 at offset 28":        poke(30, 3),
		"the BMP has its pixels at 53, within its header at offset 10":       poke(10, 53),
		"the BMP has its pixels at 71, behind its end at offset 10":          poke(10, 71),
		"the BMP has 0x2 pixels at offset 18":                                poke(18, 0),
		"the BMP has 2x0 pixels at offset 18":                                poke(22, 0),
		"the BMP ends too early at offset 70":                                poke(18, 3),
		"the BMP ends too early at offset 66":                                plain24.file()[:66],
		"the BMP ends too early at offset 50":                                plain24.file()[:50],
		"the BMP has no palette at offset 54":                                with(func(m *bitmap) { m.bits = 8 }),
		"the BMP has a palette of 9 colours where 8 fit at offset 46":        with(func(m *bitmap) { m.bits, m.used, m.palette = 8, 9, testPalette(8) }),
		"the BMP has a mask 0x505, with a gap at offset 54":                  with(masks(0x505, 0, 0)),
		"the BMP has a mask 0x10000 for 16 bits at offset 54":                with(masks(0xff, 0, 0x10000)),
		"the BMP has masks that overlap at offset 54":                        with(masks(0xff, 0, 0x80)),
		"the BMP has no masks for colours at offset 54":                      with(masks(0, 0, 0)),
		"the BMP has run-length encoded rows from the top at offset 22":      with(func(m *bitmap) { m.bits, m.compression, m.topDown = 8, 1, true }),
		"unsupported: BMP with JPEG compression":                             poke(28, 0, 0, 4),
		"unsupported: BMP with PNG compression":                              poke(28, 0, 0, 5),
		"unsupported: BMP with Huffman compression (OS/2)":                   poke(28, 1, 0, 3),
		"unsupported: BMP with CMYK colours":                                 poke(28, 32, 0, 11),
	} {
		_, _, err := decode(data)
		var missing UnsupportedError
		if errors.As(err, &missing) {
			err = errors.New("unsupported: " + string(missing))
		}
		if err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// A file may lack the padding of its last row, and no more.
func TestCutAnywhere(t *testing.T) {
	for _, bits := range []int{1, 2, 4, 8, 16, 24, 32} {
		m := bitmap{header: 40, bits: bits, width: 5, height: 3}
		if bits <= 8 {
			m.palette = testPalette(1 << bits)
		}
		m.pixels = m.pack(func(x, y int) uint32 { return uint32(x+y) % 2 })
		whole := m.file()
		padding := (32 - 5*bits%32) % 32 / 8
		for n := range whole {
			_, _, err := decode(whole[:n])
			var format *FormatError
			if fits := n >= len(whole)-padding; (err == nil) != fits || err != nil && !errors.As(err, &format) {
				t.Errorf("%d bits, %d bytes of %d: %v", bits, n, len(whole), err)
			}
		}
	}
}

// A small file is believed no more pixels than deltas can pass over.
func TestClaimsOfRunLengths(t *testing.T) {
	m := bitmap{header: 40, bits: 8, compression: 1, palette: testPalette(256), pixels: []byte{0, 1}}
	size := len(m.file())
	m.height = 255
	for m.width = 255 * size / 4; m.width < 255*size/4+2; m.width++ {
		_, p, err := decode(m.file())
		if fits := m.width*4 <= 255*size; (err == nil) != fits || fits && p.Unset != m.width*m.height {
			t.Errorf("%dx%d in %d bytes: %v", m.width, m.height, size, err)
		}
	}
	m.width, m.height = 1<<31-1, 1<<31-1
	if _, _, err := decode(m.file()); err == nil || !strings.Contains(err.Error(), "ends too early") {
		t.Errorf("a claim of 2^62 pixels: %v", err)
	}
}

func TestTheContextEndsDecoding(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, m := range []bitmap{
		{header: 40, bits: 24, width: 1, height: 1, pixels: make([]byte, 4)},
		{header: 40, bits: 8, compression: 1, width: 1, height: 1, palette: testPalette(2), pixels: []byte{0, 1}},
	} {
		data := m.file()
		f, err := Parse(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Decode(ctx, data); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	fuzztest.Seeds(f, ".bmp", ".dib")
	for _, bits := range []int{1, 2, 4, 8, 16, 24, 32} {
		for _, c := range codings {
			if c.fits(bits) {
				f.Add(bitmap{header: 64, bits: bits, compression: uint32(c), width: 3, height: 2, palette: testPalette(2), pixels: make([]byte, 64)}.file())
				f.Add(bitmap{header: 124, bits: bits, compression: uint32(c), width: 3, height: 2, masks: []uint32{3, 28, 32, 64}, palette: testPalette(2), pixels: make([]byte, 64)}.file())
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzztest.Bound(t, data, 16<<20)()
		file, err := Parse(bytes.NewReader(data), int64(len(data)))
		var (
			format  *FormatError
			missing UnsupportedError
		)
		if err == nil {
			_, _ = file.Variant(), file.Bits()
			if file.Width*file.Height > 1<<16 {
				return
			}
			var p *Picture
			if p, err = file.Decode(t.Context(), data); err == nil && p.Image.Bounds() != image.Rect(0, 0, file.Width, file.Height) {
				t.Errorf("%v of %dx%d", p.Image.Bounds(), file.Width, file.Height)
			}
		}
		if err != nil && !errors.As(err, &format) && !errors.As(err, &missing) {
			t.Errorf("%T: %v", err, err)
		}
	})
}
