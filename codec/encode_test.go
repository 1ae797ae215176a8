package codec

import (
	"bytes"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/codec/meta"
)

// Notes that Encode gives.
const (
	noteWhite   = "transparency became white"
	noteDeep    = "16 bits a channel became 8"
	noteColours = "colours reduced to 256"
	noteHalf    = "half transparency became full or none"
)

func TestEveryPictureIsWrittenInEveryFormat(t *testing.T) {
	for _, k := range kinds {
		for _, f := range []Format{JPEG, PNG, GIF, BMP, TIFF, WebP} {
			before := snapshot(k.img)
			data, notes := encoded(t, k.img, Options{Format: f, Quality: 95})
			if !slices.Equal(before, snapshot(k.img)) {
				t.Errorf("%s to %s: the source changed", k.name, f)
			}
			want := expectedNotes(f, k.deep, k.alpha, k.half, k.few)
			if !slices.Equal(notes, want) {
				t.Errorf("%s to %s: notes %q, want %q", k.name, f, notes, want)
			}
			p := decoded(t, data)
			if p.Format != f || p.Width != canvas.Dx() || p.Height != canvas.Dy() {
				t.Errorf("%s to %s: read as %s of %dx%d", k.name, f, p.Format, p.Width, p.Height)
				continue
			}
			switch shown := asShown(k.img, f); {
			case f == JPEG:
				if db := psnr(shown, p.Image); db < 30 {
					t.Errorf("%s to %s: %.1f dB", k.name, f, db)
				}
			case f == GIF && !k.few:
				if db := psnr(shown, p.Image); db < 18 {
					t.Errorf("%s to %s: %.1f dB", k.name, f, db)
				}
			default:
				comparePixels(t, k.name+" to "+string(f), shown, p.Image, k.deep && (f == PNG || f == TIFF))
			}
		}
	}
}

func expectedNotes(f Format, deep, alpha, half, few bool) (notes []string) {
	if deep && f != PNG && f != TIFF {
		notes = append(notes, noteDeep)
	}
	if alpha && (f == JPEG || f == BMP) {
		notes = append(notes, noteWhite)
	}
	if half && f == GIF {
		notes = append(notes, noteHalf)
	}
	if !few && f == GIF {
		notes = append(notes, noteColours)
	}
	return notes
}

// snapshot returns all values of a picture.
func snapshot(img image.Image) (values []color.NRGBA64) {
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			values = append(values, color.NRGBA64Model.Convert(img.At(x, y)).(color.NRGBA64))
		}
	}
	return values
}

// asShown is what a file of format f should show of img: on white where there
// is no alpha, and with holes where there is no half transparency.
func asShown(img image.Image, f Format) image.Image {
	b := img.Bounds()
	out := image.NewNRGBA64(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.NRGBA64Model.Convert(img.At(x, y)).(color.NRGBA64)
			switch {
			case f == GIF && c.A < 0x8000:
				c = color.NRGBA64{}
			case f == GIF:
				c.A = 0xffff
			}
			out.SetNRGBA64(x, y, c)
		}
	}
	if f != JPEG && f != BMP {
		return out
	}
	white := image.NewRGBA64(b)
	draw.Draw(white, b, image.White, image.Point{}, draw.Src)
	draw.Draw(white, b, out, b.Min, draw.Over)
	return white
}

// comparePixels holds got against want: to the last of 16 bits, or to one and a
// half of 255 levels for colours that were rounded, mixed or multiplied.
func comparePixels(t *testing.T, what string, want, got image.Image, deep bool) {
	t.Helper()
	wb, gb := want.Bounds(), got.Bounds()
	for y := range wb.Dy() {
		for x := range wb.Dx() {
			w := channels(want.At(wb.Min.X+x, wb.Min.Y+y))
			g := channels(got.At(gb.Min.X+x, gb.Min.Y+y))
			for i := range w {
				tolerance := 0x180
				if deep {
					tolerance = 1
				}
				if d := w[i] - g[i]; d > tolerance || -d > tolerance {
					t.Errorf("%s: pixel %d,%d is %x, want %x", what, x, y, g, w)
					return
				}
			}
		}
	}
}

// channels are premultiplied values of 16 bits.
func channels(c color.Color) [4]int {
	r, g, b, a := c.RGBA()
	return [4]int{int(r), int(g), int(b), int(a)}
}

// psnr is the peak signal-to-noise ratio of two pictures in dB.
func psnr(a, b image.Image) float64 {
	sum, n := 0.0, 0
	ab, bb := a.Bounds(), b.Bounds()
	for y := range ab.Dy() {
		for x := range ab.Dx() {
			p, q := channels(a.At(ab.Min.X+x, ab.Min.Y+y)), channels(b.At(bb.Min.X+x, bb.Min.Y+y))
			for i := range 3 {
				d := float64(p[i]-q[i]) / 0x101
				sum += d * d
				n++
			}
		}
	}
	return 10 * math.Log10(255*255*float64(n)/max(sum, 1e-9))
}

// Values of 8 bits come back as they were, without a level's tolerance, where
// no alpha has to be multiplied.
func TestLosslessFormatsAreExact(t *testing.T) {
	for name, c := range map[string]struct {
		img     image.Image
		formats []Format
	}{
		"Gray":       {paint(image.NewGray(canvas)), []Format{PNG, GIF, BMP, TIFF, WebP}},
		"RGBA":       {paint(image.NewRGBA(canvas)), []Format{PNG, BMP, TIFF, WebP}},
		"NRGBA":      {paint(image.NewNRGBA(canvas)), []Format{PNG, BMP, TIFF, WebP}},
		"with alpha": {paint(image.NewNRGBA(canvas), 255, 0, 1, 128), []Format{PNG, TIFF, WebP}},
		"deep":       {paint16(image.NewNRGBA64(canvas), 0xffff, 1, 0x8001), []Format{PNG, TIFF}},
		"Gray16":     {paint16(image.NewGray16(canvas)), []Format{PNG, TIFF}},
		"256":        {indexed(palette.Plan9), []Format{PNG, GIF, BMP, TIFF, WebP}},
		"a hole":     {indexed(ramp(255, 0)), []Format{PNG, WebP}},
		"alphas":     {indexed(ramp(255, 0, 7, 200)), []Format{PNG, WebP}},
	} {
		for _, f := range c.formats {
			data, notes := encoded(t, c.img, Options{Format: f})
			if len(notes) > 0 {
				t.Errorf("%s as %s: %q", name, f, notes)
			}
			if !slices.Equal(snapshot(c.img), snapshot(decoded(t, data).Image)) {
				t.Errorf("%s as %s: the pixels differ", name, f)
			}
		}
	}
}

func TestGIFOf256And257Colours(t *testing.T) {
	for _, c := range []struct {
		colours int
		hole    bool
		notes   []string
	}{
		{256, false, nil}, {257, false, []string{noteColours}}, {255, true, nil}, {256, true, []string{noteColours}},
	} {
		m := image.NewNRGBA(image.Rect(0, 0, c.colours+1, 1))
		for x := range c.colours + 1 {
			m.SetNRGBA(x, 0, color.NRGBA{uint8(x % c.colours), uint8(x % c.colours / 256), 9, 255})
		}
		if c.hole {
			m.SetNRGBA(c.colours, 0, color.NRGBA{1, 2, 3, 0})
		}
		data, notes := encoded(t, m, Options{Format: GIF})
		if !slices.Equal(notes, c.notes) {
			t.Errorf("%d colours, hole %v: notes %q, want %q", c.colours, c.hole, notes, c.notes)
		}
		got := decoded(t, data).Image
		if _, _, _, a := got.At(c.colours, 0).RGBA(); (a == 0) != c.hole {
			t.Errorf("%d colours, hole %v: alpha %d", c.colours, c.hole, a)
		}
		if len(c.notes) == 0 && got.At(77, 0) != (color.RGBA{77, 0, 9, 255}) {
			t.Errorf("%d colours: %v", c.colours, got.At(77, 0))
		}
	}
}

func TestGrayStaysGray(t *testing.T) {
	grayPalette := paint(image.NewPaletted(canvas, grays))
	for name, img := range map[string]image.Image{"Gray": paint(image.NewGray(canvas)), "Gray16": paint16(image.NewGray16(canvas)), "Paletted": grayPalette} {
		for _, f := range []Format{JPEG, PNG, TIFF} {
			data, _ := encoded(t, img, Options{Format: f})
			p := decoded(t, data)
			if p.Channels != 1 {
				t.Errorf("%s to %s: %d channels", name, f, p.Channels)
			}
			if wantBits := map[bool]int{true: 16, false: 8}[name == "Gray16" && f != JPEG]; p.Bits != wantBits {
				t.Errorf("%s to %s: %d bits, want %d", name, f, p.Bits, wantBits)
			}
		}
	}
}

// Crops and planes that are shared with another picture lie in memory with
// gaps, and begin anywhere.
func TestPartsAtTheOriginWithGaps(t *testing.T) {
	whole := ycbcr(image.YCbCrSubsampleRatio444)
	part := whole.SubImage(image.Rect(20, 10, 51, 37)).(*image.YCbCr)
	luma := &image.Gray{Pix: part.Y, Stride: part.YStride, Rect: image.Rect(0, 0, 31, 27)}
	for _, f := range []Format{PNG, GIF, BMP, TIFF} {
		data, _ := encoded(t, luma, Options{Format: f})
		if !slices.Equal(snapshot(luma), snapshot(decoded(t, data).Image)) {
			t.Errorf("%s: the pixels differ", f)
		}
	}
}

func TestQuality(t *testing.T) {
	size := func(q int) int {
		data, _ := encoded(t, colours(100, 80), Options{Format: JPEG, Quality: q})
		return len(data)
	}
	if size(0) != size(DefaultQuality) || size(20) >= size(95) {
		t.Errorf("quality 0: %d bytes, 85: %d, 20: %d, 95: %d", size(0), size(85), size(20), size(95))
	}
	for _, q := range []int{-1, 101} {
		_, err := Encode(new(bytes.Buffer), colours(2, 2), Options{Format: JPEG, Quality: q})
		if err == nil || !strings.Contains(err.Error(), "want 1 to 100") {
			t.Errorf("quality %d: %v", q, err)
		}
	}
}

func TestFormatsThatCannotBeWritten(t *testing.T) {
	for _, f := range []Format{"avif", ""} {
		_, err := Encode(new(bytes.Buffer), colours(2, 2), Options{Format: f})
		if want := "unsupported: " + string(f) + " cannot be written"; err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", f, err, want)
		}
	}
}

func TestEncodeReplacesWhatIsInTheBuffer(t *testing.T) {
	want, _ := encoded(t, colours(9, 9), Options{Format: JPEG, Metadata: meta.Data{XMP: []byte("xmp")}})
	buf := bytes.NewBufferString("left over")
	if _, err := Encode(buf, colours(9, 9), Options{Format: JPEG, Metadata: meta.Data{XMP: []byte("xmp")}}); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(buf.Bytes(), want) {
		t.Errorf("the file begins with %q", buf.Bytes()[:9])
	}
}
