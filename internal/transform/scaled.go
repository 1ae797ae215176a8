package transform

import (
	"context"
	"image"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/ops"
)

// byPlanes is picture for a JPEG that is scaled: its components are decoded no
// larger than the result needs, and each is scaled by itself. The error is a
// *codec.NeedsPixelsError for a picture that this cannot be done with.
func (w *Worker) byPlanes(ctx context.Context, t task) (*codec.Picture, image.Image, error) {
	pic, err := codec.OpenPlanes(w.in, t.read)
	if err != nil {
		return nil, nil, err
	}
	width, height := pic.Displayed()
	if _, _, err := t.pipeline.Check(width, height, limits(t.Job)); err != nil {
		return nil, nil, err
	}
	at, ok := t.pipeline.Place(pic.Width, pic.Height, pic.Orientation)
	if !ok {
		return nil, nil, &codec.NeedsPixelsError{Reason: "nothing to scale"}
	}
	scale := chooseScale(at)
	planes, notes, err := pic.Decode(ctx, at.Gray, scale)
	if err != nil {
		return nil, nil, err
	}
	hmax, vmax := pic.Sampling()
	small := w.scaler.scale(source{planes.Planes, image.Pt(hmax, vmax), scale}, at, !staysPlanar(t, at.Rest))
	img, err := at.Rest.Apply(ctx, small)
	if err != nil {
		return nil, nil, err
	}
	return &codec.Picture{Header: pic.Header, Image: small, Metadata: pic.Metadata, Notes: notes}, img, nil
}

// staysPlanar tells whether a scaled picture goes into its file as luma and
// chroma. What takes its pixels instead is better off with chroma of full size,
// scaled well, than with samples that are repeated.
func staysPlanar(t task, rest ops.Pipeline) bool {
	return outputFormat(t.Job, t.format) == codec.JPEG && movesOnly(rest)
}

// headroom is how many times as large as the result the decoded picture must
// be, in both directions.
const headroom = 1.5

// chooseScale returns how many samples each way the decoder is to make one of.
func chooseScale(at ops.Placement) int {
	part := at.Part.Size()
	for _, scale := range []int{8, 4, 2} {
		least := headroom * float64(scale)
		if float64(part.X) >= least*float64(at.Size.X) && float64(part.Y) >= least*float64(at.Size.Y) {
			return scale
		}
	}
	return 1
}

