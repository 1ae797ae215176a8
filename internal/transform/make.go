package transform

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"slices"

	"github.com/imgpar/imgpar/codec"
	px "github.com/imgpar/imgpar/codec/pixels" // pixels is a route here
	"github.com/imgpar/imgpar/internal/jfif"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/ops"
)

// moved fills w.out by moving the bits or the coefficients of a JPEG. It reports
// false where that is not the output's way, or turns out not to be.
func (w *Worker) moved(ctx context.Context, o *output) (bool, error) {
	r := choose(o.Job, o.pipeline, o.head.Format)
	if r != splice && r != coded {
		return false, nil
	}
	if r == splice && !o.read.Salvage {
		if err := w.splice(ctx, o.task, &o.res); !errors.As(err, &o.needs) {
			return err == nil && w.isSmall(o), err
		}
	}
	if err := w.coded(ctx, o.task, &o.res); !errors.As(err, &o.needs) {
		return err == nil && w.isSmall(o), err
	}
	return false, nil
}

// remade fills w.out with what is decoded and coded anew, by the cheapest route
// that the picture can take.
func (w *Worker) remade(ctx context.Context, o *output) (bool, error) {
	if o.head.Frames > 1 && !o.First {
		return true, w.frames(ctx, o.task, &o.res)
	}
	if o.Lossless && o.output == codec.JPEG {
		return false, &codec.Error{Kind: codec.Unsupported, Detail: "not possible without loss" + because(o.needs)}
	}
	if err := w.anew(ctx, o); err != nil {
		return false, err
	}
	if o.needs != nil {
		o.res.Notes = append(o.res.Notes, "coded anew"+because(o.needs))
	}
	return true, nil
}

func because(needs *codec.NeedsPixelsError) string {
	if needs == nil {
		return ""
	}
	return ": " + needs.Reason
}

// splice grays a JPEG without decoding it.
func (w *Worker) splice(ctx context.Context, t task, res *job.Part) error {
	w.room(len(w.in))
	out, notes, err := codec.GrayJPEG(ctx, w.out.AvailableBuffer(), w.in, t.carry, &w.jpeg)
	if err != nil {
		return err
	}
	w.out.Write(out) // into its own memory, if that was enough
	res.Pixels = t.head.Pixels()
	res.Width, res.Height = t.head.Displayed()
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
func (w *Worker) coded(ctx context.Context, t task, res *job.Part) error {
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
	out, notes, err := pic.Append(w.out.AvailableBuffer(), t.Optimize, t.carry)
	if err != nil {
		return err
	}
	w.out.Write(out)
	res.Pixels = t.head.Pixels()
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
func (w *Worker) anew(ctx context.Context, o *output) error {
	pic, img, err := w.picture(ctx, o.task, choose(o.Job, o.pipeline, o.head.Format))
	if err != nil {
		return err
	}
	notes, err := w.encode(o, img, o.encode(pic.Metadata))
	if err != nil {
		return err
	}
	res := &o.res
	res.Pixels = o.head.Pixels()
	res.Width, res.Height = img.Bounds().Dx(), img.Bounds().Dy()
	res.Notes = append(append(res.Notes, pic.Notes...), notes...)
	return w.account(o.task, res)
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
	pic, err := w.sharedPicture(ctx, t)
	if err != nil {
		return nil, nil, err
	}
	img, err := t.apply(ctx, pic.Image, pic.Orientation)
	return pic, img, err
}

// apply takes a decoded picture through the pipeline.
func (t task) apply(ctx context.Context, stored image.Image, orientation int) (image.Image, error) {
	if m, ok := stored.(*image.YCbCr); ok && t.output != codec.JPEG && slices.ContainsFunc(t.pipeline, scalesAny) {
		full := image.NewRGBA(image.Rectangle{Max: m.Rect.Size()})
		jfif.ToRGBA(full.Pix, full.Stride, m)
		stored = full // scaled by itself, chroma would stay as coarse as it is, where nothing asks for that
	}
	src := ops.Upright(stored, orientation)
	if _, _, err := t.pipeline.Check(src.Bounds().Dx(), src.Bounds().Dy(), limits(t.Job)); err != nil {
		return nil, err
	}
	img, err := t.pipeline.Apply(ctx, src)
	if err != nil {
		return nil, err
	}
	if b := img.Bounds(); b.Empty() {
		return nil, fmt.Errorf("the result has %dx%d pixels", b.Dx(), b.Dy())
	}
	if gray := px.Grays(img); gray != nil && (slices.ContainsFunc(t.pipeline, takesColour) || codec.IsGray(stored)) {
		return gray, nil // of a palette, or with transparency, it was worked on as one of colours
	}
	return img, nil
}

func scalesAny(op ops.Op) bool {
	switch op.(type) {
	case ops.Resize, ops.Thumb:
		return true
	}
	return false
}

func takesColour(op ops.Op) bool {
	_, ok := op.(ops.Gray)
	return ok
}

func limits(j job.Job) ops.Limits {
	return ops.Limits{MaxSide: codec.MaxSide, MaxPixels: j.MaxPixels}
}
