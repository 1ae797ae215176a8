package ops

import (
	"fmt"
	"image"
	"regexp"
	"strconv"
	"sync"
)

// Crop cuts out Width x Height pixels. Gravity says where they lie: at a corner, at the middle of an edge or in the
// centre of the picture. X and Y move them to the right and down from there, or, when they lie at the right or the
// lower edge, to the left and up: inwards. What would lie outside of the picture is left out; if that is all of it,
// Apply returns an error. The result shares the memory of the source.
//
// In the text form the size and the offset are one word, "crop 100x80+10+20", which counts from the upper left corner
// if no gravity is given; "crop 100x80" alone is centred.
type Crop struct {
	Width, Height int // in pixels, 1 to MaxSide
	X, Y          int // in pixels, -MaxSide to MaxSide
	Gravity       Gravity
}

// Gravity is a place in a picture.
type Gravity uint8

const (
	NorthWest Gravity = iota // the upper left corner
	North
	NorthEast
	West
	Center
	East
	SouthWest
	South
	SouthEast
)

var gravityNames = []string{
	"northwest", "north", "northeast", "west", "center", "east", "southwest", "south", "southeast"}

func (g Gravity) String() string { return word(gravityNames, g) }

var cropSpec = Spec{
	Name:    "crop",
	Summary: "cut out a part",
	Params: []Param{
		operand(required(Param{Name: "geometry", Kind: Text, Usage: "size and offset: WxH or WxH+X+Y",
			Allowed: fmt.Sprintf("WxH or WxH+X+Y in pixels, W and H from 1, all at most %d", MaxSide)})),
		choice("gravity", gravityNames, "",
			"where the offset counts from (northwest if there is an offset, otherwise center)"),
	},
	make: makeCrop,
}

// geometry is made when a crop is asked for: most processes have none.
var geometry = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d+)x(\d+)(?:([+-]\d+)([+-]\d+))?$`) })

func makeCrop(a args) (Op, error) {
	m := geometry().FindStringSubmatch(a.text["geometry"])
	if m == nil {
		return nil, a.refuse("geometry")
	}
	var n [4]int
	for i, digits := range m[1:] {
		var err error
		if digits == "" {
			continue
		}
		if n[i], err = strconv.Atoi(digits); err != nil || n[i] > MaxSide || n[i] < -MaxSide || i < 2 && n[i] < 1 {
			return nil, a.refuse("geometry")
		}
	}
	c := Crop{Width: n[0], Height: n[1], X: n[2], Y: n[3]}
	if a.has("gravity") {
		c.Gravity = Gravity(a.index("gravity"))
	} else if m[3] == "" {
		c.Gravity = Center
	}
	return c, nil
}

func (c Crop) String() string {
	v := Values{"geometry": fmt.Sprintf("%dx%d", c.Width, c.Height)}
	if c.X != 0 || c.Y != 0 || c.Gravity == NorthWest {
		v["geometry"] += fmt.Sprintf("%+d%+d", c.X, c.Y)
	}
	if c.Gravity != NorthWest && c != (Crop{Width: c.Width, Height: c.Height, Gravity: Center}) {
		v["gravity"] = c.Gravity.String()
	}
	return cropSpec.format(v)
}

func (c Crop) Sizes(w, h int) []image.Point {
	return []image.Point{c.Part(w, h).Size()}
}

func (c Crop) Apply(src image.Image) (image.Image, error) {
	if err := valid(c); err != nil {
		return nil, err
	}
	if err := checkPalette(src); err != nil {
		return nil, err
	}
	b := src.Bounds()
	part := c.Part(b.Dx(), b.Dy())
	if part.Empty() {
		return nil, fmt.Errorf("nothing of that is inside of the picture, which is %dx%d", b.Dx(), b.Dy())
	}
	return cut(src, part), nil
}

// Part returns the pixels of a w x h picture that are kept.
func (c Crop) Part(w, h int) image.Rectangle {
	var at image.Point
	switch c.Gravity % 3 {
	case NorthWest:
		at.X = c.X
	case North:
		at.X = (w-c.Width)/2 + c.X
	case NorthEast:
		at.X = w - c.Width - c.X
	}
	switch c.Gravity / 3 * 3 {
	case NorthWest:
		at.Y = c.Y
	case West:
		at.Y = (h-c.Height)/2 + c.Y
	case SouthWest:
		at.Y = h - c.Height - c.Y
	}
	size := image.Rectangle{Max: image.Pt(c.Width, c.Height)}
	return size.Add(at).Intersect(image.Rect(0, 0, w, h))
}

// cut returns part of src, counted from its upper left corner. It shares memory with src.
func cut(src image.Image, part image.Rectangle) image.Image {
	if s, ok := src.(interface {
		SubImage(image.Rectangle) image.Image
	}); ok {
		return s.SubImage(part.Add(src.Bounds().Min))
	}
	return plain(drawn(src)).(interface {
		SubImage(image.Rectangle) image.Image
	}).SubImage(part)
}
