package transform

import (
	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/ops"
)

// route is a way from file to file.
type route int

const (
	pixels route = iota // decode, apply, encode
	splice              // gray a JPEG in its coded form
)

// choose returns the cheapest route whose result is exact. The luma of a JPEG
// is its gray picture; a quality that is asked for means that it is to be
// coded anew.
func choose(j job.Job, p ops.Pipeline, f codec.Format) route {
	gray := len(p) == 1 && p[0] == ops.Op(ops.Gray{})
	if gray && f == codec.JPEG && outputFormat(j, f) == codec.JPEG && j.Quality == 0 {
		return splice
	}
	return pixels
}

// outputFormat is the one asked for, or that of the input.
func outputFormat(j job.Job, in codec.Format) codec.Format {
	if j.Format != "" {
		return codec.Format(j.Format)
	}
	return in.Default()
}
