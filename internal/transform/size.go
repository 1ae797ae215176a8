package transform

import (
	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/ops"
)

// Size returns the dimensions of the picture that a pipeline makes of an input,
// as it is seen, of several pictures the first. It reads the header only. The
// reason is why there is none, as in a Result, or "".
func Size(input, pipeline string, maxPixels int64) (width, height int, reason string) {
	width, height, err := size(job.Job{Input: job.Path(input), MaxPixels: maxPixels}, pipeline)
	if err != nil {
		_, reason = classify(err)
		return 0, 0, reason
	}
	return width, height, ""
}

func size(j job.Job, pipeline string) (width, height int, err error) {
	p, err := ops.Parse(pipeline)
	if err != nil {
		return 0, 0, err
	}
	f, fi, err := open(j)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close() // only read
	if fi.Size() > codec.MaxFileSize {
		return 0, 0, tooLong(fi.Size())
	}
	h, err := codec.ReadHeader(f, fi.Size(), j.MaxPixels)
	if err != nil {
		return 0, 0, err
	}
	width, height = h.Displayed()
	made, _, err := p.Check(width, height, limits(j))
	return made.X, made.Y, err
}
