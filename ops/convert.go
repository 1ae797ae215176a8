package ops

import (
	"image"
	"strings"
)

// Convert asks for an output format and passes the picture through. Which formats can be written is for the caller to
// say: see Pipeline.Format.
type Convert struct {
	Format string // lower-case letters and digits; "jpeg" and "tiff", not "jpg" and "tif"
}

var convertSpec = Spec{
	Name:    "convert",
	Summary: "change the format only",
	Params: []Param{operand(required(Param{Name: "format", Kind: Text, Usage: "format to write, such as png",
		Allowed: "the name of a format, such as png"}))},
	make: makeConvert,
}

// formatLetters are those that names of formats have.
const formatLetters = "abcdefghijklmnopqrstuvwxyz0123456789"

var formatLong = map[string]string{"jpg": "jpeg", "tif": "tiff"}

func makeConvert(a args) (Op, error) {
	name := strings.ToLower(a.text["format"])
	if name == "" || strings.Trim(name, formatLetters) != "" {
		return nil, a.refuse("format")
	}
	if long, ok := formatLong[name]; ok {
		name = long
	}
	return Convert{Format: name}, nil
}

func (c Convert) String() string { return convertSpec.format(Values{"format": c.Format}) }

func (Convert) Sizes(w, h int) []image.Point { return nil }

func (Convert) Apply(src image.Image) (image.Image, error) {
	if err := checkPalette(src); err != nil {
		return nil, err
	}
	return src, nil
}
