package transform

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/ops"
)

// task is a job whose pipeline is parsed and whose input is known.
type task struct {
	job.Job
	pipeline ops.Pipeline
	format   codec.Format // of the input
	read     codec.DecodeOptions
}

// make fills w.out, by the cheapest route that the picture can take.
func (w *Worker) make(ctx context.Context, t task, res *job.Result) error {
	r := choose(t.Job, t.pipeline, t.format)
	t.read.Gray = len(t.pipeline) > 0 && t.pipeline[0] == ops.Op(ops.Gray{})
	var needs *codec.NeedsPixelsError
	if r == splice && !t.read.Salvage {
		if err := w.splice(ctx, t, res); !errors.As(err, &needs) {
			return err
		}
	}
	if r == splice || r == coded {
		if err := w.coded(ctx, t, res); !errors.As(err, &needs) {
			return err
		}
	}
	if t.Lossless && outputFormat(t.Job, t.format) == codec.JPEG {
		return &codec.Error{Kind: codec.Unsupported, Detail: "not possible without loss" + because(needs)}
	}
	if err := w.anew(ctx, t, r, res); err != nil {
		return err
	}
	if needs != nil {
		res.Notes = append(res.Notes, "coded anew"+because(needs))
	}
	return nil
}

func because(needs *codec.NeedsPixelsError) string {
	if needs == nil {
		return ""
	}
	return ": " + needs.Reason
}

// splice grays a JPEG without decoding it.
func (w *Worker) splice(ctx context.Context, t task, res *job.Result) error {
	h, err := codec.ReadHeader(bytes.NewReader(w.in), res.InBytes, t.MaxPixels)
	if err != nil {
		return err
	}
	w.room(len(w.in))
	out, notes, err := codec.GrayJPEG(ctx, w.out.AvailableBuffer(), w.in, codec.Carry{}, &w.jpeg)
	if err != nil {
		return err
	}
	w.out.Write(out) // into its own memory, if that was enough
	res.Pixels = int64(h.Width) * int64(h.Height)
	res.Width, res.Height = h.Displayed()
	res.Notes = append(res.Notes, notes...)
	return nil
}

// room empties w.out, and makes it one for n bytes: Grow would take twice what
// there was, and clear it.
func (w *Worker) room(n int) {
	w.out.Reset()
	if w.out.Cap() < n {
		w.out = *bytes.NewBuffer(make([]byte, 0, n))
	}
}

// coded works on the coefficients of a JPEG. A picture that is only grayed
// keeps its orientation, as it does by the splice; any other is turned upright.
func (w *Worker) coded(ctx context.Context, t task, res *job.Result) error {
	pic, err := codec.OpenCoded(ctx, w.in, t.read)
	if err != nil {
		return err
	}
	width, height := pic.Displayed()
	if _, _, err := t.pipeline.Check(width, height, limits(t.Job)); err != nil {
		return err
	}
	if !isGray(t.pipeline) {
		if err := pic.Upright(); err != nil {
			return err
		}
	}
	for _, op := range t.pipeline {
		if err := step(pic, op); err != nil {
			return err
		}
	}
	w.room(len(w.in))
	out, notes, err := pic.Append(w.out.AvailableBuffer(), t.Optimize, codec.Carry{})
	if err != nil {
		return err
	}
	w.out.Write(out)
	res.Pixels = int64(pic.Width) * int64(pic.Height)
	if res.Width, res.Height = pic.Size(); isGray(t.pipeline) {
		res.Width, res.Height = width, height
	}
	res.Notes = append(res.Notes, notes...)
	return nil
}

// step does one operation on coefficients; those that movesOnly does not name
// never come here.
func step(pic *codec.CodedJPEG, op ops.Op) error {
	switch op := op.(type) {
	case ops.Gray:
		return pic.Gray()
	case ops.Flip:
		return pic.Turn(op.Turn())
	case ops.Rotate:
		return pic.Turn(op.Turn())
	case ops.Crop:
		return pic.Crop(op.Part(pic.Size()))
	}
	return nil
}

// anew decodes, applies and encodes.
func (w *Worker) anew(ctx context.Context, t task, r route, res *job.Result) error {
	pic, img, err := w.picture(ctx, t, r)
	if err != nil {
		return err
	}
	w.out.Reset()
	notes, err := codec.Encode(&w.out, img, codec.Options{
		Format: outputFormat(t.Job, pic.Format), Quality: t.Quality, Optimize: t.Optimize, Metadata: pic.Metadata,
	})
	if err != nil {
		return err
	}
	res.Pixels = int64(pic.Width) * int64(pic.Height)
	res.Width, res.Height = img.Bounds().Dx(), img.Bounds().Dy()
	res.Notes = append(append(res.Notes, pic.Notes...), notes...)
	if codec.IsDeep(pic.Image) && !codec.IsDeep(img) {
		res.Notes = append(res.Notes, codec.NoteShallow)
	}
	return nil
}

// picture decodes the input, turns it upright and applies the pipeline.
func (w *Worker) picture(ctx context.Context, t task, r route) (*codec.Picture, image.Image, error) {
	if r == planes {
		pic, img, err := w.byPlanes(ctx, t)
		var needs *codec.NeedsPixelsError
		if !errors.As(err, &needs) {
			return pic, img, err
		}
	}
	return w.byPixels(ctx, t)
}

// byPixels is picture for any picture.
func (w *Worker) byPixels(ctx context.Context, t task) (*codec.Picture, image.Image, error) {
	pic, err := codec.Decode(ctx, w.in, t.read)
	if err != nil {
		return nil, nil, err
	}
	width, height := pic.Displayed()
	if _, _, err := t.pipeline.Check(width, height, limits(t.Job)); err != nil {
		return nil, nil, err
	}
	img, err := t.pipeline.Apply(ctx, ops.Upright(pic.Image, pic.Orientation))
	if err != nil {
		return nil, nil, err
	}
	if b := img.Bounds(); b.Empty() {
		return nil, nil, fmt.Errorf("the result has %dx%d pixels", b.Dx(), b.Dy())
	}
	return pic, img, nil
}

func limits(j job.Job) ops.Limits {
	return ops.Limits{MaxSide: codec.MaxSide, MaxPixels: j.MaxPixels}
}
