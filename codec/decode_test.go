package codec

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var fixtures = filepath.Join("..", "testdata", "images")

// goodFixtures are the names of all fixtures that decode.
func goodFixtures(t testing.TB) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(fixtures, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "broken" {
			return filepath.SkipDir
		}
		if _, ok := FromName(path); ok && !d.IsDir() {
			rel, err := filepath.Rel(fixtures, path)
			names = append(names, filepath.ToSlash(rel))
			return err
		}
		return nil
	})
	if err != nil || len(names) < 24 {
		t.Fatalf("%d fixtures, %v", len(names), err)
	}
	return names
}

func TestThePictureHasTheHeadersSize(t *testing.T) {
	for _, name := range goodFixtures(t) {
		data := fixture(t, name)
		h, err := header(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		p := decoded(t, data)
		if p.Header != h {
			t.Errorf("%s: Decode has header %+v, ReadHeader %+v", name, p.Header, h)
		}
		if b := p.Image.Bounds(); b.Dx() != h.Width || b.Dy() != h.Height {
			t.Errorf("%s: the picture has %dx%d pixels, the header %dx%d", name, b.Dx(), b.Dy(), h.Width, h.Height)
		}
		if need := memoryOf(t, p.Image); h.DecodeBytes(0) < need {
			t.Errorf("%s: the header announces %d bytes, the picture has %d", name, h.DecodeBytes(0), need)
		}
	}
}

// memoryOf returns the bytes of the pixels in view.
func memoryOf(t *testing.T, img image.Image) int64 {
	t.Helper()
	b := img.Bounds()
	n := int64(b.Dx()) * int64(b.Dy())
	switch m := img.(type) {
	case *image.Gray, *image.Paletted:
		return n
	case *image.Gray16:
		return 2 * n
	case *image.RGBA, *image.NRGBA, *image.CMYK:
		return 4 * n
	case *image.RGBA64, *image.NRGBA64:
		return 8 * n
	case *image.YCbCr:
		return n + 2*n/int64(sampling(m))
	case *image.NYCbCrA:
		return 2*n + 2*n/int64(sampling(&m.YCbCr))
	}
	t.Fatalf("%T", img)
	return 0
}

// sampling returns the pixels that share a chroma value.
func sampling(m *image.YCbCr) int {
	return map[image.YCbCrSubsampleRatio]int{image.YCbCrSubsampleRatio444: 1, image.YCbCrSubsampleRatio422: 2,
		image.YCbCrSubsampleRatio420: 4, image.YCbCrSubsampleRatio440: 2, image.YCbCrSubsampleRatio411: 4}[m.SubsampleRatio]
}

func TestMemoryOfUnusualPictures(t *testing.T) {
	gray, _ := encoded(t, image.NewGray(image.Rect(0, 0, 200, 100)), Options{Format: PNG})
	gray16, _ := encoded(t, image.NewGray16(image.Rect(0, 0, 200, 100)), Options{Format: PNG})
	for what, c := range map[string]struct {
		data []byte
		want int64 // bytes a pixel
	}{
		"gray PNG with a transparent value":     {insert(gray, behindIHDR, pngChunk("tRNS", "\x00\x07")), 4},
		"gray PNG of 16 bits, likewise":         {insert(gray16, behindIHDR, pngChunk("tRNS", "\x00\x07")), 8},
		"JPEG in RGB":                           {fixture(t, "jpeg_adobe_rgb.jpg"), 3 + 4},
		"progressive JPEG":                      {fixture(t, "jpeg_progressive_444.jpg"), 3 + 3*2},
		"interlaced PNG":                        {fixture(t, "png_interlaced.png"), 4 + 2},
		"TIFF, whose strip is unpacked at once": {fixture(t, "tiff_deflate.tif"), 4 + 3},
	} {
		h, err := header(c.data)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		pixels := int64(h.Width) * int64(h.Height)
		if got := h.DecodeBytes(1000); got < c.want*pixels+1000 || got > c.want*pixels+1000+pixels/2 {
			t.Errorf("%s: %d bytes announced for %d pixels, want %d each", what, got-1000, pixels, c.want)
		}
	}
}

func TestBrokenFixtures(t *testing.T) {
	for name, want := range map[string]string{
		"empty.jpg":              "corrupt: the file is empty",
		"not_an_image.jpg":       "unsupported: not a picture in a format that is read",
		"truncated.jpg":          "damaged at offset 1836: the file ends without EOI",
		"truncated.png":          "corrupt: png: invalid format: not enough pixel data",
		"truncated.gif":          "corrupt: gif: ",
		"header_only.png":        "corrupt: the png ends too early",
		"bad_crc.png":            "corrupt: png: invalid format: invalid checksum",
		"zero_width.png":         "corrupt: the header claims a width of 0 ",
		"claim_65535x65535.png":  "too-large: 65535x65535 ",
		"claim_huge.gif":         "too-large: 65535x65535 ",
		"claim_huge.bmp":         "too-large: 65535x65535 ",
		"claim_huge.tif":         "too-large: 65535x65535 ",
		"palette_index_gif.gif":  "corrupt: ",
		"palette_index_bmp.bmp":  "corrupt: ",
		"palette_index_tiff.tif": "corrupt: ",
		"bad_huffman.jpg":        "damaged at offset 214: a Huffman table that is too short",
		"jpeg_12bit.jpg":         "unsupported: 12-bit JPEG",
		"jpeg_arithmetic.jpg":    "unsupported: arithmetic-coded JPEG",
		"animated.webp":          "unsupported: animated WebP",
		"small_canvas.webp":      "corrupt: the WebP claims 16x16 pixels but holds 8192x8192",
	} {
		_, err := Decode(t.Context(), fixture(t, "broken/"+name), DecodeOptions{MaxPixels: MaxPixels})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
		if own := new(Error); !errors.As(err, &own) {
			t.Errorf("%s: %v is no *Error", name, err)
		}
	}
}

func TestFileCutAnywhere(t *testing.T) {
	for _, name := range []string{"jpeg_444.jpg", "png_rgb8.png", "gif_still.gif", "bmp_24.bmp", "tiff_lzw.tif", "webp_lossless.webp"} {
		data := fixture(t, name)
		for n := 0; n < len(data)*3/4; n += 97 {
			_, err := Decode(t.Context(), data[:n], DecodeOptions{MaxPixels: MaxPixels})
			if own := new(Error); !errors.As(err, &own) || own.Kind == TooLarge {
				t.Errorf("%s, %d bytes of %d: %v", name, n, len(data), err)
			}
		}
	}
}

// gifOf is a GIF with a canvas and one frame on it.
func gifOf(t *testing.T, canvas, frame image.Rectangle) []byte {
	t.Helper()
	red := image.NewPaletted(frame, color.Palette{color.NRGBA{255, 0, 0, 255}, color.NRGBA{0, 0, 255, 255}})
	red.SetColorIndex(frame.Min.X, frame.Min.Y, 1)
	var buf bytes.Buffer
	err := gif.EncodeAll(&buf, &gif.GIF{Image: []*image.Paletted{red}, Delay: []int{0}, Config: image.Config{Width: canvas.Dx(), Height: canvas.Dy()}})
	if err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestAFrameIsPutOnItsCanvas(t *testing.T) {
	for _, frame := range []image.Rectangle{image.Rect(2, 1, 5, 4), image.Rect(0, 0, 3, 3), image.Rect(7, 5, 8, 6), image.Rect(0, 0, 8, 6)} {
		p := decoded(t, gifOf(t, image.Rect(0, 0, 8, 6), frame))
		if p.Image.Bounds() != image.Rect(0, 0, 8, 6) {
			t.Errorf("%v: bounds %v", frame, p.Image.Bounds())
			continue
		}
		for y := range 6 {
			for x := range 8 {
				at, want := image.Pt(x, y), color.NRGBA{}
				switch {
				case at == frame.Min:
					want = color.NRGBA{0, 0, 255, 255}
				case at.In(frame):
					want = color.NRGBA{255, 0, 0, 255}
				}
				if got := color.NRGBAModel.Convert(p.Image.At(x, y)); got != want {
					t.Errorf("%v: %v is %v, want %v", frame, at, got, want)
				}
			}
		}
	}
}

func TestPaletteIndexBeyondThePalette(t *testing.T) {
	two := color.Palette{color.Black, color.White}
	for _, c := range []struct {
		pix  []uint8
		n    int
		want string
	}{
		{[]uint8{0, 1, 0, 1}, 2, ""},
		{[]uint8{0, 1, 2, 1}, 2, "corrupt: palette index 2 of 2 colours"},
		{[]uint8{0, 0, 0, 255}, 2, "corrupt: palette index 255 of 2 colours"},
		{[]uint8{0, 0, 0, 0}, 0, "corrupt: palette index 0 of 0 colours"},
	} {
		m := &image.Paletted{Pix: c.pix, Stride: 2, Rect: image.Rect(0, 0, 2, 2), Palette: two[:c.n]}
		p := &Picture{Header: Header{Format: PNG, Width: 2, Height: 2, Frames: 1}, Image: m}
		if err := p.complete(t.Context()); (err == nil) != (c.want == "") || err != nil && err.Error() != c.want {
			t.Errorf("%v with %d colours: %v, want %q", c.pix, c.n, err, c.want)
		}
	}
}

func TestNotesOfADecodedPicture(t *testing.T) {
	tif, _ := encoded(t, colours(16, 8), Options{Format: TIFF})
	for what, c := range map[string]struct {
		data []byte
		want []string
	}{
		"still GIF":    {fixture(t, "gif_still.gif"), nil},
		"animated GIF": {fixture(t, "gif_animated.gif"), []string{"only the first frame of an animation"}},
		"two pages":    {twoPages(tif), []string{"only the first page of several"}},
		"CMYK":         {fixture(t, "jpeg_cmyk.jpg"), []string{"CMYK converted without a colour profile: it has none"}},
	} {
		if got := decoded(t, c.data).Notes; !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
}

// dying is a context that ends when it was asked a number of times.
type dying struct {
	context.Context
	left *int
	err  error
}

func (d dying) Err() error {
	if *d.left--; *d.left < 0 {
		return d.err
	}
	return nil
}

// Wherever a decoder is when ctx ends, its error is ctx's, not that the file
// is corrupt.
func TestTheContextEndsDecoding(t *testing.T) {
	for _, name := range []string{"jpeg_420.jpg", "jpeg_progressive_420.jpg", "png_rgb8.png", "png_interlaced.png", "gif_still.gif",
		"gif_animated.gif", "bmp_24.bmp", "bmp_palette8.bmp", "tiff_rgb.tif", "tiff_lzw.tif", "tiff_deflate.tif",
		"webp_lossy.webp", "webp_lossless.webp", "webp_lossy_alpha.webp"} {
		data := fixture(t, name)
		for _, end := range []error{context.Canceled, context.DeadlineExceeded} {
			steps := 0
			for ; ; steps++ {
				left := steps
				_, err := Decode(dying{t.Context(), &left, end}, data, DecodeOptions{MaxPixels: MaxPixels})
				if err == nil {
					break
				}
				if !errors.Is(err, end) {
					t.Errorf("%s, ended at step %d: %v", name, steps, err)
					break
				}
			}
			if steps < 3 {
				t.Errorf("%s: the context was asked %d times only", name, steps)
			}
		}
	}
}

func TestADoneContextReadsNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, data := range [][]byte{fixture(t, "jpeg_420.jpg"), []byte("no picture")} {
		if _, err := Decode(ctx, data, DecodeOptions{MaxPixels: MaxPixels}); !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want %v", err, context.Canceled)
		}
	}
}

// A rejected file names no local path and takes one line.
func TestReasonsAreOneLine(t *testing.T) {
	list, err := os.ReadDir(filepath.Join(fixtures, "broken"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if _, err := Decode(t.Context(), fixture(t, "broken/"+e.Name()), DecodeOptions{MaxPixels: MaxPixels}); err != nil && strings.ContainsAny(err.Error(), "\n\r") {
			t.Errorf("%s: %q", e.Name(), err)
		}
	}
}
