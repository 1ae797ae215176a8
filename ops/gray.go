package ops

import (
	"encoding/binary"
	"image"
	"image/color"
)

// Gray takes the colour away. The gray value is a weighted sum of gamma-coded red, green and blue, rounded to nearest;
// Luma says which. That of BT.601 is the luma of a YCbCr picture, which has it already: the result shares that plane. For
// any other, a YCbCr picture goes through RGB.
//
// 16 bits a channel stay 16. A picture with transparency keeps it, as NRGBA or NRGBA64 with three equal channels; every
// other becomes *image.Gray or *image.Gray16.
type Gray struct {
	Luma Luma
}

// Luma is how much red, green and blue count in a gray value.
type Luma uint8

const (
	// BT601 is 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601-7, 2.5.1), as JFIF has it, with the rounding of libjpeg and OpenCV.
	BT601 Luma = iota
	// BT709 is 0.2126 R + 0.7152 G + 0.0722 B (ITU-R BT.709-6, table 3, item 3.2): those of the light of sRGB's primaries
	// (IEC 61966-2-1), but on coded values.
	BT709
)

var lumaNames = []string{"bt601", "bt709"}

func (l Luma) String() string { return word(lumaNames, l) }

// weights are red's, green's and blue's of each Luma, 16 bits behind the point. They add up to one, so that white stays
// white, and sums for 16 bits a channel are below 1<<32.
var lumaWeights = [...]weights{
	BT601: {19595, 38470, 7471},
	BT709: {13933, 46871, 4732},
}

type weights struct{ r, g, b uint32 }

var graySpec = Spec{
	Name:    "gray",
	Summary: "take the colour away",
	Params:  []Param{choice("luma", lumaNames, lumaNames[0], "weights of red, green and blue: ITU-R BT.601, as JPEG has it, or BT.709")},
	make:    func(a args) (Op, error) { return Gray{Luma: Luma(a.index("luma"))}, nil },
}

func (g Gray) String() string { return graySpec.format(Values{"luma": g.Luma.String()}) }

func (g Gray) Sizes(w, h int) []image.Point {
	if whole := image.Pt(w, h); !g.IsLuma() {
		return []image.Point{whole, whole} // the working copy, the result
	}
	return []image.Point{{X: w, Y: h}}
}

// IsLuma tells whether the gray of a YCbCr picture, such as a JPEG, is its first component.
func (g Gray) IsLuma() bool { return g.Luma == BT601 }

func (g Gray) Apply(src image.Image) (image.Image, error) {
	if err := valid(g); err != nil {
		return nil, err
	}
	k := lumaWeights[g.Luma]
	switch src := src.(type) {
	case *image.Gray, *image.Gray16:
		return src, nil
	case *image.YCbCr:
		if g.IsLuma() {
			return lumaPlane(src), nil
		}
	case *image.NYCbCrA:
		switch {
		case g.IsLuma() && src.Opaque():
			return lumaPlane(&src.YCbCr), nil
		case g.IsLuma():
			return lumaAlpha(src), nil
		}
	case *image.RGBA64, *image.NRGBA64:
		return k.gray16(toNRGBA64(src)), nil
	case *image.Paletted:
		return k.palette(src)
	}
	n, err := toNRGBA(src)
	if err != nil {
		return nil, err
	}
	return k.gray8(n), nil
}

func (k weights) of8(r, g, b uint8) uint8 {
	return uint8((k.r*uint32(r) + k.g*uint32(g) + k.b*uint32(b) + 1<<15) >> 16)
}

// of16 reads the three channels at the head of pix.
func (k weights) of16(pix []byte) uint16 {
	order := binary.BigEndian
	r, g, b := order.Uint16(pix), order.Uint16(pix[2:]), order.Uint16(pix[4:])
	return uint16((k.r*uint32(r) + k.g*uint32(g) + k.b*uint32(b) + 1<<15) >> 16)
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

// palette grays the colours instead of the pixels.
func (k weights) palette(src *image.Paletted) (image.Image, error) {
	if err := checkPalette(src); err != nil {
		return nil, err
	}
	grays := *src
	grays.Palette = make(color.Palette, len(src.Palette))
	var table [256]uint8
	for i, c := range src.Palette[:min(len(src.Palette), 256)] {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		v := k.of8(n.R, n.G, n.B)
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

func (k weights) gray8(src *image.NRGBA) image.Image {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	if src.Opaque() {
		out := image.NewGray(src.Rect)
		for y := range h {
			from, to := src.Pix[y*src.Stride:][:4*w], out.Pix[y*out.Stride:][:w]
			for x := range to {
				s := from[4*x : 4*x+4 : 4*x+4]
				to[x] = k.of8(s[0], s[1], s[2])
			}
		}
		return out
	}
	out := image.NewNRGBA(src.Rect)
	for y := range h {
		from, to := src.Pix[y*src.Stride:][:4*w], out.Pix[y*out.Stride:][:4*w]
		for i := 0; i < 4*w; i += 4 {
			s, d := from[i:i+4:i+4], to[i:i+4:i+4]
			v := k.of8(s[0], s[1], s[2])
			d[0], d[1], d[2], d[3] = v, v, v, s[3]
		}
	}
	return out
}

func (k weights) gray16(src *image.NRGBA64) image.Image {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	order := binary.BigEndian
	if src.Opaque() {
		out := image.NewGray16(src.Rect)
		for y := range h {
			row := src.Pix[y*src.Stride:][:8*w]
			for x := range w {
				order.PutUint16(out.Pix[y*out.Stride+2*x:], k.of16(row[8*x:]))
			}
		}
		return out
	}
	out := image.NewNRGBA64(src.Rect)
	for y := range h {
		row := src.Pix[y*src.Stride:][:8*w]
		for i := 0; i < 8*w; i += 8 {
			v, d := k.of16(row[i:]), out.Pix[y*out.Stride+i:][:8]
			order.PutUint16(d[0:], v)
			order.PutUint16(d[2:], v)
			order.PutUint16(d[4:], v)
			copy(d[6:], row[i+6:i+8])
		}
	}
	return out
}
