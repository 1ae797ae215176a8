package transform

import (
	"fmt"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/ops"
)

// Way is how the work on a picture would be done.
type Way struct {
	Route  string // "splice", "coefficients", "planes" or "pixels"; "": none, it would fail
	Scale  int    // of planes: one sample is decoded for Scale x Scale of the file's, 1, 2, 4 or 8; else 1
	Reason string // why it is none of the cheaper ones, or why it would fail
}

// routeNames are the routes as people and scripts see them.
var routeNames = [...]string{splice: "splice", coded: "coefficients", planes: "planes", pixels: "pixels"}

// String says it in a line.
func (w Way) String() string {
	switch w.Route {
	case routeNames[splice]:
		return "splice: luma bits are moved, nothing is decoded"
	case routeNames[coded]:
		return "coefficients: moved, nothing is coded anew"
	case routeNames[planes]:
		if w.Scale == 1 {
			return "planes at full size"
		}
		return fmt.Sprintf("planes at 1/%d", w.Scale)
	case "":
		return "not possible: " + w.Reason
	}
	return w.Route + ": " + w.Reason
}

// Explain returns the way that j would go with a sound file of this header. It
// asks what Do asks; that a transposition or a crop does not fit the blocks of a
// JPEG comes to light only there.
func Explain(j job.Job, h codec.Header) Way {
	p, err := ops.Parse(j.Pipeline)
	if err == nil {
		width, height := h.Displayed()
		_, _, err = p.Check(width, height, limits(j))
	}
	if err != nil {
		_, reason := classify(err)
		return Way{Scale: 1, Reason: reason}
	}
	byPixels := func(reason string) Way { return Way{routeNames[pixels], 1, reason} }
	switch r := choose(j, p, h.Format); {
	case h.Format != codec.JPEG:
		return byPixels("not a JPEG")
	case r == pixels:
		return byPixels("the operation needs them")
	case r == planes && !h.Planar():
		return byPixels("its colours are " + string(h.Color))
	case r == planes:
		at, ok := p.Place(h.Width, h.Height, h.Orientation)
		if !ok {
			return byPixels("nothing to scale")
		}
		return Way{routeNames[r], chooseScale(at), ""}
	case takesLuma(p) && !h.Planar():
		return byPixels("its colours are " + string(h.Color))
	case takesLuma(p) && !h.Luma:
		return byPixels("its luma is not of full size")
	default:
		return Way{routeNames[r], 1, ""}
	}
}

// takesLuma tells whether p takes the colour away.
func takesLuma(p ops.Pipeline) bool {
	for _, op := range p {
		if _, ok := op.(ops.Gray); ok {
			return true
		}
	}
	return false
}

// Inspect reads what the input of j says of itself, its pixels left out, and its
// size in bytes. The reason is why it cannot be read, as in a Result, or "".
func Inspect(j job.Job) (d codec.Description, size int64, reason string) {
	f, fi, err := open(j)
	if err != nil {
		_, reason = classify(err)
		return d, 0, reason
	}
	defer f.Close() // only read
	size = fi.Size()
	if size > codec.MaxFileSize {
		err = tooLong(size)
	} else {
		d, err = codec.Describe(f, size, j.MaxPixels)
	}
	if err != nil {
		_, reason = classify(err)
	}
	return d, size, reason
}
