package jpeg

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	stdjpeg "image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/internal/fuzztest"
)

// fixtures returns the JPEGs of the project's test data by name.
func fixtures(t testing.TB) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, pattern := range []string{"*.jpg", "*/*.jpg", "*/*/*.jpg", "jpeg_named.png"} {
		names, err := filepath.Glob(filepath.Join("../../testdata/images", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = data
		}
	}
	if len(files) < 20 {
		t.Fatalf("%d fixtures were found", len(files))
	}
	return files
}

func gray(data []byte) ([]byte, error) {
	f, err := Parse(data)
	if err != nil {
		return nil, err
	}
	return f.AppendGray(context.Background(), nil, f.Segments, new(Scratch))
}

// luma is what the reference decoder says: the Y plane, cut to the picture.
func luma(t testing.TB, data []byte) *image.Gray {
	t.Helper()
	img, err := stdjpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	b := img.Bounds()
	out := image.NewGray(b)
	for y := range b.Dy() {
		for x := range b.Dx() {
			switch m := img.(type) {
			case *image.YCbCr:
				out.Pix[y*out.Stride+x] = m.Y[m.YOffset(x, y)]
			case *image.Gray:
				out.Pix[y*out.Stride+x] = m.Pix[m.PixOffset(x, y)]
			default:
				t.Fatalf("the reference is %T", img)
			}
		}
	}
	return out
}

func same(a, b *image.Gray) bool { return a.Rect == b.Rect && bytes.Equal(a.Pix, b.Pix) }

// The gray file must decode to the luma plane of its source to the bit,
// whatever its sampling, coding process, scans and restarts.
func TestGrayIsTheLumaOfEveryFixture(t *testing.T) {
	done := 0
	for name, data := range fixtures(t) {
		if strings.Contains(name, "broken") || strings.Contains(name, "cmyk") || strings.Contains(name, "ycck") || strings.Contains(name, "adobe_rgb") {
			continue
		}
		got, err := gray(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !same(luma(t, got), luma(t, data)) {
			t.Errorf("%s: other pixels", name)
		}
		// It is gray now: once more gives the same file.
		if again, err := gray(got); err != nil || !bytes.Equal(again, got) {
			t.Errorf("%s: graying the gray file: %v, changes it: %v", name, err, !bytes.Equal(again, got))
		}
		done++
	}
	if done < 20 {
		t.Errorf("only %d fixtures were grayed", done)
	}
}

// noise returns a picture with detail in all frequencies, so that all kinds of
// symbols come up.
func noise(r *rand.Rand, w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	rough := r.IntN(120)
	for y := range h {
		for x := range w {
			base := 4*x + 3*y
			v := func(k int) uint8 { return uint8(base*k + r.IntN(rough+1)) }
			m.Set(x, y, color.RGBA{v(1), v(2), v(3), 255})
		}
	}
	return m
}

// Sizes around the borders of blocks and MCUs, at all qualities: the edge
// blocks that are dropped are where DC prediction goes wrong first.
func TestGrayOfManySizesAndQualities(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var mem Scratch
	for range 400 {
		w, h, q := 1+r.IntN(70), 1+r.IntN(70), 1+r.IntN(100)
		var buf bytes.Buffer
		if err := stdjpeg.Encode(&buf, noise(r, w, h), &stdjpeg.Options{Quality: q}); err != nil {
			t.Fatal(err)
		}
		f, err := Parse(buf.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		got, err := f.AppendGray(context.Background(), nil, f.Segments, &mem)
		if err != nil {
			t.Fatalf("%dx%d quality %d: %v", w, h, q, err)
		}
		if !same(luma(t, got), luma(t, buf.Bytes())) {
			t.Fatalf("%dx%d quality %d: other pixels", w, h, q)
		}
	}
}

func TestWhatHasNoLumaIsUnsupported(t *testing.T) {
	for name, data := range fixtures(t) {
		base := filepath.Base(name)
		if base != "jpeg_cmyk.jpg" && base != "jpeg_ycck.jpg" && base != "jpeg_adobe_rgb.jpg" {
			continue
		}
		var unsupported *UnsupportedError
		if _, err := gray(data); !errors.As(err, &unsupported) {
			t.Errorf("%s: %v, want an UnsupportedError", name, err)
		}
	}
}

func TestBrokenFixtures(t *testing.T) {
	for name, want := range map[string]string{
		"empty.jpg":           "no SOI marker at offset 0",
		"not_an_image.jpg":    "no SOI marker at offset 0",
		"truncated.jpg":       "ends",
		"bad_huffman.jpg":     "Huffman table",
		"scan_bomb.jpg":       "more than 500 scans",
		"jpeg_12bit.jpg":      "12 bits a sample",
		"jpeg_arithmetic.jpg": "arithmetic coding",
	} {
		data, err := os.ReadFile("../../testdata/images/broken/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := gray(data); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", name, err, want)
		}
	}
}

// A file that was damaged anywhere must be refused, or come out as what the
// reference decoder makes of it.
func TestDamageDoesNotPass(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	refused, passed := 0, 0
	for name, data := range fixtures(t) {
		if strings.Contains(name, "broken") || strings.Contains(name, "cmyk") || strings.Contains(name, "ycck") {
			continue
		}
		for range 60 {
			bad := bytes.Clone(data)
			switch r.IntN(3) {
			case 0:
				bad[r.IntN(len(bad))] ^= 1 << r.IntN(8)
			case 1:
				bad = bad[:r.IntN(len(bad))]
			case 2:
				i := r.IntN(len(bad))
				bad = append(bad[:i:i], bad[min(len(bad), i+1+r.IntN(8)):]...)
			}
			got, err := gray(bad)
			if err != nil {
				refused++
				continue
			}
			passed++
			out, err := stdjpeg.Decode(bytes.NewReader(got))
			if err != nil {
				t.Errorf("%s: what came out of a damaged file does not decode: %v", name, err)
				continue
			}
			if _, err := stdjpeg.Decode(bytes.NewReader(bad)); err != nil || strings.Contains(name, "progressive") {
				// Chroma that nobody looks at, more than the reference can do, or
				// correcting bits that it reads otherwise than libjpeg, which we follow.
				continue
			}
			if out.Bounds().Empty() || !same(luma(t, got), luma(t, bad)) {
				t.Errorf("%s: a damaged file came out with other pixels", name)
			}
		}
	}
	if refused < 500 || passed < 100 {
		t.Errorf("%d refused, %d passed: the test does not test", refused, passed)
	}
}

func FuzzGray(f *testing.F) {
	addSeeds(f)
	var mem Scratch
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzztest.Bound(t, data, fuzzMemory)()
		file, err := Parse(data)
		if err != nil || !isSmall(file) {
			return
		}
		out, err := file.AppendGray(context.Background(), nil, file.Segments, &mem)
		if err != nil {
			return
		}
		again, err := gray(out)
		if err != nil {
			t.Fatalf("the gray file is refused: %v", err)
		}
		if !bytes.Equal(again, out) {
			t.Fatal("graying the gray file changes it")
		}
	})
}

// Restart markers that no picture needs take no memory.
func TestManyRestartMarkers(t *testing.T) {
	var buf bytes.Buffer
	if err := stdjpeg.Encode(&buf, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	data := buf.Bytes()
	sos := bytes.Index(data, []byte{0xff, mSOS})
	file := append(bytes.Clone(data[:sos]), 0xff, mDRI, 0, 4, 0, 1)
	file = append(file, data[sos:len(data)-2]...)
	for i := range 1 << 18 {
		file = append(file, 0xff, mRST0+byte(i)&7)
	}
	file = append(file, 0xff, mEOI)
	f, err := Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	var mem Scratch
	var malformed *FormatError
	if _, err := f.AppendGray(context.Background(), nil, f.Segments, &mem); !errors.As(err, &malformed) {
		t.Errorf("%v, want a FormatError", err)
	}
	if n := mem.Size(); n > 2*len(file) {
		t.Errorf("%d bytes are kept for a file of %d", n, len(file))
	}
	if f, err = ParseDamaged(file); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Coefficients(context.Background(), &mem); err != nil || f.Damage == nil || mem.Size() > 2*len(file) {
		t.Errorf("%v, damage %v, %d bytes kept", err, f.Damage, mem.Size())
	}
}
