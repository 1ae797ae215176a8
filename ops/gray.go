package ops

import (
	"encoding/binary"
	"image"
	"image/color"
)

// Gray takes the colour away. The gray value is the luma of ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B on gamma-coded
// values, with the rounding of libjpeg and OpenCV; a YCbCr picture has it already, and the result shares that plane.
// 16 bits a channel stay 16. A picture with transparency keeps it, as NRGBA or NRGBA64 with three equal channels;
// every other becomes *image.Gray or *image.Gray16.
type Gray struct{}

var graySpec = Spec{
	Name:    "gray",
	Summary: "take the colour away (luma of ITU-R BT.601)",
	make:    func(args) (Op, error) { return Gray{}, nil },
}

func (Gray) String() string { return "gray" }

func (Gray) Sizes(w, h int) []image.Point { return []image.Point{{X: w, Y: h}} }

func (Gray) Apply(src image.Image) (image.Image, error) {
	switch src := src.(type) {
	case *image.Gray, *image.Gray16:
		return src, nil
	case *image.YCbCr:
		return lumaPlane(src), nil
	case *image.NYCbCrA:
		if src.Opaque() {
			return lumaPlane(&src.YCbCr), nil
		}
		return lumaAlpha(src), nil
	case *image.RGBA64, *image.NRGBA64:
		return gray16(toNRGBA64(src)), nil
	case *image.Paletted:
		return grayPaletted(src)
	}
	n, err := toNRGBA(src)
	if err != nil {
		return nil, err
	}
	return gray8(n), nil
}

func luma(r, g, b uint8) uint8 {
	return uint8((19595*uint32(r) + 38470*uint32(g) + 7471*uint32(b) + 1<<15) >> 16)
}

func lumaPlane(src *image.YCbCr) *image.Gray {
	return &image.Gray{Pix: src.Y, Stride: src.YStride, Rect: atZero(src)}
}

func lumaAlpha(src *image.NYCbCrA) *image.NRGBA {
	out := image.NewNRGBA(atZero(src))
	w, h := out.Rect.Dx(), out.Rect.Dy()
	for y := range h {
		a := src.A[y*src.AStride:][:w]
		for x, v := range src.Y[y*src.YStride:][:w] {
			d := out.Pix[y*out.Stride+4*x:][:4:4]
			d[0], d[1], d[2], d[3] = v, v, v, a[x]
		}
	}
	return out
}

// grayPaletted grays the colours instead of the pixels.
func grayPaletted(src *image.Paletted) (image.Image, error) {
	if err := checkPalette(src); err != nil {
		return nil, err
	}
	grays := *src
	grays.Palette = make(color.Palette, len(src.Palette))
	var table [256]uint8
	for i, c := range src.Palette[:min(len(src.Palette), 256)] {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		v := luma(n.R, n.G, n.B)
		table[i], grays.Palette[i] = v, color.NRGBA{v, v, v, n.A}
	}
	if !src.Opaque() {
		return unpalette(&grays), nil
	}
	out := image.NewGray(atZero(src))
	w, h := out.Rect.Dx(), out.Rect.Dy()
	for y := range h {
		row := out.Pix[y*out.Stride:][:w]
		for x, index := range src.Pix[y*src.Stride:][:w] {
			row[x] = table[index]
		}
	}
	return out, nil
}

func gray8(src *image.NRGBA) image.Image {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	if src.Opaque() {
		out := image.NewGray(src.Rect)
		for y := range h {
			from, to := src.Pix[y*src.Stride:][:4*w], out.Pix[y*out.Stride:][:w]
			for x := range to {
				s := from[4*x : 4*x+4 : 4*x+4]
				to[x] = luma(s[0], s[1], s[2])
			}
		}
		return out
	}
	out := image.NewNRGBA(src.Rect)
	for y := range h {
		from, to := src.Pix[y*src.Stride:][:4*w], out.Pix[y*out.Stride:][:4*w]
		for i := 0; i < 4*w; i += 4 {
			s, d := from[i:i+4:i+4], to[i:i+4:i+4]
			v := luma(s[0], s[1], s[2])
			d[0], d[1], d[2], d[3] = v, v, v, s[3]
		}
	}
	return out
}

func gray16(src *image.NRGBA64) image.Image {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	order := binary.BigEndian
	if src.Opaque() {
		out := image.NewGray16(src.Rect)
		for y := range h {
			row := src.Pix[y*src.Stride:][:8*w]
			for x := range w {
				order.PutUint16(out.Pix[y*out.Stride+2*x:], luma16(row[8*x:]))
			}
		}
		return out
	}
	out := image.NewNRGBA64(src.Rect)
	for y := range h {
		row := src.Pix[y*src.Stride:][:8*w]
		for i := 0; i < 8*w; i += 8 {
			v, d := luma16(row[i:]), out.Pix[y*out.Stride+i:][:8]
			order.PutUint16(d[0:], v)
			order.PutUint16(d[2:], v)
			order.PutUint16(d[4:], v)
			copy(d[6:], row[i+6:i+8])
		}
	}
	return out
}

// luma16 reads the three channels at the head of pix. The sum stays below 1<<32.
func luma16(pix []byte) uint16 {
	order := binary.BigEndian
	r, g, b := order.Uint16(pix), order.Uint16(pix[2:]), order.Uint16(pix[4:])
	return uint16((19595*uint32(r) + 38470*uint32(g) + 7471*uint32(b) + 1<<15) >> 16)
}
