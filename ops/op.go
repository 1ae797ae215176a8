// Package ops holds the operations that imgpar runs on pictures, and the Pipeline that strings them together.
//
// An operation is a plain value. It has a text form that parses and prints back the same, it tells the dimensions of
// every picture that it will make before any memory is taken, and it never changes the picture that it is given:
//
//	p, err := ops.Parse("resize w=800 | gray")    // or ops.Pipeline{ops.Resize{Width: 800}, ops.Gray{}}
//	size, peak, err := p.Check(w, h, ops.Limits{MaxPixels: 268_000_000})
//	out, err := p.Apply(ctx, src)
//
// Pictures of every type of package image are taken, with any bounds; one without pixels comes back as it is, but that
// nothing can be cropped from it. What a picture is, it stays:
//
//   - 16 bits a channel (Gray16, RGBA64, NRGBA64) stay 16 through every operation.
//   - A gray picture (Gray, Gray16) stays one, unless Rotate is given a background that is not an opaque gray. Gray with
//     transparency is NRGBA or NRGBA64, whose three channels stay equal.
//   - An opaque picture stays opaque, unless Rotate is given a background that is not.
//   - A YCbCr picture stays one, with its sampling, through Crop, Flip, Rotate by quarter turns, Resize, Thumb and Blur; Gray
//     takes its luma. A picture with a palette stays one where pixels are only moved, or each colour becomes another:
//     Crop, Flip, Rotate by quarter turns, Resize by Nearest, Adjust, Invert.
//   - Otherwise the result is RGBA or RGBA64 where it is opaque, and NRGBA or NRGBA64 where it has transparency. The few
//     types that no decoder makes (Alpha16 and those of other modules) are worked on with 8 bits a channel.
//
// Where neighbouring pixels are mixed, colours count by their alpha, so that the colour of what is transparent is never
// seen. All values are meant as they are coded, but with Linear of Resize and Thumb.
//
// Kernels work on the goroutine that calls them. The curves of Adjust come from github.com/disintegration/imaging, which
// makes 256 values of one row with them; its kernels for pictures start goroutines of their own, one per GOMAXPROCS, in
// which a panic could not be recovered, and know 8 bits only.
package ops

import "image"

// MaxSide is the longest side, in pixels, that a size parameter may ask for and that Check lets a picture have.
const MaxSide = 65535

// Op is one operation on a picture: a comparable value such as Resize{Width: 800}. The values of this package are safe
// for concurrent use.
type Op interface {
	// String returns the canonical text form, "resize w=800 filter=linear": parameters at their default are left out.
	String() string

	// Sizes returns the dimensions of the pictures that Apply may make from one of w x h pixels, in order: the working
	// copy, the intermediate ones, of which some rows may be enough, and last the result. It is empty when the picture
	// is passed through. A result without pixels has a side of 0; a side that is longer than 2,147,483,647 is given as
	// that.
	Sizes(w, h int) []image.Point

	// Apply returns the result. It never changes src but may return it, or a picture that shares its memory. Values
	// that Parse would not accept, a palette index out of range and a crop outside of the picture are errors.
	Apply(src image.Image) (image.Image, error)
}

// UsageError says that an operation or a parameter is not one that there is, and what is allowed.
type UsageError struct {
	Op      string // name of the operation, or "" when that is what is wrong
	Problem string // "width -1"
	Want    string // "a whole number of pixels from 1 to 65535"
}

func (e *UsageError) Error() string {
	text := e.Problem + ": want " + e.Want
	if e.Op != "" {
		text = e.Op + ": " + text
	}
	return text
}

// valid reports what Parse would not accept about an operation of this package that was made by hand.
func valid(op Op) error {
	_, err := Parse(op.String())
	return err
}
