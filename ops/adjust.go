package ops

import (
	"encoding/binary"
	"image"
	"image/color"
	"math"

	"github.com/disintegration/imaging"
)

// Adjust changes brightness, contrast, gamma and saturation, in this order, rounding to the bits of a channel, 8 or 16,
// after each. Gamma-coded values are meant; transparency stays.
//
// Gray pictures stay gray and 16 bits a channel stay 16. Of a picture with a palette, the palette is adjusted. Others
// become RGBA, or NRGBA where they have transparency.
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
	if src.Bounds().Empty() {
		return src, nil
	}
	if p, ok := src.(*image.Paletted); ok {
		return a.palette(p)
	}
	src, from, _, err := straight(src)
	if err != nil {
		return nil, err
	}
	b := src.Bounds()
	switch src.(type) {
	case *image.Gray:
		out := image.NewGray(atZero(src))
		a.gray(plane{out.Pix, out.Stride}, from, b.Dx(), b.Dy())
		return out, nil
	case *image.Gray16:
		out := image.NewGray16(atZero(src))
		a.gray16(plane{out.Pix, out.Stride}, from, b.Dx(), b.Dy())
		return out, nil
	case *image.NRGBA64:
		out := image.NewNRGBA64(b)
		a.colour16(plane{out.Pix, out.Stride}, from, b.Dx(), b.Dy())
		return plain64(out), nil
	}
	out := image.NewNRGBA(b)
	a.colour(plane{out.Pix, out.Stride}, from, b.Dx(), b.Dy())
	return plain(out), nil
}

// palette returns a picture that shares the pixels, but not the colours, of src.
func (a Adjust) palette(src *image.Paletted) (image.Image, error) {
	if err := checkPalette(src); err != nil {
		return nil, err
	}
	pix := make([]byte, 4*len(src.Palette))
	for i, c := range src.Palette {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		copy(pix[4*i:], []byte{n.R, n.G, n.B, n.A})
	}
	a.colour(plane{pix, len(pix)}, plane{pix, len(pix)}, len(src.Palette), 1)
	out := *src
	out.Palette = make(color.Palette, len(src.Palette))
	for i := range out.Palette {
		out.Palette[i] = color.NRGBA{pix[4*i], pix[4*i+1], pix[4*i+2], pix[4*i+3]}
	}
	return &out, nil
}

func (a Adjust) gray(to, from plane, w, h int) {
	tone := a.tone()
	for y := range h {
		d := to.pix[y*to.stride:][:w]
		for x, v := range from.pix[y*from.stride:][:w] {
			d[x] = tone[v]
		}
	}
}

func (a Adjust) gray16(to, from plane, w, h int) {
	tone, order := a.tone16(), binary.BigEndian
	for y := range h {
		s, d := from.pix[y*from.stride:][:2*w], to.pix[y*to.stride:][:2*w]
		for i := 0; i < 2*w; i += 2 {
			order.PutUint16(d[i:], tone[order.Uint16(s[i:])])
		}
	}
}

func (a Adjust) colour(to, from plane, w, h int) {
	tone := a.tone()
	for y := range h {
		from, to := from.pix[y*from.stride:][:4*w], to.pix[y*to.stride:][:4*w]
		for i := 0; i < 4*w; i += 4 {
			s, d := from[i:i+4:i+4], to[i:i+4:i+4]
			d[0], d[1], d[2], d[3] = tone[s[0]], tone[s[1]], tone[s[2]], s[3]
			if a.Saturation != 0 {
				saturate(d[:3], 1+a.Saturation/100)
			}
		}
	}
}

func (a Adjust) colour16(to, from plane, w, h int) {
	tone, order := a.tone16(), binary.BigEndian
	for y := range h {
		from, to := from.pix[y*from.stride:][:8*w], to.pix[y*to.stride:][:8*w]
		for i := 0; i < 8*w; i += 8 {
			v := order.Uint64(from[i:])
			c := [3]uint16{tone[v>>48], tone[v>>32&0xffff], tone[v>>16&0xffff]}
			if a.Saturation != 0 {
				saturate(c[:], 1+a.Saturation/100)
			}
			order.PutUint64(to[i:], uint64(c[0])<<48|uint64(c[1])<<32|uint64(c[2])<<16|v&0xffff)
		}
	}
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

// tone16 is tone for values of 16 bits, with the same formulas, which package imaging has for 8 only.
func (a Adjust) tone16() []uint16 {
	table := make([]uint16, 1<<16)
	for i := range table {
		v := uint16(i)
		if a.Brightness != 0 {
			v = round16(float64(v) + float64(65535*a.Brightness/100))
		}
		if a.Contrast != 0 {
			v = contrast16(v, 1+a.Contrast/100)
		}
		if a.Gamma != 0 {
			v = round16(math.Pow(float64(v)/65535, 1/a.Gamma) * 65535)
		}
		table[i] = v
	}
	return table
}

// contrast16 multiplies the distance from the middle by slope, or, where that is more than 1, by 1/(2-slope): at 2 there
// are only black and white.
func contrast16(v uint16, slope float64) uint16 {
	switch {
	case slope >= 2 && v < 1<<15:
		return 0
	case slope >= 2:
		return 65535
	case slope > 1:
		slope = 1 / (2 - slope)
	}
	return round16((0.5 + float64((float64(v)/65535-0.5)*slope)) * 65535)
}

func round16(v float64) uint16 { return uint16(min(max(v+0.5, 0), 65535)) }

// saturate multiplies the HSL saturation of a colour, to at most 1. With hue and lightness fixed, the distance of each
// channel from the lightness (max+min)/2 is proportional to the saturation (max-min) / (full - |max+min-full|).
func saturate[T uint8 | uint16](c []T, factor float64) {
	lo, hi := min(c[0], c[1], c[2]), max(c[0], c[1], c[2])
	if lo == hi {
		return
	}
	sum := int(hi) + int(lo)
	full := min(sum, 2*int(^T(0))-sum) // the largest max-min of this lightness
	factor = min(factor, float64(full)/float64(hi-lo))
	light := float64(sum) / 2
	for i, v := range c {
		c[i] = T(light + float64((float64(v)-light)*factor) + 0.5)
	}
}
