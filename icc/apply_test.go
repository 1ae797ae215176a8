package icc

import (
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"math/rand"
	"reflect"
	"testing"
)

var area = image.Rect(-3, 5, 34, 47)

// noise fills the memory of a picture; of premultiplied ones no colour is above its alpha.
func noise[T draw.Image](m T, pix []byte, stride int) T {
	r := rand.New(rand.NewSource(int64(stride)))
	for i := range pix {
		pix[i] = byte(r.Intn(256))
	}
	return m
}

// pictures of every type, on a part of their memory.
func pictures(opaque bool) []image.Image {
	wide := area.Inset(-2)
	rgba, nrgba := image.NewRGBA(wide), image.NewNRGBA(wide)
	rgba64, nrgba64 := image.NewRGBA64(wide), image.NewNRGBA64(wide)
	noise(nrgba, nrgba.Pix, 4)
	noise(nrgba64, nrgba64.Pix, 8)
	for i := 0; i < len(nrgba.Pix); i += 4 {
		if opaque || i%5 == 0 {
			nrgba.Pix[i+3], nrgba64.Pix[2*i+6], nrgba64.Pix[2*i+7] = 255, 255, 255
		} else if i%3 == 0 {
			nrgba.Pix[i+3], nrgba64.Pix[2*i+6], nrgba64.Pix[2*i+7] = 0, 0, 0
		}
	}
	draw.Draw(rgba, wide, nrgba, wide.Min, draw.Src)
	draw.Draw(rgba64, wide, nrgba64, wide.Min, draw.Src)
	ycc, yccA := image.NewYCbCr(wide, image.YCbCrSubsampleRatio420), image.NewNYCbCrA(wide, image.YCbCrSubsampleRatio422)
	for i, plane := range [][]byte{ycc.Y, ycc.Cb, ycc.Cr, yccA.Y, yccA.Cb, yccA.Cr, yccA.A} {
		r := rand.New(rand.NewSource(int64(i)))
		for j := range plane {
			plane[j] = byte(r.Intn(256))
		}
	}
	palette := color.Palette{color.RGBA{10, 200, 90, 255}, color.NRGBA{90, 7, 250, 128}, color.NRGBA{}, color.Gray{77}}
	paletted := image.NewPaletted(wide, palette)
	for i := range paletted.Pix {
		paletted.Pix[i] = byte(i % len(palette))
	}
	return []image.Image{
		rgba.SubImage(area), nrgba.SubImage(area), rgba64.SubImage(area), nrgba64.SubImage(area),
		ycc.SubImage(area), yccA.SubImage(area), paletted.SubImage(area), strange{nrgba},
	}
}

// strange is of a type of its own.
type strange struct{ *image.NRGBA }

func (s strange) Bounds() image.Rectangle { return area }

// slow converts one colour, of 16 bits a channel and without its alpha.
func slow(t *testing.T, tr *Transform, c color.NRGBA64) color.NRGBA64 {
	pix := make([]byte, 8)
	for i, v := range []uint16{c.R, c.G, c.B, c.A} {
		binary.BigEndian.PutUint16(pix[2*i:], v)
	}
	if err := tr.pixels.row16(pix, pix); err != nil {
		t.Fatal(err)
	}
	u := binary.BigEndian.Uint16
	return color.NRGBA64{u(pix), u(pix[2:]), u(pix[4:]), u(pix[6:])}
}

func straight(c color.Color) color.NRGBA64 { return color.NRGBA64Model.Convert(c).(color.NRGBA64) }

// Every type is converted as its colours are, one by one, and keeps its bounds, its alpha and, with five exceptions, its
// type. The picture itself does not change.
func TestEveryTypeOfPicture(t *testing.T) {
	tr := transform(t, find(t, "DisplayP3-v4"))
	become := map[reflect.Type]reflect.Type{
		reflect.TypeFor[*image.YCbCr](): reflect.TypeFor[*image.RGBA](), reflect.TypeFor[*image.NYCbCrA](): reflect.TypeFor[*image.NRGBA](),
		reflect.TypeFor[strange](): reflect.TypeFor[*image.NRGBA](),
	}
	for _, opaque := range []bool{true, false} {
		for i, src := range pictures(opaque) {
			before := pictures(opaque)[i]
			out, err := tr.Apply(t.Context(), src)
			if err != nil {
				t.Fatal(err)
			}
			want := reflect.TypeOf(src)
			if to, ok := become[want]; ok {
				want = to
			}
			if reflect.TypeOf(out) != want || out.Bounds() != src.Bounds() {
				t.Errorf("%T of %v became %T of %v", src, src.Bounds(), out, out.Bounds())
			}
			if !reflect.DeepEqual(src, before) {
				t.Errorf("%T: the picture itself changed", src)
			}
			compare(t, tr, src, out)
		}
	}
}

func compare(t *testing.T, tr *Transform, src, out image.Image) {
	t.Helper()
	_, deep := out.(*image.RGBA64)
	_, deep2 := out.(*image.NRGBA64)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			from, got := straight(src.At(x, y)), straight(out.At(x, y))
			switch m := src.(type) { // whose At has more than 8 bits
			case *image.YCbCr:
				from = straight(color.RGBAModel.Convert(m.At(x, y)))
			case *image.NYCbCrA:
				c := color.RGBAModel.Convert(m.YCbCr.At(x, y)).(color.RGBA)
				from = straight(color.NRGBA{c.R, c.G, c.B, m.A[m.AOffset(x, y)]})
			}
			want := slow(t, tr, from)
			if from.A != got.A {
				t.Fatalf("%T at %d, %d: alpha %#x became %#x", src, x, y, from.A, got.A)
			}
			if from.A == 0 {
				continue
			}
			may := 0x180
			if from.A < 65535 {
				may = 4 * 0x180 * 65535 / int(from.A) // of what was multiplied by alpha, and so steep is the way in the dark
			}
			if deep || deep2 {
				may = 4 + 16*65535/int(from.A)
			}
			for i, d := range []int{int(want.R) - int(got.R), int(want.G) - int(got.G), int(want.B) - int(got.B)} {
				if d > may || d < -may {
					t.Fatalf("%T at %d, %d, channel %d: %v became %v, want %v", src, x, y, i, from, got, want)
				}
			}
		}
	}
}

func TestGrayStaysGray(t *testing.T) {
	tr := transform(t, find(t, "dot gain"))
	gray, deep := image.NewGray(area), image.NewGray16(area)
	noise(gray, gray.Pix, 1)
	noise(deep, deep.Pix, 2)
	withAlpha, palette := image.NewNRGBA(area), image.NewPaletted(area, color.Palette{color.Black, color.Gray{99}, color.White})
	for i, v := range gray.Pix {
		copy(withAlpha.Pix[4*i:], []byte{v, v, v, byte(i)})
		palette.Pix[i] = byte(i % 3)
	}
	for _, src := range []image.Image{gray, deep, withAlpha, palette} {
		out, err := tr.Apply(t.Context(), src)
		if err != nil {
			t.Fatal(err)
		}
		if reflect.TypeOf(out) != reflect.TypeOf(src) {
			t.Errorf("%T became %T", src, out)
		}
		if g, ok := out.(*image.Gray); ok {
			for i, v := range gray.Pix { // of dots that are printed larger than they are
				want := uint8(code8(encode8(), int64(dotGain(float64(v)/255)*one)*one))
				if d := int(g.Pix[i]) - int(want); d > 1 || d < -1 {
					t.Fatalf("gray %d became %d, want %d", v, g.Pix[i], want)
				}
			}
		}
		compare(t, tr, src, out)
	}
	coloured := image.NewNRGBA(area)
	coloured.Pix[9] = 1
	if _, err := tr.Apply(t.Context(), coloured); err != errColours {
		t.Errorf("colours: %v", err)
	}
}

func TestInks(t *testing.T) {
	tr := transform(t, find(t, "CMYK lut16"))
	m := image.NewCMYK(area)
	noise(image.NewGray(area), m.Pix, 3)
	before := append([]byte(nil), m.Pix...)
	out, err := tr.Apply(t.Context(), m)
	if err != nil || !reflect.DeepEqual(before, m.Pix) {
		t.Fatalf("%v, or the picture changed", err)
	}
	rgb := out.(*image.RGBA)
	if !rgb.Opaque() || rgb.Rect != area {
		t.Errorf("transparent, or of %v", rgb.Rect)
	}
}

func TestInPlace(t *testing.T) {
	inks := image.NewCMYK(area)
	noise(image.NewGray(area), inks.Pix, 3)
	list := append(pictures(false), inks)
	for _, src := range list {
		tr, pix := transform(t, find(t, "Adobe RGB")), (*byte)(nil)
		switch m := src.(type) {
		case *image.CMYK:
			tr, pix = transform(t, find(t, "CMYK lut16")), &m.Pix[0]
		case *image.RGBA:
			pix = &m.Pix[0]
		case *image.NRGBA:
			pix = &m.Pix[0]
		}
		want, err := tr.Apply(t.Context(), src)
		if err != nil {
			t.Fatal(err)
		}
		got, err := tr.ApplyInPlace(t.Context(), src)
		if err != nil || !reflect.DeepEqual(parts(got), parts(want)) {
			t.Errorf("%T: another result, %v", src, err)
		}
		if m, ok := got.(*image.RGBA); ok && pix != nil && &m.Pix[0] != pix {
			t.Errorf("%T: other memory", src)
		}
	}
}

// parts are all pixels, of 16 bits and straight.
func parts(img image.Image) (list []color.NRGBA64) {
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			list = append(list, straight(img.At(x, y)))
		}
	}
	return list
}

func TestMisfits(t *testing.T) {
	rgb, gray, cmyk := image.NewRGBA(area), image.NewGray(area), image.NewCMYK(area)
	for _, c := range []struct {
		profile string
		img     image.Image
		want    string
	}{
		{"Adobe RGB", gray, "icc: a profile for RGB on a picture of gray"},
		{"Adobe RGB", cmyk, "icc: a profile for RGB on a picture of inks"},
		{"gray 2.2", cmyk, "icc: a profile for GRAY on a picture of inks"},
		{"CMYK lut8", gray, "icc: a profile for CMYK on a picture of gray"},
		{"CMYK lut8", rgb, "icc: a profile for CMYK on a picture of colours without inks"},
	} {
		if _, err := transform(t, find(t, c.profile)).Apply(t.Context(), c.img); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}

// dying ends when it was asked a number of times.
type dying struct {
	context.Context
	left *int
}

func (d dying) Err() error {
	if *d.left--; *d.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestTheContextEndsApply(t *testing.T) {
	tr, inks, grays := transform(t, find(t, "Adobe RGB")), transform(t, find(t, "CMYK lut8")), transform(t, find(t, "gray 2.2"))
	long := image.Rect(0, 0, 2, 10*rowsBetween)
	for _, c := range []struct {
		tr  *Transform
		img image.Image
	}{
		{tr, image.NewRGBA(long)}, {tr, image.NewNRGBA64(long)}, {tr, image.NewYCbCr(long, image.YCbCrSubsampleRatio420)},
		{tr, image.NewNYCbCrA(long, image.YCbCrSubsampleRatio420)}, {inks, image.NewCMYK(long)}, {grays, image.NewGray16(long)},
	} {
		left := 5
		if _, err := c.tr.Apply(dying{t.Context(), &left}, c.img); !errors.Is(err, context.Canceled) {
			t.Errorf("%T: %v", c.img, err)
		}
		if left < -1 {
			t.Errorf("%T: asked %d times more", c.img, -1-left)
		}
	}
}

func TestEmptyPictures(t *testing.T) {
	tr := transform(t, find(t, "Adobe RGB"))
	for _, img := range []image.Image{image.NewRGBA(image.Rectangle{}), image.NewNRGBA64(image.Rect(0, 0, 0, 9)), image.NewPaletted(image.Rectangle{}, nil)} {
		if out, err := tr.Apply(t.Context(), img); err != nil || !out.Bounds().Empty() {
			t.Errorf("%T: %v", img, err)
		}
	}
}
