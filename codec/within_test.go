package codec

import (
	"bytes"
	"errors"
	"image"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/imgpar/imgpar/codec/meta"
)

// noisy is a picture that takes more bytes with each quality.
func noisy(w, h int) *image.RGBA {
	rnd := rand.New(rand.NewPCG(1, 2))
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = uint8(i/7 + rnd.IntN(64))
	}
	for i := 3; i < len(m.Pix); i += 4 {
		m.Pix[i] = 255
	}
	return m
}

// The quality is the one that trying all of them finds, and the file is the one
// that Encode makes with it.
func TestEncodeWithinIsTheHighestQuality(t *testing.T) {
	img := noisy(120, 90)
	beside := meta.Data{Comments: [][]byte{bytes.Repeat([]byte("c"), 500)}}
	for _, optimize := range []bool{false, true} {
		var files [101][]byte
		for q := 1; q <= 100; q++ {
			var buf bytes.Buffer
			if _, err := Encode(&buf, img, Options{Format: JPEG, Quality: q, Optimize: optimize, Metadata: beside}); err != nil {
				t.Fatal(err)
			}
			if files[q] = buf.Bytes(); q > 1 && len(files[q]) < len(files[q-1]) {
				t.Fatalf("quality %d makes %d bytes, %d makes %d: not the picture for this test", q-1, len(files[q-1]), q, len(files[q]))
			}
		}
		for _, highest := range []int{0, 1, 2, 3, 60, 85, 100} {
			o := Options{Format: JPEG, Quality: highest, Optimize: optimize, Metadata: beside}
			if highest == 0 {
				highest = DefaultQuality
			}
			for at := 1; at <= highest; at++ {
				for _, most := range []int{len(files[at]) - 1, len(files[at])} {
					want := highest
					for want > 0 && len(files[want]) > most {
						want--
					}
					var buf bytes.Buffer
					got, _, err := EncodeWithin(&buf, img, o, int64(most))
					var size *SizeError
					switch {
					case want == 0 && (!errors.As(err, &size) || *size != SizeError{JPEG, int64(len(files[1])), 0, int64(most)}):
						t.Errorf("%d bytes: %v", most, err)
					case want > 0 && (err != nil || got != want || !bytes.Equal(buf.Bytes(), files[want])):
						t.Errorf("%d bytes from quality %d: quality %d and %d bytes, want quality %d; %v", most, highest, got, buf.Len(), want, err)
					}
				}
			}
		}
	}
}

func TestEncodeWithinOfMuchMetadata(t *testing.T) {
	var buf bytes.Buffer
	beside := meta.Data{Comments: [][]byte{make([]byte, 3000)}}
	_, _, err := EncodeWithin(&buf, noisy(9, 9), Options{Format: JPEG, Metadata: beside}, 2000)
	if want := "metadata and profile alone are 3004 bytes; --target-size is 2000; --meta=strip and --icc help"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if _, _, err = EncodeWithin(&buf, noisy(9, 9), Options{Format: JPEG, Quality: 101}, 2000); err == nil {
		t.Error("a quality of 101")
	}
}

// A picture of planes is, at full size, the one that is decoded whole.
func TestPictureOfPlanes(t *testing.T) {
	for _, name := range []string{"jpeg_grayscale.jpg", "jpeg_420.jpg", "jpeg_411.jpg", "jpeg_440.jpg", "jpeg_progressive_444.jpg", "orientation/exif_6.jpg", "jpeg_metadata.jpg"} {
		data := fixture(t, name)
		for _, gray := range []bool{false, true} {
			o := DecodeOptions{MaxPixels: MaxPixels, Gray: gray}
			want, err := Decode(t.Context(), data, o)
			if err != nil {
				t.Fatal(err)
			}
			p, err := OpenPlanes(data, o)
			if err != nil {
				t.Fatal(err)
			}
			planes, notes, err := p.Decode(t.Context(), gray, 1, nil)
			if err != nil {
				t.Fatal(err)
			}
			got := p.Picture(planes, notes)
			if kindOf(got.Image) != kindOf(want.Image) || furthest(got.Image, want.Image) > 0 {
				t.Errorf("%s, gray %v: another picture", name, gray)
			}
			if diff := cmp.Diff(want.Metadata, got.Metadata); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
}
