package ops

import "image"

// Orient stands for turning the picture upright by its EXIF orientation. Only a reader knows that orientation, so it
// is the reader who turns the picture, with Upright; Orient passes it through, and makes a pipeline of that alone
// possible.
type Orient struct{}

var orientSpec = Spec{
	Name:    "orient",
	Summary: "turn the picture upright, as its EXIF orientation says, and do nothing else",
	make:    func(args) (Op, error) { return Orient{}, nil },
}

func (Orient) String() string { return "orient" }

func (Orient) Sizes(w, h int) []image.Point { return nil }

func (Orient) Apply(src image.Image) (image.Image, error) {
	if err := checkPalette(src); err != nil {
		return nil, err
	}
	return src, nil
}
