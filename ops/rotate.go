package ops

import (
	"context"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"math"
	"strings"
)

// Rotate turns the picture clockwise. By a multiple of 90 degrees that is exact and keeps the picture's type; by any
// other angle the picture grows to hold all of the turned one, which is sampled bilinearly, and Background fills the
// corners. Then 16 bits a channel stay 16, gray pictures stay gray if the background is an opaque gray, and others become
// RGBA, or NRGBA where they or the background have transparency. Beware that the zero Background is transparent, while the text form has White unless it says otherwise.
type Rotate struct {
	Degrees    float64 // finite
	Background color.NRGBA
}

// The backgrounds that have a name.
var (
	White       = color.NRGBA{255, 255, 255, 255}
	Black       = color.NRGBA{0, 0, 0, 255}
	Transparent = color.NRGBA{}
)

var colourNames = map[string]color.NRGBA{"white": White, "black": Black, "transparent": Transparent}

var rotateSpec = Spec{
	Name:    "rotate",
	Summary: "turn clockwise; multiples of 90 degrees are exact",
	Params: []Param{
		operand(required(Param{Name: "angle", Kind: Float, Usage: "degrees clockwise",
			Allowed: "a finite number of degrees", min: -math.MaxFloat64, max: math.MaxFloat64})),
		{Name: "background", Kind: Text, Usage: "colour of the corners that the turned picture leaves",
			Default: "white", Allowed: Colours},
	},
	make: makeRotate,
}

func makeRotate(a args) (Op, error) {
	background, ok := ParseColour(a.text["background"])
	if !ok {
		return nil, a.refuse("background")
	}
	return Rotate{Degrees: a.float("angle"), Background: background}, nil
}

// Colours tells what ParseColour reads: names, or hexadecimal digits with straight alpha.
const Colours = "white, black, transparent, #rrggbb or #rrggbbaa"

// ParseColour reads white, black, transparent, #rrggbb or #rrggbbaa, whose digits are hexadecimal, of either case. It
// reports false for anything else. The alpha is not multiplied into the colour.
func ParseColour(text string) (color.NRGBA, bool) {
	if c, ok := colourNames[text]; ok {
		return c, true
	}
	digits, ok := strings.CutPrefix(text, "#")
	b, err := hex.DecodeString(digits)
	switch {
	case ok && err == nil && len(b) == 3:
		return color.NRGBA{b[0], b[1], b[2], 255}, true
	case ok && err == nil && len(b) == 4:
		return color.NRGBA{b[0], b[1], b[2], b[3]}, true
	}
	return color.NRGBA{}, false
}

func colourText(c color.NRGBA) string {
	for name, named := range colourNames {
		if c == named {
			return name
		}
	}
	if c.A == 255 {
		return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B)
	}
	return fmt.Sprintf("#%02x%02x%02x%02x", c.R, c.G, c.B, c.A)
}

func (r Rotate) String() string {
	return rotateSpec.format(Values{"angle": num(r.Degrees), "background": colourText(r.Background)})
}

func (r Rotate) Sizes(w, h int) []image.Point {
	t, exact := r.quarters()
	switch {
	case exact && t == turn{}:
		return nil
	case exact:
		return t.sizes(w, h)
	}
	return []image.Point{{X: w, Y: h}, rotatedSize(w, h, r.anticlockwise())} // the working copy, the result
}

func (r Rotate) Apply(src image.Image) (image.Image, error) {
	return r.apply(context.Background(), src)
}

func (r Rotate) apply(ctx context.Context, src image.Image) (image.Image, error) {
	if err := valid(r); err != nil {
		return nil, err
	}
	if err := checkPalette(src); err != nil {
		return nil, err
	}
	t, exact := r.quarters()
	switch {
	case exact && t == turn{}:
		return src, nil
	case exact:
		return turned(src, t), nil
	}
	return r.sample(ctx, src)
}

// Turn returns the EXIF orientation that the same turn would undo, 1 if there
// is nothing to turn, or 0 if the angle is no multiple of 90 degrees.
func (r Rotate) Turn() int {
	switch r.anticlockwise() {
	case 0:
		return 1
	case 90:
		return 8
	case 180:
		return 3
	case 270:
		return 6
	}
	return 0
}

// quarters returns the exact turn by this angle, if there is one.
func (r Rotate) quarters() (t turn, exact bool) {
	o := r.Turn()
	return upright[o], o > 0
}

// anticlockwise returns the angle the other way, from 0 to below 360.
func (r Rotate) anticlockwise() float64 {
	a := -math.Mod(r.Degrees, 360)
	if a < 0 {
		a += 360
	}
	if a == 360 { // rounded up from just below
		return 0
	}
	return a
}

// rotatedSize is the box around the turned centres of the corner pixels, with a tolerance for a box that is a little too
// small: that of imaging.Rotate.
func rotatedSize(w, h int, degrees float64) image.Point {
	if w <= 0 || h <= 0 {
		return image.Pt(w, h)
	}
	sin, cos := math.Sincos(math.Pi * degrees / 180)
	x, y := float64(w-1), float64(h-1)
	side := func(a, b float64) int {
		n := max(a, a+b, b, 0) - min(a, a+b, b, 0) + 1
		if n-math.Floor(n) > 0.1 {
			n++
		}
		return int(min(n, math.MaxInt32))
	}
	return image.Pt(side(float64(x*cos), float64(-y*sin)), side(float64(x*sin), float64(y*cos)))
}
