package ops

import (
	"context"
	"image"
	"math"
)

// The range of a Gaussian's standard deviation. Below it a blur changes no 8-bit value.
const (
	MinSigma = 0.01
	MaxSigma = 1000
)

// Blur convolves the picture with a Gaussian, which is cut at four times Sigma and at the edges of the picture, where
// what is left of it counts as the whole. Its time does not grow with Sigma from 8 on.
//
// Gray pictures stay gray, YCbCr pictures keep their type and sampling, 16 bits a channel stay 16; other pictures become
// RGBA, or NRGBA where they have transparency.
type Blur struct {
	Sigma float64 // standard deviation in pixels, MinSigma to MaxSigma
}

var blurSpec = Spec{
	Name:    "blur",
	Summary: "blur with a Gaussian",
	Params:  []Param{operand(number("sigma", MinSigma, MaxSigma, "1", "standard deviation in pixels"))},
	make:    func(a args) (Op, error) { return Blur{Sigma: a.float("sigma")}, nil },
}

func (b Blur) String() string { return blurSpec.format(Values{"sigma": num(b.Sigma)}) }

func (b Blur) Sizes(w, h int) []image.Point { return append(blurSizes(w, h, b.Sigma), image.Pt(w, h)) }

// blurSizes are what a blur takes beside source and result: a band of rows of 8 and of 16 bits, or the coarse picture,
// which has 16 bits and at most a quarter of the pixels, unless sigma is too small for that, and the sums of its rows.
func blurSizes(w, h int, sigma float64) []image.Point {
	if sigma < wideSigma {
		band := image.Pt(w, min(h, deepBand+2*int(math.Ceil(4*sigma))+2))
		sizes := []image.Point{band, band, band}
		if sigma >= deepWideSigma {
			sizes = append(sizes, image.Pt(w, h))
		}
		return sizes
	}
	return []image.Point{{X: w, Y: min(h, 160)}, {X: w, Y: h}}
}

func (b Blur) Apply(src image.Image) (image.Image, error) { return b.apply(context.Background(), src) }

func (b Blur) apply(ctx context.Context, src image.Image) (image.Image, error) {
	if err := valid(b); err != nil {
		return nil, err
	}
	if err := checkPalette(src); err != nil {
		return nil, err
	}
	return blurred(ctx, src, b.Sigma)
}
