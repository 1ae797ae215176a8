package ops

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"math/rand/v2"
	"testing"
)

// picture is a test picture: a type with random content, whole or cut out of a larger one.
type picture struct {
	name string
	img  image.Image
}

// foreign hides the type of a picture, as a decoder of another module may.
type foreign struct{ image.Image }

// pictures returns a picture of w x h for every type, and each once more as a sub-image whose bounds begin at 4,2, and
// at 3,5.
func pictures(w, h int) []picture {
	rnd := rand.New(rand.NewPCG(uint64(w), uint64(h)))
	var all []picture
	for _, from := range []image.Point{{}, {4, 2}, {3, 5}} {
		part := image.Rect(0, 0, w, h).Add(from)
		whole := part
		if from != (image.Point{}) {
			whole = image.Rect(0, 0, part.Max.X+2, part.Max.Y+3)
		}
		for _, p := range everyType(rnd, whole) {
			if from != (image.Point{}) {
				p.name += " part " + from.String()
				if f, ok := p.img.(foreign); ok {
					p.img = foreign{cut(f.Image, part)}
				} else {
					p.img = cut(p.img, part)
				}
			}
			all = append(all, p)
		}
	}
	return all
}

func everyType(rnd *rand.Rand, r image.Rectangle) []picture {
	random := func(pix []byte) {
		for i := range pix {
			pix[i] = byte(rnd.Uint32())
		}
	}
	gray, gray16 := image.NewGray(r), image.NewGray16(r)
	alpha, alpha16 := image.NewAlpha(r), image.NewAlpha16(r)
	cmyk, nrgba, nrgba64 := image.NewCMYK(r), image.NewNRGBA(r), image.NewNRGBA64(r)
	for _, pix := range [][]byte{gray.Pix, gray16.Pix, alpha.Pix, alpha16.Pix, cmyk.Pix, nrgba.Pix, nrgba64.Pix} {
		random(pix)
	}
	solid := image.NewNRGBA(r)
	random(solid.Pix)
	for i := 3; i < len(solid.Pix); i += 4 {
		solid.Pix[i] = 255
	}
	solid64 := image.NewNRGBA64(r)
	random(solid64.Pix)
	for i := 6; i < len(solid64.Pix); i += 8 {
		solid64.Pix[i], solid64.Pix[i+1] = 255, 255
	}
	copied := func(dst draw.Image, src image.Image) image.Image {
		draw.Draw(dst, r, src, r.Min, draw.Src)
		return dst
	}
	paletted := func(p color.Palette) image.Image {
		img := image.NewPaletted(r, p)
		for i := range img.Pix {
			img.Pix[i] = uint8(rnd.IntN(len(p)))
		}
		return img
	}
	translucent := color.Palette{color.NRGBA{200, 10, 90, 255}, color.NRGBA{1, 2, 3, 0}, color.NRGBA{255, 0, 80, 77}}
	all := []picture{
		{"Gray", gray}, {"Gray16", gray16}, {"Alpha", alpha}, {"Alpha16", alpha16}, {"CMYK", cmyk},
		{"NRGBA", nrgba}, {"NRGBA64", nrgba64}, {"opaque NRGBA", solid}, {"opaque NRGBA64", solid64},
		{"RGBA", copied(image.NewRGBA(r), nrgba)}, {"RGBA64", copied(image.NewRGBA64(r), nrgba64)},
		{"opaque RGBA", copied(image.NewRGBA(r), solid)}, {"opaque RGBA64", copied(image.NewRGBA64(r), solid64)},
		{"Paletted", paletted(palette.Plan9)}, {"translucent Paletted", paletted(translucent)},
		{"foreign", foreign{nrgba}}, {"foreign opaque", foreign{solid}},
	}
	for ratio := image.YCbCrSubsampleRatio444; ratio <= image.YCbCrSubsampleRatio410; ratio++ {
		y, n := image.NewYCbCr(r, ratio), image.NewNYCbCrA(r, ratio)
		for _, pix := range [][]byte{y.Y, y.Cb, y.Cr, n.Y, n.Cb, n.Cr, n.A} {
			random(pix)
		}
		all = append(all, picture{"Y" + ratio.String()[1:], y}, picture{"NYCbCrA " + ratio.String(), n})
	}
	return all
}

// sizes are the dimensions that the tests of every type run on: even, odd, longer than one tile, and one pixel.
var sizes = []image.Point{{8, 6}, {7, 5}, {67, 3}, {1, 9}, {1, 1}}

// each runs f on every type in every size.
func each(t *testing.T, f func(t *testing.T, p picture)) {
	t.Helper()
	for _, size := range sizes {
		for _, p := range pictures(size.X, size.Y) {
			t.Run(fmt.Sprintf("%s %dx%d", p.name, size.X, size.Y), func(t *testing.T) { f(t, p) })
		}
	}
}

// memory returns all bytes of a picture.
func memory(img image.Image) []byte {
	switch img := img.(type) {
	case foreign:
		return memory(img.Image)
	case *image.YCbCr:
		return bytes.Join([][]byte{img.Y, img.Cb, img.Cr}, nil)
	case *image.NYCbCrA:
		return bytes.Join([][]byte{img.Y, img.Cb, img.Cr, img.A}, nil)
	case *image.Paletted:
		return fmt.Append(bytes.Clone(img.Pix), img.Palette)
	}
	_, _, from, _ := blankLike(img, image.Rectangle{})
	return bytes.Clone(from.pix)
}

func typeOf(v any) string { return fmt.Sprintf("%T", v) }

// at returns a pixel counted from the upper left corner.
func at(img image.Image, x, y int) color.Color {
	min := img.Bounds().Min
	return img.At(min.X+x, min.Y+y)
}

// nrgbaAt is the slow way to a pixel of 8 bits a channel.
func nrgbaAt(img image.Image, x, y int) color.NRGBA {
	c := at(img, x, y)
	if n, ok := c.(color.NRGBA64); ok { // the model would premultiply
		return color.NRGBA{uint8(n.R >> 8), uint8(n.G >> 8), uint8(n.B >> 8), uint8(n.A >> 8)}
	}
	return color.NRGBAModel.Convert(c).(color.NRGBA)
}

func nrgba64At(img image.Image, x, y int) color.NRGBA64 {
	return color.NRGBA64Model.Convert(at(img, x, y)).(color.NRGBA64)
}

// slowNRGBA converts pixel by pixel.
func slowNRGBA(img image.Image) *image.NRGBA {
	out := image.NewNRGBA(atZero(img))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.SetNRGBA(x, y, nrgbaAt(img, x, y))
		}
	}
	return out
}

func apply(t *testing.T, op Op, src image.Image) image.Image {
	t.Helper()
	out, err := op.Apply(src)
	if err != nil {
		t.Fatalf("%v: %v", op, err)
	}
	return out
}

// near fails unless both pictures have the same size and no channel differs by more than tolerance.
func near(t *testing.T, got, want image.Image, tolerance int) {
	t.Helper()
	if g, w := got.Bounds().Size(), want.Bounds().Size(); g != w {
		t.Fatalf("size %v, want %v", g, w)
	}
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			g, w := nrgbaAt(got, x, y), nrgbaAt(want, x, y)
			for _, d := range []int{int(g.R) - int(w.R), int(g.G) - int(w.G), int(g.B) - int(w.B), int(g.A) - int(w.A)} {
				if max(d, -d) > tolerance {
					t.Fatalf("pixel %d,%d is %v, want %v", x, y, g, w)
				}
			}
		}
	}
}
