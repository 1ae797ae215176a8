package transform

import (
	"slices"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/ops"
)

// route is a way from file to file.
type route int

const (
	splice route = iota // gray a JPEG by moving the bits of its luma
	coded               // move the coefficients of a JPEG
	planes              // decode the components of a JPEG at a scale, scale them, go on as by pixels
	pixels              // decode, apply, encode
)

// choose returns the cheapest route whose result is right: exact by the first
// two, which code nothing anew. A picture that a route turns out to be unable
// to take goes by the next one; by planes those cannot whose colours are not
// YCbCr, or that need not change their size.
func choose(j job.Job, p ops.Pipeline, f codec.Format) route {
	keeps := outputFormat(j, f) == codec.JPEG && j.Quality == 0 // a quality asks for new coding
	switch {
	case f != codec.JPEG:
		return pixels
	case keeps && isGray(p) && !j.Optimize:
		return splice
	case keeps && movesOnly(p):
		return coded
	case scales(p):
		return planes
	}
	return pixels
}

// foresee returns the route that a sound file of this header goes by, as far as
// the header tells, with the placement of one by planes, and for one by pixels
// the reason why it is none of the others.
func foresee(j job.Job, p ops.Pipeline, h codec.Header) (r route, at ops.Placement, reason string) {
	r = choose(j, p, h.Format)
	switch {
	case h.Format != codec.JPEG:
		return pixels, at, "not a JPEG"
	case r == pixels:
		return pixels, at, "the operation needs them"
	case r == planes:
		if !h.Planar() {
			return pixels, at, "its colours are " + string(h.Color)
		}
		at, ok := p.Place(h.Width, h.Height, h.Orientation)
		if !ok {
			return pixels, at, "nothing to scale"
		}
		return planes, at, ""
	case takesLuma(p) && !h.Planar():
		return pixels, at, "its colours are " + string(h.Color)
	case takesLuma(p) && !h.Luma:
		return pixels, at, "its luma is not of full size"
	}
	return r, at, ""
}

// takesLuma tells whether p takes the colour away.
func takesLuma(p ops.Pipeline) bool { return slices.ContainsFunc(p, takesColour) }

// isGray tells whether p takes the colour away and does nothing else, for
// which a picture need not be upright.
func isGray(p ops.Pipeline) bool { return len(p) == 1 && isLuma(p[0]) }

// isLuma tells whether op gives what most JPEGs hold as their first component.
func isLuma(op ops.Op) bool {
	g, ok := op.(ops.Gray)
	return ok && g == ops.Gray{}
}

// movesOnly tells whether every operation of p can be done on coefficients.
func movesOnly(p ops.Pipeline) bool {
	for _, op := range p {
		if !moves(op) {
			return false
		}
	}
	return true
}

func moves(op ops.Op) bool {
	switch op := op.(type) {
	case ops.Orient, ops.Flip, ops.Crop, ops.Convert:
		return true
	case ops.Gray:
		return isLuma(op)
	case ops.Rotate:
		return op.Turn() > 0
	}
	return false
}

// scales tells whether p scales what it has only moved before, in a way that
// can be done to each component by itself.
func scales(p ops.Pipeline) bool {
	for _, op := range p {
		switch op := op.(type) {
		case ops.Thumb:
			return !op.Linear
		case ops.Resize:
			return op.Filter != ops.Nearest && !op.Linear
		}
		if !moves(op) {
			return false
		}
	}
	return false
}

// outputFormat is the one asked for, or that of the input.
func outputFormat(j job.Job, in codec.Format) codec.Format {
	if j.Format != "" {
		return codec.Format(j.Format)
	}
	return in.Default()
}
