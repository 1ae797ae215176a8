package scene

import (
	"crypto/sha256"
	"encoding/hex"
	"image"
	"testing"
)

// A change of these sums is a change of what is measured: figures of before are no longer to be compared.
func TestPicturesAreTheSameEverywhere(t *testing.T) {
	for _, c := range []struct {
		number        uint32
		width, height int
		want          string
	}{
		{1, 301, 203, "9bf4e3bac3557b5c"},
		{2, 301, 203, "6b629fa0de1a4119"},
		{1, 64, 64, "923574d23232eee5"},
		{1, 1, 1, "ec5d341109cea024"},
	} {
		m := New(c.number, c.width, c.height)
		h := sha256.New()
		h.Write(m.Y)
		h.Write(m.Cb)
		h.Write(m.Cr)
		if got := hex.EncodeToString(h.Sum(nil)[:8]); got != c.want {
			t.Errorf("number %d of %dx%d: %s, not %s", c.number, c.width, c.height, got, c.want)
		}
	}
}

// What a photo is made of: places that are flat, and places that are not.
func TestTextureIsHereAndThere(t *testing.T) {
	m := New(0, 1200, 900)
	calm, rough := 0, 0
	for y := 0; y+8 <= 900; y += 8 {
		for x := 0; x+8 <= 1200; x += 8 {
			low, high := byte(255), byte(0)
			for i := range 64 {
				v := m.Y[m.YOffset(x+i%8, y+i/8)]
				low, high = min(low, v), max(high, v)
			}
			if high-low < 24 {
				calm++
			} else if high-low > 48 {
				rough++
			}
		}
	}
	if all := 1200 * 900 / 64; calm < all/20 || rough < all/10 {
		t.Errorf("of %d blocks %d are calm and %d are rough", all, calm, rough)
	}
}

// What was in the memory before does not show.
func TestDrawnOver(t *testing.T) {
	m := New(3, 99, 70)
	Draw(m, 4)
	want := New(4, 99, 70)
	if string(m.Y) != string(want.Y) || string(m.Cb) != string(want.Cb) || string(m.Cr) != string(want.Cr) {
		t.Error("pictures depend on those before them")
	}
}

func BenchmarkDraw(b *testing.B) {
	m := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	b.SetBytes(12e6) // reads as MP/s
	b.ReportAllocs()
	for b.Loop() {
		Draw(m, 1)
	}
}
