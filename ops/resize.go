package ops

import (
	"context"
	"image"
	"math"
	"strconv"
)

// Resize changes the dimensions, to Width x Height pixels or what comes closest. A picture is never enlarged unless
// Enlarge is set; one that need not change is passed through.
//
// Fit keeps the aspect and gives the largest picture that is no wider and no taller than asked for; the side that is
// not bound is rounded to nearest and is at least 1. Either side may be 0, which leaves it free; with both the bound
// is DefaultBox x DefaultBox.
//
// Fill and Exact need both sides. Fill cuts the centred part with the aspect of Width x Height out of the picture and
// scales it to that size; where that would enlarge, the part stays as it is. Exact stretches; where one side would be
// enlarged, that side keeps its length.
//
// Gray, YCbCr and CMYK pictures keep their type, YCbCr with its chroma as coarse as before; others become RGBA or NRGBA,
// with 16 bits a channel where they had them. Linear averages light instead of values coded by the curve of sRGB, so that
// fine patterns of light and dark keep their brightness; YCbCr and CMYK pictures become RGBA then.
type Resize struct {
	Width, Height int // in pixels, at most MaxSide
	Mode          Mode
	Filter        Filter // Nearest knows no light
	Enlarge       bool
	Linear        bool
}

// DefaultBox is the side, in pixels, of the square that Resize fits into when it is given no size.
const DefaultBox = 1600

// Mode says how a picture meets the size that is asked for.
type Mode uint8

const (
	Fit   Mode = iota // inside, with its own aspect
	Fill              // all of it, cut at two sides
	Exact             // all of it, stretched
)

var modeNames = []string{"fit", "fill", "exact"}

func (m Mode) String() string { return word(modeNames, m) }

// Filter is a resampling kernel.
type Filter uint8

const (
	Lanczos    Filter = iota // three lobes; the sharpest
	CatmullRom               // cubic
	Linear                   // a tent as wide as the pixels of the result
	Box                      // the mean
	Nearest                  // one pixel stands for all
)

var filterNames = []string{"lanczos", "catmullrom", "linear", "box", "nearest"}

func (f Filter) String() string { return word(filterNames, f) }

var resizeSpec = Spec{
	Name:    "resize",
	Summary: "change the dimensions; without a size, fit into 1600x1600",
	Params: []Param{
		pixels("width", "w", "width in pixels; free if only the height is given"),
		pixels("height", "h", "height in pixels; free if only the width is given"),
		toggle("fit", "stay inside of width x height and keep the aspect (the default)"),
		toggle("fill", "cover width x height exactly and cut off what stands out"),
		toggle("exact", "stretch to width x height"),
		choice("filter", filterNames, filterNames[0], "resampling filter"),
		toggle("enlarge", "make small pictures larger too"),
		linearLight(),
	},
	make: makeResize,
}

func linearLight() Param {
	return toggle("linear", "average light, not the values of sRGB: slower, fine patterns keep their brightness")
}

func makeResize(a args) (Op, error) {
	r := Resize{
		Width:   a.int("width"),
		Height:  a.int("height"),
		Filter:  Filter(a.index("filter")),
		Enlarge: a.bool("enlarge"),
		Linear:  a.bool("linear"),
	}
	chosen := 0
	for i, name := range modeNames {
		if a.bool(name) {
			r.Mode = Mode(i)
			chosen++
		}
	}
	if chosen > 1 {
		return nil, &UsageError{"resize", "more than one mode", "one of fit, fill or exact"}
	}
	if r.Mode != Fit && (r.Width == 0 || r.Height == 0) {
		return nil, &UsageError{"resize", r.Mode.String() + " without both sides", "a width and a height"}
	}
	return r, nil
}

func (r Resize) String() string {
	v := Values{"filter": r.Filter.String()}
	if r.Width != 0 {
		v["width"] = strconv.Itoa(r.Width)
	}
	if r.Height != 0 {
		v["height"] = strconv.Itoa(r.Height)
	}
	if r.Mode != Fit {
		v[r.Mode.String()] = "true"
	}
	if r.Enlarge {
		v["enlarge"] = "true"
	}
	if r.Linear {
		v["linear"] = "true"
	}
	return resizeSpec.format(v)
}

func (r Resize) Sizes(w, h int) []image.Point {
	part, size := r.plan(w, h)
	switch {
	case size == part.Size() && size == image.Pt(w, h):
		return nil
	case size == part.Size(): // cut
		return []image.Point{size}
	case r.Filter == Nearest:
		return []image.Point{{X: w, Y: h}, size} // a working copy where the type needs one
	}
	band := image.Pt(w, bandHeight(r.Filter, part.Dy(), size.Y, h))
	return []image.Point{band, band, band, size} // of 8 bits, and of 16, which count twice
}

func (r Resize) Apply(src image.Image) (image.Image, error) {
	return r.apply(context.Background(), src)
}

func (r Resize) apply(ctx context.Context, src image.Image) (image.Image, error) {
	if err := valid(r); err != nil {
		return nil, err
	}
	if err := checkPalette(src); err != nil {
		return nil, err
	}
	b := src.Bounds()
	part, size := r.plan(b.Dx(), b.Dy())
	switch {
	case part.Empty():
		return src, nil
	case size == b.Size():
		return src, nil
	case size == part.Size():
		return cut(src, part), nil
	case r.Filter == Nearest:
		return nearest(src, part, size)
	}
	return withScaler(ctx, func(s *scaler) (image.Image, error) {
		return s.scale(src, frame{r.Filter, part, size}, r.Linear)
	})
}

// plan returns the part of a w x h picture that is used and the size that it is scaled to.
func (r Resize) plan(w, h int) (part image.Rectangle, size image.Point) {
	part = image.Rect(0, 0, w, h)
	if part.Empty() {
		return part, part.Size()
	}
	switch r.Mode {
	case Fill:
		return r.fill(w, h)
	case Exact:
		size = image.Pt(r.Width, r.Height)
		if !r.Enlarge {
			size = image.Pt(min(size.X, w), min(size.Y, h))
		}
		return part, size
	}
	return part, r.fit(w, h)
}

func (r Resize) fit(w, h int) image.Point {
	boxW, boxH := r.Width, r.Height
	if boxW == 0 && boxH == 0 {
		boxW, boxH = DefaultBox, DefaultBox
	}
	size := image.Pt(scaled(w, boxH, h), boxH)
	if boxH == 0 || boxW != 0 && int64(boxW)*int64(h) <= int64(boxH)*int64(w) {
		size = image.Pt(boxW, scaled(h, boxW, w))
	}
	if !r.Enlarge && (size.X >= w && size.Y >= h) {
		return image.Pt(w, h)
	}
	return size
}

func (r Resize) fill(w, h int) (image.Rectangle, image.Point) {
	partW, partH := w, h
	if int64(w)*int64(r.Height) >= int64(h)*int64(r.Width) {
		partW = min(w, scaled(h, r.Width, r.Height))
	} else {
		partH = min(h, scaled(w, r.Height, r.Width))
	}
	part := image.Rect(0, 0, partW, partH).Add(image.Pt((w-partW)/2, (h-partH)/2))
	if !r.Enlarge && (partW < r.Width || partH < r.Height) {
		return part, part.Size()
	}
	return part, image.Pt(r.Width, r.Height)
}

// scaled returns side * by / of, rounded to nearest, at least 1 and at most math.MaxInt32.
func scaled(side, by, of int) int {
	if of == 0 {
		return 1
	}
	n := (int64(side)*int64(by) + int64(of)/2) / int64(of)
	return int(min(max(n, 1), math.MaxInt32))
}
