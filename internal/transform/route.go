package transform

import (
	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/ops"
)

// route is a way from file to file.
type route int

const (
	splice route = iota // gray a JPEG by moving the bits of its luma
	coded               // move the coefficients of a JPEG
	pixels              // decode, apply, encode
)

// choose returns the cheapest route whose result is exact. A picture that a
// route turns out to be unable to take goes by the next one.
func choose(j job.Job, p ops.Pipeline, f codec.Format) route {
	switch {
	case f != codec.JPEG, outputFormat(j, f) != codec.JPEG, j.Quality != 0: // a quality asks for new coding
		return pixels
	case isGray(p) && !j.Optimize:
		return splice
	case movesOnly(p):
		return coded
	}
	return pixels
}

// isGray tells whether p takes the colour away and does nothing else, for
// which a picture need not be upright.
func isGray(p ops.Pipeline) bool { return len(p) == 1 && p[0] == ops.Op(ops.Gray{}) }

// movesOnly tells whether every operation of p can be done on coefficients.
func movesOnly(p ops.Pipeline) bool {
	for _, op := range p {
		switch op := op.(type) {
		case ops.Gray, ops.Orient, ops.Flip, ops.Crop, ops.Convert:
		case ops.Rotate:
			if op.Turn() == 0 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// outputFormat is the one asked for, or that of the input.
func outputFormat(j job.Job, in codec.Format) codec.Format {
	if j.Format != "" {
		return codec.Format(j.Format)
	}
	return in.Default()
}
