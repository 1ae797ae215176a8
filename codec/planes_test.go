package codec

import (
	"bytes"
	"image"
	"image/color"
	stdjpeg "image/jpeg"
	"path"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/codec/jpeg"
)

// image/jpeg is the reference for what a JPEG shows: the type of the picture,
// and its values but for the rounding of the transform.
func TestJPEGsAreReadAsImageJPEGReadsThem(t *testing.T) {
	seen := 0
	for _, name := range goodFixtures(t) {
		if path.Ext(name) != ".jpg" {
			continue
		}
		data := fixture(t, name)
		want, err := stdjpeg.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := decoded(t, data).Image
		if w, g := kindOf(want), kindOf(got); w != g {
			t.Errorf("%s is read as %s, want %s", name, g, w)
			continue
		}
		if d := furthest(want, got); d > 3 {
			t.Errorf("%s: a value is off by %d", name, d)
		}
		seen++
	}
	if seen < 20 {
		t.Errorf("%d JPEGs compared", seen)
	}
}

func kindOf(img image.Image) string {
	switch m := img.(type) {
	case *image.Gray:
		return "gray"
	case *image.YCbCr:
		return m.SubsampleRatio.String()
	case *image.RGBA:
		return "rgb"
	case *image.CMYK:
		return "cmyk"
	}
	return "other"
}

// furthest returns the largest difference of two values at one place, as they
// are stored.
func furthest(a, b image.Image) int {
	most := 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			v, w := stored(a, x, y), stored(b, x, y)
			for i := range v {
				most = max(most, int(v[i])-int(w[i]), int(w[i])-int(v[i]))
			}
		}
	}
	return most
}

func stored(img image.Image, x, y int) [4]uint8 {
	switch c := img.At(x, y).(type) {
	case color.Gray:
		return [4]uint8{c.Y}
	case color.YCbCr:
		return [4]uint8{c.Y, c.Cb, c.Cr}
	case color.RGBA:
		return [4]uint8{c.R, c.G, c.B, c.A}
	case color.CMYK:
		return [4]uint8{c.C, c.M, c.Y, c.K}
	}
	panic("another colour model")
}

// ramps returns planes of a w x h picture in which every sample says where it is.
func ramps(w, h int, model jpeg.ColorModel, sampling ...[2]int) *jpeg.Planes {
	p := &jpeg.Planes{Width: w, Height: h, Color: model}
	hmax, vmax := 1, 1
	for _, s := range sampling {
		hmax, vmax = max(hmax, s[0]), max(vmax, s[1])
	}
	for i, s := range sampling {
		pl := jpeg.Plane{H: s[0], V: s[1], Width: (w*s[0] + hmax - 1) / hmax, Height: (h*s[1] + vmax - 1) / vmax}
		pl.Stride = pl.Width + 3
		pl.Pix = make([]byte, pl.Stride*pl.Height)
		for y := range pl.Height {
			for x := range pl.Width {
				pl.Pix[y*pl.Stride+x] = uint8(16*y + 3*x + 50*i)
			}
		}
		p.Planes = append(p.Planes, pl)
	}
	return p
}

func TestPicturesOfPlanes(t *testing.T) {
	for what, c := range map[string]struct {
		planes *jpeg.Planes
		want   string
	}{
		"gray":              {ramps(13, 7, jpeg.Gray, [2]int{2, 2}), "gray"},
		"4:4:4":             {ramps(13, 7, jpeg.YCbCr, [2]int{1, 1}, [2]int{1, 1}, [2]int{1, 1}), "YCbCrSubsampleRatio444"},
		"4:4:4 in twos":     {ramps(13, 7, jpeg.YCbCr, [2]int{2, 2}, [2]int{2, 2}, [2]int{2, 2}), "YCbCrSubsampleRatio444"},
		"4:2:0":             {ramps(13, 7, jpeg.YCbCr, [2]int{2, 2}, [2]int{1, 1}, [2]int{1, 1}), "YCbCrSubsampleRatio420"},
		"4:2:2 in twos":     {ramps(13, 7, jpeg.YCbCr, [2]int{2, 2}, [2]int{1, 2}, [2]int{1, 2}), "YCbCrSubsampleRatio422"},
		"4:1:0":             {ramps(13, 7, jpeg.YCbCr, [2]int{4, 2}, [2]int{1, 1}, [2]int{1, 1}), "YCbCrSubsampleRatio410"},
		"unequal chroma":    {ramps(13, 7, jpeg.YCbCr, [2]int{2, 2}, [2]int{1, 1}, [2]int{2, 1}), "YCbCrSubsampleRatio444"},
		"half of chroma":    {ramps(13, 7, jpeg.YCbCr, [2]int{2, 2}, [2]int{2, 2}, [2]int{1, 1}), "YCbCrSubsampleRatio444"},
		"the other half":    {ramps(13, 7, jpeg.YCbCr, [2]int{2, 2}, [2]int{1, 1}, [2]int{2, 2}), "YCbCrSubsampleRatio444"},
		"small luma, twice": {ramps(13, 7, jpeg.YCbCr, [2]int{1, 2}, [2]int{2, 1}, [2]int{2, 1}), "YCbCrSubsampleRatio440"},
		"thirds":            {ramps(13, 7, jpeg.YCbCr, [2]int{3, 1}, [2]int{1, 1}, [2]int{2, 1}), "YCbCrSubsampleRatio444"},
		"small luma":        {ramps(13, 7, jpeg.YCbCr, [2]int{1, 1}, [2]int{2, 2}, [2]int{2, 2}), "YCbCrSubsampleRatio444"},
		"3:1, not by image": {ramps(13, 7, jpeg.YCbCr, [2]int{3, 1}, [2]int{1, 1}, [2]int{1, 1}), "YCbCrSubsampleRatio444"},
		"RGB":               {ramps(13, 7, jpeg.RGB, [2]int{1, 1}, [2]int{1, 1}, [2]int{1, 1}), "rgb"},
		"RGB, less blue":    {ramps(13, 7, jpeg.RGB, [2]int{2, 2}, [2]int{2, 2}, [2]int{1, 1}), "rgb"},
		"CMYK":              {ramps(13, 7, jpeg.CMYK, [2]int{1, 1}, [2]int{1, 1}, [2]int{1, 1}, [2]int{1, 1}), "cmyk"},
	} {
		img := fromPlanes(c.planes, false)
		if got := kindOf(img); got != c.want || img.Bounds() != image.Rect(0, 0, 13, 7) {
			t.Errorf("%s: %s of %v, want %s", what, got, img.Bounds(), c.want)
			continue
		}
		hmax, vmax := largest(c.planes)
		for y := range 7 {
			for x := range 13 {
				got := stored(img, x, y)
				for i, pl := range c.planes.Planes {
					if want := pl.Pix[y*pl.V/vmax*pl.Stride+x*pl.H/hmax]; got[i] != want {
						t.Fatalf("%s: component %d at %d,%d is %d, want %d", what, i, x, y, got[i], want)
					}
				}
			}
		}
	}
}

// Adobe's CMYK is light; ours is ink.
func TestInvertedInk(t *testing.T) {
	p := ramps(3, 2, jpeg.CMYK, [2]int{1, 1}, [2]int{1, 1}, [2]int{1, 1}, [2]int{1, 1})
	plain, inverted := fromPlanes(p, false), fromPlanes(p, true)
	for x := range 3 {
		a, b := stored(plain, x, 1), stored(inverted, x, 1)
		for i := range a {
			if a[i] != 255-b[i] {
				t.Errorf("component %d at %d: %d and inverted %d", i, x, a[i], b[i])
			}
		}
	}
}

// A part of a YCbCr picture may begin within the pixels that share a chroma
// sample. Where it does not, its planes are shared.
func TestPlanesOfAPart(t *testing.T) {
	whole := fromPlanes(ramps(20, 12, jpeg.YCbCr, [2]int{2, 2}, [2]int{1, 1}, [2]int{1, 1}), false).(*image.YCbCr)
	even := toPlanes(whole.SubImage(image.Rect(4, 2, 15, 9)))
	if even.Width != 11 || even.Height != 7 || &even.Planes[1].Pix[0] != &whole.Cb[whole.COffset(4, 2)] {
		t.Errorf("%dx%d pixels; the chroma was copied", even.Width, even.Height)
	}
	odd := toPlanes(whole.SubImage(image.Rect(5, 3, 16, 10)))
	if odd.Planes[0].Pix[0] != whole.Y[whole.YOffset(5, 3)] {
		t.Error("the luma is another")
	}
	// The pixels 5,3 to 6,4 lie in four chroma samples.
	cb := whole.Cb
	sum := int(cb[whole.COffset(5, 3)]) + int(cb[whole.COffset(6, 3)]) + int(cb[whole.COffset(5, 4)]) + int(cb[whole.COffset(6, 4)])
	if got, want := odd.Planes[1].Pix[0], uint8((sum+2)/4); got != want {
		t.Errorf("chroma %d, want the mean %d", got, want)
	}
	for i := range 2 {
		if pl := odd.Planes[1+i]; pl.Width != 6 || pl.Height != 4 {
			t.Errorf("chroma of %dx%d samples, want 6x4", pl.Width, pl.Height)
		}
	}
}

// Luma is that of gray; chroma is that of the mean colour of 2x2 pixels, as
// image/color rounds it, give or take one.
func TestPlanesOfRGB(t *testing.T) {
	for _, size := range []image.Point{{X: 16, Y: 8}, {X: 15, Y: 7}, {X: 1, Y: 1}, {X: 2, Y: 5}} {
		m := colours(size.X, size.Y)
		m.Set(0, 0, color.RGBA{0, 0, 255, 255})
		p := toPlanes(m)
		for y := range size.Y {
			for x := range size.X {
				c := m.RGBAAt(x, y)
				l, _, _ := color.RGBToYCbCr(c.R, c.G, c.B)
				if got := p.Planes[0].Pix[y*p.Planes[0].Stride+x]; got != l {
					t.Fatalf("%v: luma at %d,%d is %d, want %d", size, x, y, got, l)
				}
			}
		}
		for cy := range p.Planes[1].Height {
			for cx := range p.Planes[1].Width {
				var sum [3]int
				for i := range 4 {
					c := m.RGBAAt(min(2*cx+i%2, size.X-1), min(2*cy+i/2, size.Y-1))
					sum[0], sum[1], sum[2] = sum[0]+int(c.R), sum[1]+int(c.G), sum[2]+int(c.B)
				}
				_, cb, cr := color.RGBToYCbCr(uint8((sum[0]+2)/4), uint8((sum[1]+2)/4), uint8((sum[2]+2)/4))
				at := cy*p.Planes[1].Stride + cx
				for i, want := range []uint8{cb, cr} {
					if got := p.Planes[1+i].Pix[at]; max(got, want)-min(got, want) > 1 {
						t.Fatalf("%v: chroma %d at %d,%d is %d, want %d", size, i, cx, cy, got, want)
					}
				}
			}
		}
	}
}

func TestGrayOnlyReadsLuma(t *testing.T) {
	for _, name := range []string{"jpeg_420.jpg", "jpeg_progressive_444.jpg", "jpeg_separate_scans_420.jpg", "jpeg_cmyk.jpg", "jpeg_adobe_rgb.jpg"} {
		data := fixture(t, name)
		p, err := Decode(t.Context(), data, DecodeOptions{MaxPixels: MaxPixels, Gray: true})
		if err != nil {
			t.Fatal(err)
		}
		whole, coloured := decoded(t, data).Image.(*image.YCbCr)
		luma, gray := p.Image.(*image.Gray)
		if gray != coloured || gray != !(strings.Contains(name, "cmyk") || strings.Contains(name, "rgb")) {
			t.Errorf("%s is read as %T", name, p.Image)
			continue
		}
		for y := 0; gray && y < p.Height; y++ {
			if !bytes.Equal(luma.Pix[y*luma.Stride:][:p.Width], whole.Y[y*whole.YStride:][:p.Width]) {
				t.Errorf("%s: row %d differs", name, y)
			}
		}
	}
}
