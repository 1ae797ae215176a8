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

// Explain returns the way that j would go with a sound file of this header, to
// its first output. It asks what Do asks; that a transposition or a crop does not
// fit the blocks of a JPEG comes to light only there.
func Explain(j job.Job, h codec.Header) Way { return Ways(j, h)[0] }

// Ways is Explain for all outputs of j, the first one first. Those that go by
// planes share one decoding, at the scale that the largest of them needs, and at
// full size where another goes by pixels.
func Ways(j job.Job, h codec.Header) []Way {
	ways := make([]Way, len(j.Targets()))
	var tasks []task
	for i := range ways {
		one := only(j, i)
		p, err := checked(one, h)
		if err != nil {
			_, reason := classify(err)
			ways[i] = Way{Scale: 1, Reason: reason}
			continue
		}
		r, _, reason := foresee(one, p, h)
		ways[i] = Way{routeNames[r], 1, reason}
		tasks = append(tasks, task{Job: one, pipeline: p, head: h})
	}
	together := share(tasks)
	for i := range ways { // planes that are reduced behind that are still decoded so large
		if ways[i].Route == routeNames[planes] {
			ways[i].Scale = together.scale
		}
	}
	return ways
}

// checked is the pipeline of a job with one target, of which the header shows
// that nothing of what it makes is too large or empty.
func checked(j job.Job, h codec.Header) (ops.Pipeline, error) {
	p, err := parse(j.Pipeline)
	if err != nil {
		return nil, err
	}
	width, height := h.Displayed()
	result, _, err := p.Check(width, height, limits(j))
	if err == nil {
		err = codec.CheckSides(result, outputFormat(j, h.Format))
	}
	return p, err
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
