package ops

import (
	"context"
	"encoding/binary"
	"image"
)

// Sharpen adds to each channel what a Blur by the same Sigma takes from it (an unsharp mask of amount 1). Of a picture
// with transparency the colours are blurred as far as they are seen, but sharpened as they are.
//
// Gray pictures stay gray and 16 bits a channel stay 16; other pictures become RGBA, or NRGBA where they have
// transparency. YCbCr pictures become RGBA too: what overshoots is cut off there, which luma and chroma are not that are
// cut off each by itself.
type Sharpen struct {
	Sigma float64 // standard deviation in pixels, MinSigma to MaxSigma
}

var sharpenSpec = Spec{
	Name:    "sharpen",
	Summary: "sharpen with an unsharp mask",
	Params:  []Param{operand(number("sigma", MinSigma, MaxSigma, "1", "standard deviation in pixels of the mask"))},
	make:    func(a args) (Op, error) { return Sharpen{Sigma: a.float("sigma")}, nil },
}

func (s Sharpen) String() string { return sharpenSpec.format(Values{"sigma": num(s.Sigma)}) }

func (s Sharpen) Sizes(w, h int) []image.Point {
	whole := image.Pt(w, h)
	return append(blurSizes(w, h, s.Sigma), whole, whole) // the working copy; the result, which is the blurred one before
}

func (s Sharpen) Apply(src image.Image) (image.Image, error) {
	return s.apply(context.Background(), src)
}

func (s Sharpen) apply(ctx context.Context, src image.Image) (image.Image, error) {
	if err := valid(s); err != nil {
		return nil, err
	}
	if src.Bounds().Empty() {
		return src, nil
	}
	src, from, size, err := straight(src)
	if err != nil {
		return nil, err
	}
	soft, err := blurred(ctx, src, s.Sigma)
	if err != nil {
		return nil, err
	}
	soft, to, _, err := straight(soft) // it is ours to write to
	if err != nil {
		return nil, err
	}
	n := src.Bounds().Dx() * size
	for y := range src.Bounds().Dy() {
		a, b := from.pix[y*from.stride:][:n], to.pix[y*to.stride:][:n]
		if isDeep(src) {
			unsharp16(b, a)
		} else {
			unsharp(b, a)
		}
	}
	return plainOf(soft), nil
}

// straight returns src, or a working copy, as a picture whose alpha, where there is one, is not multiplied into its
// colours: Gray, Gray16, NRGBA or NRGBA64. It comes with its memory and the bytes of a pixel.
func straight(src image.Image) (img image.Image, p plane, size int, err error) {
	switch m := src.(type) {
	case *image.Gray, *image.Gray16:
		img = m
	case *image.RGBA64, *image.NRGBA64:
		from, size := samplesOf(src)
		if err := from.check(size, src.Bounds()); err != nil {
			return nil, plane{}, 0, err
		}
		img = toNRGBA64(src)
	default:
		if img, err = toNRGBA(src); err != nil {
			return nil, plane{}, 0, err
		}
	}
	p, size = samplesOf(img)
	return img, p, size, p.check(size, img.Bounds())
}

// unsharp makes twice src less soft of soft.
func unsharp(soft, src []byte) {
	for i, v := range src {
		soft[i] = byte(min(max(2*int(v)-int(soft[i]), 0), 255))
	}
}

func unsharp16(soft, src []byte) {
	order := binary.BigEndian
	for i := 0; i < len(src); i += 2 {
		v := 2*int(order.Uint16(src[i:])) - int(order.Uint16(soft[i:]))
		order.PutUint16(soft[i:], uint16(min(max(v, 0), 65535)))
	}
}
