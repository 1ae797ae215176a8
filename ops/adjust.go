package ops

import (
	"image"

	"github.com/disintegration/imaging"
)

// Adjust changes brightness, contrast, gamma and saturation, in this order, rounding to 8 bits after each. Gamma-coded
// values are meant; transparency stays.
type Adjust struct {
	Brightness float64 // percent of the full range that is added, -100 (black) to 100 (white)
	Contrast   float64 // percent, -100 (all gray) to 100 (black and white only)
	Gamma      float64 // MinGamma to MaxGamma; below 1 darkens, above 1 lightens; 0 and 1 change nothing
	Saturation float64 // percent of the HSL saturation that is added, -100 (gray) to 500
}

// The range of Adjust.Gamma.
const (
	MinGamma = 0.01
	MaxGamma = 10
)

var adjustSpec = Spec{
	Name:    "adjust",
	Summary: "change brightness, contrast, gamma and saturation, in this order",
	Params: []Param{
		number("brightness", -100, 100, "0", "percent to add"),
		number("contrast", -100, 100, "0", "percent to add"),
		number("gamma", MinGamma, MaxGamma, "1", "exponent; more than 1 lightens"),
		number("saturation", -100, 500, "0", "percent to add"),
	},
	make: makeAdjust,
}

func makeAdjust(a args) (Op, error) {
	if len(a.given) == 0 {
		return nil, &UsageError{"adjust", "nothing to adjust", "brightness, contrast, gamma or saturation"}
	}
	op := Adjust{a.float("brightness"), a.float("contrast"), a.float("gamma"), a.float("saturation")}
	if op.Gamma == 1 {
		op.Gamma = 0 // one form for what changes nothing
	}
	return op, nil
}

func (a Adjust) String() string {
	v := Values{"brightness": num(a.Brightness), "contrast": num(a.Contrast), "saturation": num(a.Saturation)}
	if a.Gamma != 0 {
		v["gamma"] = num(a.Gamma)
	}
	if text := adjustSpec.format(v); text != adjustSpec.Name {
		return text
	}
	return "adjust brightness=0"
}

func (Adjust) Sizes(w, h int) []image.Point {
	return []image.Point{{X: w, Y: h}, {X: w, Y: h}} // the working copy, the result
}

func (a Adjust) Apply(src image.Image) (image.Image, error) {
	if err := valid(a); err != nil {
		return nil, err
	}
	return onNRGBA(src, a.kernel)
}

func (a Adjust) kernel(src *image.NRGBA) *image.NRGBA {
	tone := a.tone()
	out := image.NewNRGBA(src.Rect)
	w, h := src.Rect.Dx(), src.Rect.Dy()
	for y := range h {
		from, to := src.Pix[y*src.Stride:][:4*w], out.Pix[y*out.Stride:][:4*w]
		for i := 0; i < 4*w; i += 4 {
			s, d := from[i:i+4:i+4], to[i:i+4:i+4]
			d[0], d[1], d[2], d[3] = tone[s[0]], tone[s[1]], tone[s[2]], s[3]
			if a.Saturation != 0 {
				saturate(d, 1+a.Saturation/100)
			}
		}
	}
	return out
}

// tone returns what becomes of each value of a channel. The curves are those of package imaging.
func (a Adjust) tone() (table [256]uint8) {
	ramp := image.NewNRGBA(image.Rect(0, 0, 256, 1))
	for i := range 256 {
		ramp.Pix[4*i] = uint8(i)
	}
	if a.Brightness != 0 {
		ramp = imaging.AdjustBrightness(ramp, a.Brightness)
	}
	if a.Contrast != 0 {
		ramp = imaging.AdjustContrast(ramp, a.Contrast)
	}
	if a.Gamma != 0 {
		ramp = imaging.AdjustGamma(ramp, a.Gamma)
	}
	for i := range table {
		table[i] = ramp.Pix[4*i]
	}
	return table
}

// saturate multiplies the HSL saturation of a pixel, to at most 1. With hue and lightness fixed, the distance of each
// channel from the lightness (max+min)/2 is proportional to the saturation (max-min) / (255 - |max+min-255|).
func saturate(pix []uint8, factor float64) {
	lo, hi := min(pix[0], pix[1], pix[2]), max(pix[0], pix[1], pix[2])
	if lo == hi {
		return
	}
	sum := int(hi) + int(lo)
	full := min(sum, 510-sum) // the largest max-min of this lightness
	factor = min(factor, float64(full)/float64(hi-lo))
	light := float64(sum) / 2
	for i, v := range pix[:3] {
		pix[i] = uint8(light + (float64(v)-light)*factor + 0.5)
	}
}
