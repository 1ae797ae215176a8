package quality

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/disintegration/imaging"

	"github.com/imgpar/imgpar/bench"
	"github.com/imgpar/imgpar/bench/peers"
)

// near tells whether two figures in dB agree to a hundredth.
func near(a, b float64) bool { return math.Abs(a-b) < 0.01 }

func savePNG(t *testing.T, m image.Image) string {
	t.Helper()
	return save(t, "a.png", func(b *bytes.Buffer) error { return png.Encode(b, m) })
}

func save(t *testing.T, name string, encode func(*bytes.Buffer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return write(t, name, b.Bytes())
}

func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// smooth is a gray picture without edges.
func smooth(w, h int) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetGray(x, y, color.Gray{uint8(100 + 60*math.Sin(float64(x)/17) + 40*math.Cos(float64(y)/23))})
		}
	}
	return m
}

func TestArithmetic(t *testing.T) {
	source := smooth(64, 48)
	other := func(change func(i int, v uint8) uint8) string {
		m := image.NewGray(source.Rect)
		for i, v := range source.Pix {
			m.Pix[i] = change(i, v)
		}
		return savePNG(t, m)
	}
	for _, c := range []struct {
		name   string
		change func(i int, v uint8) uint8
		want   float64
	}{
		{"identical", func(_ int, v uint8) uint8 { return v }, bench.Identical},
		{"1 more in every sample", func(_ int, v uint8) uint8 { return v + 1 }, 48.13},
		{"10 less in every sample", func(_ int, v uint8) uint8 { return v - 10 }, 28.13},
		{"1 more in every second", func(i int, v uint8) uint8 { return v + uint8(i%2) }, 48.13 + 10*math.Log10(2)},
		{"1 more in a single one", func(i int, v uint8) uint8 { return v + uint8(1/(i+1)) }, 48.13 + 10*math.Log10(64*48)},
	} {
		got, err := PSNR(savePNG(t, source), other(c.change), peers.Work{Gray: true})
		if err != nil || !near(got, c.want) {
			t.Errorf("%s: %.3f dB, %v, not %.3f", c.name, got, err, c.want)
		}
	}
}

func TestGrayIsLumaAsStored(t *testing.T) {
	m := image.NewYCbCr(image.Rect(0, 0, 40, 24), image.YCbCrSubsampleRatio420)
	r := rand.New(rand.NewPCG(1, 2))
	for _, p := range [][]uint8{m.Y, m.Cb, m.Cr} {
		for i := range p {
			p[i] = uint8(r.IntN(256))
		}
	}
	source := save(t, "a.jpg", func(b *bytes.Buffer) error { return jpeg.Encode(b, m, nil) })
	f, err := os.Open(source)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	decoded, err := jpeg.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	y := decoded.(*image.YCbCr)
	gray := savePNG(t, &image.Gray{Pix: y.Y, Stride: y.YStride, Rect: y.Rect})
	if got, err := PSNR(source, gray, peers.Work{Gray: true}); err != nil || got != bench.Identical {
		t.Errorf("%.2f dB, %v: colours that cannot be had in RGB change the luma", got, err)
	}
}

func TestRGBIsWeighed(t *testing.T) {
	for _, c := range []struct {
		c    color.NRGBA
		want float32
	}{{color.NRGBA{255, 0, 0, 255}, 76.245}, {color.NRGBA{0, 255, 0, 255}, 149.685}, {color.NRGBA{0, 0, 255, 255}, 29.07}, {color.NRGBA{7, 7, 7, 255}, 7}} {
		if got := lumaOf(c.c); math.Abs(float64(got-c.want)) > 1e-4 {
			t.Errorf("%v: %v, not %v", c.c, got, c.want)
		}
	}
}

func TestSizesMustAgree(t *testing.T) {
	source := savePNG(t, smooth(300, 200))
	for _, c := range []struct {
		w    peers.Work
		want image.Point
	}{
		{peers.Work{Gray: true}, image.Pt(300, 200)},
		{peers.Work{Width: 100}, image.Pt(100, 67)}, // 66.67
		{peers.Work{Width: 400}, image.Pt(300, 200)},
		{peers.Work{Thumb: 64}, image.Pt(64, 64)},
		{peers.Work{Thumb: 256}, image.Pt(200, 200)},
	} {
		if _, err := PSNR(source, savePNG(t, smooth(c.want.X, c.want.Y)), c.w); err != nil {
			t.Errorf("%+v: %v", c.w, err)
		}
		_, err := PSNR(source, savePNG(t, smooth(c.want.X, c.want.Y+1)), c.w)
		var size *SizeError
		if !errors.As(err, &size) || size.Want != c.want || size.Got != c.want.Add(image.Pt(0, 1)) {
			t.Errorf("%+v, a row more: %v", c.w, err)
		}
	}
}

// imaging works in 8 bits between its passes and behind them, so that it comes as near as
// rounding twice does: 1/12 each of mean squared difference are 55.9 dB.
func TestReferenceIsLanczosOfOthers(t *testing.T) {
	m := smooth(301, 203)
	r := rand.New(rand.NewPCG(3, 4))
	for i := range m.Pix {
		m.Pix[i] += uint8(r.IntN(30))
	}
	source := savePNG(t, m)
	for _, c := range []struct {
		w    peers.Work
		want image.Image
	}{
		{peers.Work{Width: 97}, imaging.Resize(m, 97, 65, imaging.Lanczos)},
		{peers.Work{Width: 300}, imaging.Resize(m, 300, 202, imaging.Lanczos)},
		{peers.Work{Thumb: 50}, imaging.Resize(imaging.Crop(m, image.Rect(49, 0, 252, 203)), 50, 50, imaging.Lanczos)},
	} {
		if got, err := PSNR(source, savePNG(t, c.want), c.w); err != nil || got < 55 {
			t.Errorf("%+v: %.2f dB, %v", c.w, got, err)
		}
	}
}

// TestEdgesAreCut has a step that the kernel makes brighter than white.
func TestEdgesAreCut(t *testing.T) {
	p := newPlane(64, 8)
	for i := range p.v {
		if i%64 >= 32 {
			p.v[i] = 255
		}
	}
	for i, v := range p.scaled(24, 3).v {
		if v < 0 || v > 255 {
			t.Fatalf("sample %d: %v", i, v)
		}
	}
}

// TestOrientation turns a picture of 3x2 by what EXIF says of where row 0 and column 0
// of the stored picture stand.
func TestOrientation(t *testing.T) {
	p := plane{3, 2, []float32{1, 2, 3, 4, 5, 6}}
	for o, want := range map[int]plane{
		1: {3, 2, []float32{1, 2, 3, 4, 5, 6}}, // top, left
		2: {3, 2, []float32{3, 2, 1, 6, 5, 4}}, // top, right
		3: {3, 2, []float32{6, 5, 4, 3, 2, 1}}, // bottom, right
		4: {3, 2, []float32{4, 5, 6, 1, 2, 3}}, // bottom, left
		5: {2, 3, []float32{1, 4, 2, 5, 3, 6}}, // left, top
		6: {2, 3, []float32{4, 1, 5, 2, 6, 3}}, // right, top
		7: {2, 3, []float32{6, 3, 5, 2, 4, 1}}, // right, bottom
		8: {2, 3, []float32{3, 6, 2, 5, 1, 4}}, // left, bottom
	} {
		if got := p.upright(o); got.size() != want.size() || psnr(got, want) != bench.Identical {
			t.Errorf("orientation %d: %v, not %v", o, got, want)
		}
	}
}

// TestPicturesAreComparedUpright has a source that says how it is to be turned, and two
// written files: turned, and saying so too.
func TestPicturesAreComparedUpright(t *testing.T) {
	m := smooth(48, 32)
	var stored bytes.Buffer
	if err := jpeg.Encode(&stored, m, &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	source := write(t, "a.jpg", oriented(stored.Bytes(), 6))
	decoded, err := jpeg.Decode(&stored)
	if err != nil {
		t.Fatal(err)
	}
	for name, written := range map[string]string{
		"turned":    savePNG(t, imaging.Rotate270(decoded)), // that is to the right
		"saying so": source,
	} {
		if got, err := PSNR(source, written, peers.Work{Gray: true}); err != nil || got != bench.Identical {
			t.Errorf("%s: %.2f dB, %v", name, got, err)
		}
	}
}

// oriented puts an EXIF segment with one tag behind the start of a JPEG.
func oriented(data []byte, orientation uint16) []byte {
	exif := []byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	exif = binary.BigEndian.AppendUint16(exif, orientation)
	exif = append(exif, 0, 0, 0, 0, 0, 0)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2))
	return append(append(append([]byte{}, data[:2]...), append(segment, exif...)...), data[2:]...)
}

func TestWhatCannotBeComparedIsAnError(t *testing.T) {
	source := savePNG(t, smooth(16, 16))
	for name, file := range map[string]string{
		"transparency":   savePNG(t, image.NewNRGBA(image.Rect(0, 0, 16, 16))),
		"not a picture":  write(t, "a.jpg", []byte("text")),
		"no such file":   filepath.Join(t.TempDir(), "a.png"),
		"another format": write(t, "a.webp", []byte("RIFF\x0e\x00\x00\x00WEBPVP8L")),
	} {
		if got, err := PSNR(source, file, peers.Work{Gray: true}); err == nil {
			t.Errorf("%s: %.2f dB", name, got)
		}
	}
}
