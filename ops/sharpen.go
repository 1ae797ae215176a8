package ops

import (
	"image"

	"github.com/disintegration/imaging"
)

// Sharpen adds to each channel what a Blur by the same Sigma takes from it (an unsharp mask of amount 1).
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

func (Sharpen) Sizes(w, h int) []image.Point {
	whole := image.Pt(w, h)
	return []image.Point{whole, whole, whole, whole} // as Blur, and the result
}

func (s Sharpen) Apply(src image.Image) (image.Image, error) {
	if err := valid(s); err != nil {
		return nil, err
	}
	return onNRGBA(src, func(n *image.NRGBA) *image.NRGBA { return imaging.Sharpen(n, s.Sigma) })
}
