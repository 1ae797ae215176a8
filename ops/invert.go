package ops

import (
	"encoding/binary"
	"image"
	"image/color"
)

// Invert makes the negative: each channel becomes its maximum less its value. Transparency stays, and so do 16 bits a
// channel; of a picture with a palette, the palette is inverted.
type Invert struct{}

var invertSpec = Spec{
	Name:    "invert",
	Summary: "make the negative",
	make:    func(args) (Op, error) { return Invert{}, nil },
}

func (Invert) String() string { return "invert" }

func (Invert) Sizes(w, h int) []image.Point {
	return []image.Point{{X: w, Y: h}, {X: w, Y: h}} // the working copy, the result
}

// The bits of eight bytes of pixels that are turned over, in memory order: all, or all but the alpha channel's.
var (
	allBits    = [8]byte{255, 255, 255, 255, 255, 255, 255, 255}
	notAlpha   = [8]byte{255, 255, 255, 0, 255, 255, 255, 0}
	notAlpha16 = [8]byte{255, 255, 255, 255, 255, 255, 0, 0}
)

func (Invert) Apply(src image.Image) (image.Image, error) {
	r := atZero(src)
	switch src := src.(type) {
	case *image.Gray:
		out := image.NewGray(r)
		xor(plane{out.Pix, out.Stride}, plane{src.Pix, src.Stride}, r.Dx(), r.Dy(), allBits)
		return out, nil
	case *image.Gray16:
		out := image.NewGray16(r)
		xor(plane{out.Pix, out.Stride}, plane{src.Pix, src.Stride}, 2*r.Dx(), r.Dy(), allBits)
		return out, nil
	case *image.RGBA64, *image.NRGBA64:
		n, out := toNRGBA64(src), image.NewNRGBA64(r)
		xor(plane{out.Pix, out.Stride}, plane{n.Pix, n.Stride}, 8*r.Dx(), r.Dy(), notAlpha16)
		return plain64(out), nil
	case *image.Paletted:
		return invertPalette(src)
	}
	n, err := toNRGBA(src)
	if err != nil {
		return nil, err
	}
	out := image.NewNRGBA(r)
	xor(plane{out.Pix, out.Stride}, plane{n.Pix, n.Stride}, 4*r.Dx(), r.Dy(), notAlpha)
	return plain(out), nil
}

// invertPalette returns a picture that shares the pixels, but not the colours, of src.
func invertPalette(src *image.Paletted) (image.Image, error) {
	if err := checkPalette(src); err != nil {
		return nil, err
	}
	out := *src
	out.Palette = make(color.Palette, len(src.Palette))
	for i, c := range src.Palette {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		out.Palette[i] = color.NRGBA{^n.R, ^n.G, ^n.B, n.A}
	}
	return &out, nil
}

// xor turns over the bits of mask in h rows of n bytes; mask repeats from the start of each row.
func xor(dst, src plane, n, h int, mask [8]byte) {
	order := binary.NativeEndian
	bits := order.Uint64(mask[:])
	for y := range h {
		d, s := dst.pix[y*dst.stride:][:n], src.pix[y*src.stride:][:n]
		i := 0
		for ; i+8 <= n; i += 8 {
			order.PutUint64(d[i:], order.Uint64(s[i:])^bits)
		}
		for ; i < n; i++ {
			d[i] = s[i] ^ mask[i%8]
		}
	}
}
