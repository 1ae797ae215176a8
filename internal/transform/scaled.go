package transform

import (
	"context"
	"image"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/ops"
)

// byPlanes is picture for a JPEG that is scaled: its components are decoded no
// larger than the result needs, and each is scaled by itself. The error is a
// *codec.NeedsPixelsError for a picture that this cannot be done with.
func (w *Worker) byPlanes(ctx context.Context, t task) (*codec.Picture, image.Image, error) {
	pic, err := w.openPlanes(t)
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
	notes, err := w.sharedPlanes(ctx, t, pic)
	if err != nil {
		return nil, nil, err
	}
	scale := max(chooseScale(at), t.shared.scale)
	hmax, vmax := pic.Sampling()
	src := source{t.decoded().at(at.Gray, scale, t.shared.scale), image.Pt(hmax, vmax), scale}
	w.scaler.resampler.Stop = func() bool { return ctx.Err() != nil }
	small := w.scaler.scale(src, at, !staysPlanar(t, at.Rest) || t.converts(pic.Metadata))
	w.scaler.resampler.Stop = nil
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
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
	return t.output == codec.JPEG && movesOnly(rest)
}

// converts tells whether the colours of a picture are to be converted, for which
// pixels are needed.
func (t task) converts(m meta.Data) bool { return t.carry.Profile == codec.ToSRGB && m.ICC != nil }

// headroom is how many times as large as the result the decoded picture must
// be, in both directions.
//
// The more it is, the nearer the result comes to that of full decoding, and the
// more is decoded. For photos of 4000x3000 pixels (4:2:0, quality 85) of which
// the result was written with quality 85, the luma PSNR against full decoding
// and Lanczos was lower than that of decoding all samples by, in dB (medians):
//
//	headroom   1.00  1.25  1.50  1.67  2.00  2.50  3.33
//	at 1/2     0.30  0.12  0.06  0.04  0.03  0.03  0.02
//	at 1/4     0.40  0.26  0.13  0.09  0.07  0.04  0.02
//	at 1/8     0.67  0.53  0.26  0.18  0.11  0.06  0.03
//
// Written with quality 100, the results at 1.67 have 55, 54 and 53 dB.
//
// With 1.65, of 4000 pixels 1200 are made of 2000, 400 of 1000, and 150 of 500.
// With 1.5, photos of 1280 pixels made 400 of 640, and a set of mixed photos had
// 0.03 dB less than vipsthumbnail gives them; with 1.65 it has 0.07 dB more.
const headroom = 1.65

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
