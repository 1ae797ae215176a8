package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"io/fs"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/tiff"
	_ "golang.org/x/image/webp"
)

const folder = "../images"

func TestFolderHoldsTheGeneratedFiles(t *testing.T) {
	want := files()
	total := 0
	err := filepath.WalkDir(folder, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, file)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		got, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		total += len(got)
		data, known := want[name]
		switch {
		case !known:
			t.Errorf("%s: the program does not make this file", name)
		case !bytes.Equal(got, data):
			t.Errorf("%s: the program makes other bytes", name)
		}
		delete(want, name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range want {
		t.Errorf("%s: missing", name)
	}
	if total >= 1<<20 {
		t.Errorf("the folder has %d bytes, more than 1 MiB", total)
	}
}

func TestTwoRunsMakeTheSameBytes(t *testing.T) {
	first, second := files(), files()
	for name, data := range first {
		if !bytes.Equal(data, second[name]) {
			t.Errorf("%s differs", name)
		}
	}
}

// Converting all files of a folder to one format must not make two outputs of
// one name, and no name may look like an output of imgpar.
func TestGoodNames(t *testing.T) {
	operations := []string{"gray", "resize", "thumb", "crop", "rotate", "flip", "blur", "sharpen", "adjust", "invert", "convert", "orient"}
	seen := map[string]string{}
	for _, f := range goodFixtures() {
		stem := strings.ToLower(strings.TrimSuffix(f.name, path.Ext(f.name)))
		if other, ok := seen[stem]; ok {
			t.Errorf("%s and %s share a stem", f.name, other)
		}
		seen[stem] = f.name
		if slices.ContainsFunc(operations, func(op string) bool { return strings.HasSuffix(stem, "_"+op) }) {
			t.Errorf("%s looks like an output", f.name)
		}
	}
}

func TestGoodFilesShowTheirPicture(t *testing.T) {
	for _, f := range goodFixtures() {
		t.Run(f.name, func(t *testing.T) {
			decoded := decode(t, f)
			psnr := compare(f.shows, decoded.stored(undo[f.orientation]))
			t.Logf("%.1f dB", psnr)
			switch {
			case f.leastPSNR == 0 && !math.IsInf(psnr, 1):
				t.Errorf("PSNR %.1f dB, want the exact picture", psnr)
			case psnr < f.leastPSNR:
				t.Errorf("PSNR %.1f dB, want %g at least", psnr, f.leastPSNR)
			}
		})
	}
}

// The pictures that fixtures show are the motif or a reduction of it.
func TestShownPicturesAreTheMotif(t *testing.T) {
	for _, f := range goodFixtures() {
		want := rgb8(f.shows.w, f.shows.h)
		if f.shows.channels < 3 {
			want = want.gray()
		}
		got := opaque(f.shows)
		least := 26.0
		if f.shows.bits == 1 {
			least = 5 // of dots that only the eye averages
		}
		for i := range got.pix {
			if f.shows.channels == 4 && f.shows.pix[i/4*4+3] == 0 {
				got.pix[i] = wide(want).pix[i] // nobody sees it
			}
		}
		if psnr := compare(wide(want), got); psnr < least {
			t.Errorf("%s: PSNR %.1f dB to the motif", f.name, psnr)
		}
	}
}

func TestBrokenFilesFail(t *testing.T) {
	for _, f := range brokenFixtures() {
		t.Run(f.name, func(t *testing.T) {
			if at := bytes.Index(f.data, []byte("ANMF")); at >= 0 { // what stands in the first frame, as a file
				const head = 8 + 16 // of the chunk, and what places the frame
				f.data = webpFile(f.data[at+head : at+8+int(binary.LittleEndian.Uint32(f.data[at+4:]))])
			}
			config, _, err := image.DecodeConfig(bytes.NewReader(f.data))
			switch {
			case f.w == 0 && err == nil:
				t.Errorf("the header is read as %dx%d, want an error", config.Width, config.Height)
			case f.w != 0 && err != nil:
				t.Errorf("the header is not read: %v", err)
			case config.Width != f.w || config.Height != f.h:
				t.Errorf("claims %dx%d, want %dx%d", config.Width, config.Height, f.w, f.h)
			}
			if f.outcome == tooLarge {
				return // decoding would take gigabytes
			}
			m, _, err := image.Decode(bytes.NewReader(f.data))
			if mayDecode := f.outcome == ok || f.outcome == costly; mayDecode != (err == nil) {
				t.Fatalf("outcome should be %s, decoding says: %v", f.outcome, err)
			}
			if f.shows != nil && !math.IsInf(compare(f.shows, read(m)), 1) {
				t.Error("shows another picture")
			}
			t.Log(err)
		})
	}
}

func TestUnsupportedIsNotMalformed(t *testing.T) {
	for _, name := range []string{"broken/jpeg_12bit.jpg", "broken/jpeg_arithmetic.jpg"} {
		_, _, err := image.Decode(bytes.NewReader(files()[name]))
		if err == nil || !strings.Contains(err.Error(), "unsupported") {
			t.Errorf("%s: %v, want an unsupported feature", name, err)
		}
	}
}

func TestTruncatedFilesAreBeginningsOfGoodOnes(t *testing.T) {
	for _, name := range []string{"broken/truncated.jpg", "broken/truncated.png", "broken/truncated.gif"} {
		if _, _, err := image.DecodeConfig(bytes.NewReader(files()[name])); err != nil {
			t.Errorf("%s: the header is damaged, too: %v", name, err)
		}
	}
}

// undo holds the orientation that reverses another one.
var undo = [...]int{1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}

// decode reads a fixture with Go's decoders and checks the size in its header.
func decode(t *testing.T, f fixture) *raster {
	t.Helper()
	if at := bytes.Index(f.data, []byte("ANMF")); at >= 0 { // what stands in the first frame, as a file
		const head = 8 + 16 // of the chunk, and what places the frame
		f.data = webpFile(f.data[at+head : at+8+int(binary.LittleEndian.Uint32(f.data[at+4:]))])
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(f.data))
	if err != nil {
		t.Fatal(err)
	}
	m, format, err := image.Decode(bytes.NewReader(f.data))
	if err != nil {
		t.Fatal(err)
	}
	if size := m.Bounds().Size(); config.Width != f.w || config.Height != f.h || size != image.Pt(f.w, f.h) {
		t.Fatalf("header says %dx%d, picture is %v, want %dx%d", config.Width, config.Height, size, f.w, f.h)
	}
	if format == "webp" && f.leastPSNR > 0 {
		return readStudio(t, m)
	}
	return read(m)
}

// read converts to RGB and alpha, not premultiplied, 16 bits each.
func read(m image.Image) *raster {
	b := m.Bounds()
	out := newRaster(b.Dx(), b.Dy(), 4, 16)
	for y := range out.h {
		for x := range out.w {
			px := out.at(x, y)
			switch c := m.At(b.Min.X+x, b.Min.Y+y).(type) {
			case color.NRGBA: // keeps the colour below full transparency
				copy(px, []uint16{uint16(c.R) * 0x101, uint16(c.G) * 0x101, uint16(c.B) * 0x101, uint16(c.A) * 0x101})
			case color.NRGBA64:
				copy(px, []uint16{c.R, c.G, c.B, c.A})
			default:
				r, g, b, a := c.RGBA()
				copy(px, []uint16{uint16(r), uint16(g), uint16(b), uint16(a)})
			}
		}
	}
	return out
}

// readStudio reads the picture of a lossy WebP, whose YCbCr x/image hands out as
// it is stored.
func readStudio(t *testing.T, m image.Image) *raster {
	t.Helper()
	var luma *image.YCbCr
	alpha := func(x, y int) uint8 { return 255 }
	switch m := m.(type) {
	case *image.YCbCr:
		luma = m
	case *image.NYCbCrA:
		luma = &m.YCbCr
		alpha = func(x, y int) uint8 { return m.A[m.AOffset(x, y)] }
	default:
		t.Fatalf("a lossy WebP decodes to %T", m)
	}
	out := newRaster(m.Bounds().Dx(), m.Bounds().Dy(), 4, 16)
	for y := range out.h {
		for x := range out.w {
			c := luma.YCbCrAt(x, y)
			l, cb, cr := 1.164384*(float64(c.Y)-16), float64(c.Cb)-128, float64(c.Cr)-128
			for i, v := range []float64{l + 1.596027*cr, l - 0.391762*cb - 0.812968*cr, l + 2.017232*cb} {
				out.at(x, y)[i] = uint16(math.Round(min(max(v, 0), 255))) * 0x101
			}
			out.at(x, y)[3] = uint16(alpha(x, y)) * 0x101
		}
	}
	return out
}

// wide converts any picture to RGB and alpha of 16 bits.
func wide(m *raster) *raster {
	return m.each(4, 16, func(dst, src []uint16) {
		full := 1<<m.bits - 1
		at := func(i int) uint16 { return uint16(int(src[i]) * 0xffff / full) }
		dst[3] = 0xffff
		for i := range 3 {
			dst[i] = at(min(i, (m.channels-1)&^1))
		}
		if m.channels%2 == 0 {
			dst[3] = at(m.channels - 1)
		}
	})
}

// opaque is wide without the transparency.
func opaque(m *raster) *raster {
	return wide(m).each(4, 16, func(dst, src []uint16) { copy(dst, append(src[:3:3], 0xffff)) })
}

// compare returns the PSNR in decibels, infinite for equal pictures. A
// difference in alpha or size makes it 0.
func compare(want, got *raster) float64 {
	a, b := wide(want), wide(got)
	if a.w != b.w || a.h != b.h {
		return 0
	}
	sum := 0.0
	for i := range a.pix {
		d := float64(a.pix[i]) - float64(b.pix[i])
		if i%4 == 3 && d != 0 {
			return 0
		}
		sum += d * d
	}
	return 10 * math.Log10(0xffff*0xffff*float64(len(a.pix)/4*3)/sum)
}

func TestWriteAll(t *testing.T) {
	dir := t.TempDir()
	if err := writeAll(dir); err != nil {
		t.Fatal(err)
	}
	for name, want := range files() {
		got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: not written as made (%v)", name, err)
		}
	}
	file := filepath.Join(dir, "README.md")
	if err := writeAll(filepath.Join(file, "below a file")); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("writing below a file: %v", err)
	}
}
