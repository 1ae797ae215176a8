package png

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	stdpng "image/png"
	"testing"

	"github.com/imgpar/imgpar/internal/fuzztest"
)

const (
	fuzzSide   = 1 << 8   // keeps the memory of one picture small
	fuzzMemory = 64 << 20 // for several of them, of 8 bytes a pixel, and compressors
)

// summed sets the checksums of whole chunks, which else no change would survive.
func summed(data []byte) []byte {
	out := bytes.Clone(data)
	for off := len(Signature); off+12 <= len(out); {
		n := binary.BigEndian.Uint32(out[off:])
		if uint64(n) > uint64(len(out)-off-12) {
			break
		}
		end := off + 8 + int(n)
		binary.BigEndian.PutUint32(out[end:], crc32.ChecksumIEEE(out[off+4:end]))
		off = end + 4
	}
	return out
}

// known fails the test for an error that is of no kind that callers know.
func known(t *testing.T, err error) {
	t.Helper()
	if err != nil && !errors.As(err, new(*FormatError)) && !errors.As(err, new(UnsupportedError)) {
		t.Errorf("%T: %v", err, err)
	}
}

// FuzzSummed is FuzzDecode for damage behind checksums that are right.
func FuzzSummed(f *testing.F) {
	fuzztest.Seeds(f, ".png")
	f.Fuzz(func(t *testing.T, data []byte) { checkDecode(t, summed(data)) })
}

// checkDecode holds the strict reading, salvage and the standard library against
// one another.
func checkDecode(t *testing.T, data []byte) {
	defer fuzztest.Bound(t, data, fuzzMemory)()
	c, err := stdpng.DecodeConfig(bytes.NewReader(data))
	if err != nil || c.Width > fuzzSide || c.Height > fuzzSide {
		return
	}
	whole, strict := decode(data, false)
	p, err := decode(data, true)
	known(t, strict)
	known(t, err)
	if strict == nil {
		if err != nil || p.Damage != nil {
			t.Fatalf("whole, but salvaged: %+v, %v", p, err)
		}
		samePixels(t, "salvaged", whole.Image, p.Image)
	}
	var format *FormatError
	if err == nil && strict != nil && (!errors.As(strict, &format) || format.Hopeless || p.Damage == nil) {
		t.Errorf("%v, but salvaged with damage %v", strict, p.Damage)
	}
	if err == nil && p.Image.Bounds() != image.Rect(0, 0, c.Width, c.Height) {
		t.Errorf("%v of %dx%d", p.Image.Bounds(), c.Width, c.Height)
	}
	if want, err := stdpng.Decode(bytes.NewReader(data)); (err == nil) != (strict == nil) {
		t.Errorf("%v, but the standard library says %v", strict, err)
	} else if err == nil {
		samePixels(t, "of the standard library", want, whole.Image)
	}
}

// What an APNG says of its frames holds when they are decoded.
func FuzzAnimation(f *testing.F) {
	fuzztest.Seeds(f, ".png")
	for _, deep := range []bool{false, true} {
		var buf bytes.Buffer
		w := NewAnimationWriter(&buf, 6, 5, deep, 3, nil)
		for _, r := range []image.Rectangle{image.Rect(0, 0, 6, 5), image.Rect(2, 1, 4, 5)} {
			var part image.Image = image.NewNRGBA(r)
			if deep {
				part = image.NewNRGBA64(r)
			}
			if _, err := w.Add(part, 1e8); err != nil {
				f.Fatal(err)
			}
		}
		w.Close()
		f.Add(buf.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzztest.Bound(t, data, fuzzMemory)()
		const most = 4
		data = summed(data)
		a, err := OpenAnimation(data, most)
		if err != nil || a.Frames() > most {
			return
		}
		w, h := binary.BigEndian.Uint32(a.ihdr), binary.BigEndian.Uint32(a.ihdr[4:])
		if w > fuzzSide || h > fuzzSide {
			return
		}
		for i := range a.Frames() {
			p, pic, err := a.Decode(t.Context(), i)
			if err != nil {
				known(t, err)
				continue
			}
			if b := pic.Image.Bounds(); b.Size() != p.Size() || b.Empty() || !p.In(image.Rect(0, 0, int(w), int(h))) || p.Delay < 0 {
				t.Errorf("frame %d of %v at %v on %dx%d", i, b, p, w, h)
			}
		}
	})
}

// Every picture that is written is read as it was by another decoder.
func FuzzEncode(f *testing.F) {
	for kind := range uint8(7) {
		f.Add([]byte("\x00\x10\xff pixels of some sort"), uint8(9), uint8(5), kind, kind%2 == 0)
	}
	f.Fuzz(func(t *testing.T, pix []byte, w, h, kind uint8, grayed bool) {
		if w == 0 || h == 0 || len(pix) == 0 {
			return
		}
		img := pictureOf(pix, int(w), int(h), kind, grayed)
		defer fuzztest.Bound(t, pix, fuzzMemory)()
		var buf bytes.Buffer
		if err := Encode(&buf, img, EncodeOptions{Color: grayed}); err != nil {
			t.Fatal(err)
		}
		got, err := stdpng.Decode(&buf)
		if err != nil {
			t.Fatal(err)
		}
		if got.Bounds() != img.Bounds() {
			t.Fatalf("%v became %v", img.Bounds(), got.Bounds())
		}
		for y := range int(h) {
			for x := range int(w) {
				a, b := img.At(x, y), got.At(x, y)
				if color.NRGBA64Model.Convert(a) != color.NRGBA64Model.Convert(b) {
					if _, _, _, alpha := a.RGBA(); alpha != 0 || kind%7 == 3 || kind%7 == 4 {
						t.Fatalf("at %d,%d %v became %v", x, y, a, b)
					}
				}
			}
		}
	})
}

// pictureOf makes a picture of some type of bytes that are repeated.
func pictureOf(pix []byte, w, h int, kind uint8, grayed bool) image.Image {
	r := image.Rect(0, 0, w, h)
	fill := func(to []byte, each int) {
		for i := range to {
			from := i
			if grayed && i%each < each*3/4 { // the colours are one
				from = i / each * each
			}
			to[i] = pix[from%len(pix)]
		}
	}
	switch kind % 7 {
	case 0:
		m := image.NewGray(r)
		fill(m.Pix, 1)
		return m
	case 1:
		m := image.NewGray16(r)
		fill(m.Pix, 2)
		return m
	case 2:
		m := image.NewRGBA(r)
		fill(m.Pix, 4)
		for i := 3; i < len(m.Pix); i += 4 {
			m.Pix[i] = 255
		}
		return m
	case 3:
		m := image.NewNRGBA(r)
		fill(m.Pix, 4)
		return m
	case 4:
		m := image.NewNRGBA64(r)
		fill(m.Pix, 8)
		return m
	case 5:
		m := image.NewRGBA64(r)
		fill(m.Pix, 8)
		for i := 6; i < len(m.Pix); i += 8 {
			m.Pix[i], m.Pix[i+1] = 255, 255
		}
		return m
	}
	n := 1 + int(pix[0])
	p := make(color.Palette, n)
	for i := range p {
		p[i] = color.NRGBA{R: uint8(i * 3), G: pix[i%len(pix)], B: uint8(255 - i), A: 255 - uint8(len(pix))*uint8(i%2)}
	}
	m := image.NewPaletted(r, p)
	fill(m.Pix, 1)
	for i, v := range m.Pix {
		m.Pix[i] = uint8(int(v) % n)
	}
	return m
}
