package ops

import (
	"image"

	"github.com/disintegration/imaging"
)

// The range of a Gaussian's standard deviation. Below it a blur changes no 8-bit value.
const (
	MinSigma = 0.01
	MaxSigma = 1000
)

// Blur convolves the picture with a Gaussian. Its time grows with Sigma.
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

func (Blur) Sizes(w, h int) []image.Point {
	whole := image.Pt(w, h)
	return []image.Point{whole, whole, whole} // the working copy, blurred across, blurred down
}

func (b Blur) Apply(src image.Image) (image.Image, error) {
	if err := valid(b); err != nil {
		return nil, err
	}
	return onNRGBA(src, func(n *image.NRGBA) *image.NRGBA { return imaging.Blur(n, b.Sigma) })
}
