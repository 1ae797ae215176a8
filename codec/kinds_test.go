package codec

import (
	"image"
	"image/color"
)

var canvas = image.Rect(0, 0, 51, 37)

// ramp is a palette of 64 colours, of which the first have those alphas.
func ramp(alphas ...uint8) color.Palette {
	p := make(color.Palette, 64)
	for i := range p {
		c := color.NRGBA{uint8(4 * i), uint8(255 - 3*i), uint8(40 + i), 255}
		if i < len(alphas) {
			c.A = alphas[i]
		}
		p[i] = c
	}
	return p
}

// indexed is a picture of 64 colours.
func indexed(p color.Palette) *image.Paletted {
	m := image.NewPaletted(canvas, p)
	for i := range m.Pix {
		m.Pix[i] = uint8((i%m.Stride + i/m.Stride) / 2 % len(p))
	}
	return m
}

func ycbcr(r image.YCbCrSubsampleRatio) *image.YCbCr {
	m := image.NewYCbCr(canvas, r)
	for y := range canvas.Dy() {
		for x := range canvas.Dx() {
			c := color.YCbCrModel.Convert(color.RGBA{uint8(5 * x), uint8(4 * y), 90, 255}).(color.YCbCr)
			m.Y[m.YOffset(x, y)], m.Cb[m.COffset(x, y)], m.Cr[m.COffset(x, y)] = c.Y, c.Cb, c.Cr
		}
	}
	return m
}

func nycbcra(alphas ...uint8) *image.NYCbCrA {
	m := image.NewNYCbCrA(canvas, image.YCbCrSubsampleRatio420)
	m.YCbCr = *ycbcr(image.YCbCrSubsampleRatio420)
	for i := range m.A {
		m.A[i] = alphas[i/m.AStride/8%len(alphas)]
	}
	return m
}

func cmyk() *image.CMYK {
	m := image.NewCMYK(canvas)
	for i := range m.Pix {
		m.Pix[i] = uint8((i%m.Stride + i/m.Stride*3) / (2 + i%4))
	}
	return m
}

// kinds are pictures of every type that operations hand over.
var kinds = []struct {
	name  string
	img   image.Image
	deep  bool // 16 bits a channel
	alpha bool // some of it is transparent
	half  bool // some of it is half transparent
	few   bool // at most 256 colours
}{
	{name: "Gray", img: paint(image.NewGray(canvas)), few: true},
	{name: "Gray16", img: paint16(image.NewGray16(canvas)), deep: true, few: true},
	{name: "RGBA", img: paint(image.NewRGBA(canvas))},
	{name: "RGBA with alpha", img: paint(image.NewRGBA(canvas), 255, 0, 128), alpha: true, half: true},
	{name: "NRGBA", img: paint(image.NewNRGBA(canvas))},
	{name: "NRGBA with alpha", img: paint(image.NewNRGBA(canvas), 255, 1, 77, 200), alpha: true, half: true},
	{name: "NRGBA with holes", img: paint(image.NewNRGBA(canvas), 255, 0), alpha: true},
	{name: "RGBA64", img: paint16(image.NewRGBA64(canvas)), deep: true},
	{name: "RGBA64 with alpha", img: paint16(image.NewRGBA64(canvas), 0xffff, 0, 0x8000), deep: true, alpha: true, half: true},
	{name: "NRGBA64", img: paint16(image.NewNRGBA64(canvas)), deep: true},
	{name: "NRGBA64 with alpha", img: paint16(image.NewNRGBA64(canvas), 0xffff, 0x1234, 0x8001), deep: true, alpha: true, half: true},
	{name: "Paletted", img: indexed(ramp()), few: true},
	{name: "Paletted with a hole", img: indexed(ramp(255, 255, 0)), alpha: true, few: true},
	{name: "Paletted with holes", img: indexed(ramp(0, 255, 0, 0)), alpha: true, few: true},
	{name: "Paletted with alpha", img: indexed(ramp(0, 255, 128, 3, 250)), alpha: true, half: true, few: true},
	{name: "Paletted, 256 grays", img: paint(image.NewPaletted(canvas, grays)), few: true},
	{name: "YCbCr 4:2:0", img: ycbcr(image.YCbCrSubsampleRatio420)},
	{name: "YCbCr 4:4:4", img: ycbcr(image.YCbCrSubsampleRatio444)},
	{name: "NYCbCrA", img: nycbcra(255)},
	{name: "NYCbCrA with alpha", img: nycbcra(255, 0, 99), alpha: true, half: true},
	{name: "CMYK", img: cmyk(), few: true},
}

var grays = func() color.Palette {
	p := make(color.Palette, 256)
	for i := range p {
		p[i] = color.Gray{Y: uint8(i)}
	}
	return p
}()
