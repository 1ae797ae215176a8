package transform

import (
	"fmt"
	"image/color"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/ops"
)

// task is one target of a job, whose terms are parsed and whose input is known.
type task struct {
	job.Job    // with this target alone
	pipeline   ops.Pipeline
	head       codec.Header // of the input
	output     codec.Format
	read       codec.DecodeOptions
	carry      codec.Carry
	background color.NRGBA
	shared     *common // with the other targets
}

// target is the task of a job with one target, on an input with this header.
func (w *Worker) target(j job.Job, p ops.Pipeline, h codec.Header) (task, error) {
	t := task{
		Job: j, pipeline: p, head: h, output: outputFormat(j, h.Format),
		read:  codec.DecodeOptions{MaxPixels: j.MaxPixels, Gray: beginsGray(p), JPEG: &w.jpeg, Header: &h},
		carry: carry(j.Carry),
	}
	if j.Background == "" {
		return t, nil
	}
	background, ok := ops.ParseColour(j.Background)
	if !ok {
		return task{}, fmt.Errorf("%q is no colour", j.Background)
	}
	t.background = background
	return t, nil
}

// beginsGray tells whether p needs no more of a picture than its gray.
func beginsGray(p ops.Pipeline) bool { return len(p) > 0 && isLuma(p[0]) }

// only is j with one of its targets, of which the first replaces the input, if
// one does.
func only(j job.Job, i int) job.Job {
	target := j.Targets()[i]
	if i > 0 {
		j.InPlace = nil
	}
	j.Target, j.Also = target, nil
	return j
}

func carry(c job.Carry) codec.Carry {
	return codec.Carry{Keep: meta.Keep(c.Metadata), StripGPS: c.StripGPS, Profile: codec.ProfileMode(c.Profile)}
}

// encode are the terms for writing a picture that had this beside its pixels.
func (t task) encode(beside meta.Data) codec.Options {
	return codec.Options{
		Format: t.output, Quality: t.Quality, Optimize: t.Optimize,
		Metadata: beside, Origin: t.head.Format, Carry: t.carry, Background: t.background, Loop: t.head.Loop,
	}
}
