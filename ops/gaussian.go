package ops

import (
	"context"
	"image"

	"github.com/imgpar/imgpar/resample"
)

// From these standard deviations on a blur goes through a coarse picture: in 8 bits because that is faster then, in 16
// because the weights of the other way would make an error of more than 16 in stripes.
const (
	wideSigma     = 12
	deepWideSigma = 3
)

// blurred returns src, whose palette is checked, blurred by a Gaussian.
func blurred(ctx context.Context, src image.Image, sigma float64) (image.Image, error) {
	if src.Bounds().Empty() {
		return src, nil
	}
	return withScaler(ctx, func(s *scaler) (image.Image, error) { return s.blur(src, sigma) })
}

// blur takes the samples of src as they are where scale does.
func (s *scaler) blur(src image.Image, sigma float64) (image.Image, error) {
	if y, ok := src.(*image.YCbCr); ok && y.Rect.Min.X >= 0 && y.Rect.Min.Y >= 0 {
		return s.blurYCbCr(y, sigma)
	}
	from, size := samplesOf(src)
	if err := from.check(size, src.Bounds()); err != nil {
		return nil, err
	}
	if sigma < wideSigma {
		if out, to, channels := bytesLike(src); out != nil {
			s.blurBytes(to, from, channels, src.Bounds().Size(), sigma, sigma)
			return out, nil
		}
	}
	return s.blurDeep(src, sigma, sigma)
}

// bytesLike makes a picture for the result of src where its bytes are samples whose mean means something.
func bytesLike(src image.Image) (out image.Image, to plane, channels int) {
	switch src.(type) {
	case *image.Gray:
		out := image.NewGray(atZero(src))
		return out, plane{out.Pix, out.Stride}, 1
	case *image.RGBA, *image.NRGBA:
		if opaque(src) {
			out := image.NewRGBA(atZero(src))
			return out, plane{out.Pix, out.Stride}, 4
		}
	}
	return nil, plane{}, 0
}

func (s *scaler) blurBytes(to, from plane, channels int, size image.Point, sigmaX, sigmaY float64) {
	x, y := resample.NewGaussian(size.X, sigmaX), resample.NewGaussian(size.Y, sigmaY)
	s.Bytes(to.pix, to.stride, from.pix, from.stride, channels, x, y)
}

// blurDeep blurs with 16 bits a channel, premultiplied.
func (s *scaler) blurDeep(src image.Image, sigmaX, sigmaY float64) (image.Image, error) {
	size := src.Bounds().Size()
	rows := rowsOf(src, size, false)
	if sigma := max(sigmaX, sigmaY); sigma < deepWideSigma || sigma < wideSigma && !isDeep(src) {
		x, y := resample.NewGaussian(size.X, sigmaX), resample.NewGaussian(size.Y, sigmaY)
		if err := s.bands(rows, size.X, size, x, y); err != nil {
			return nil, err
		}
		return rows.result(), nil
	}
	x, y := resample.NewShrink(size.X, sigmaX), resample.NewShrink(size.Y, sigmaY)
	width := x.Out * rows.channels
	coarse := make([]uint16, y.Out*width)
	read := func(dst []uint16, y int) error {
		if err := s.ended(); err != nil {
			return err
		}
		return rows.read(dst, y)
	}
	if err := s.Shrink(coarse, rows.channels, x, y, read); err != nil {
		return nil, err
	}
	rows.read = func(dst []uint16, y int) error { copy(dst, coarse[y*width:]); return nil }
	if err := s.bands(rows, x.Out, size, x.Back(), y.Back()); err != nil {
		return nil, err
	}
	return rows.result(), nil
}

// blurYCbCr blurs each plane, which is the same as blurring red, green and blue, since those are sums of luma and chroma;
// only what chroma would be cut off outside of RGB is not, and chroma is smooth rather than of squares. The result has
// the sampling of src.
func (s *scaler) blurYCbCr(src *image.YCbCr, sigma float64) (image.Image, error) {
	planes, ratio, err := planesOf(src)
	if err != nil {
		return nil, err
	}
	phase := image.Pt(src.Rect.Min.X%ratio.X, src.Rect.Min.Y%ratio.Y) // of the first pixel in its chroma sample
	out := image.NewYCbCr(atZero(src).Add(phase), src.SubsampleRatio)
	to := [3]plane{{out.Y, out.YStride}, {out.Cb, out.CStride}, {out.Cr, out.CStride}}
	for i, from := range planes {
		share := image.Pt(1, 1)
		if i > 0 {
			share = ratio
		}
		if err := s.blurPlane(to[i], from, sigma/float64(share.X), sigma/float64(share.Y)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *scaler) blurPlane(to plane, from *image.Gray, sigmaX, sigmaY float64) error {
	size := from.Rect.Size()
	if max(sigmaX, sigmaY) < wideSigma {
		s.blurBytes(to, plane{from.Pix, from.Stride}, 1, size, sigmaX, sigmaY)
		return nil
	}
	out, err := s.blurDeep(from, sigmaX, sigmaY)
	if err != nil {
		return err
	}
	for y := range size.Y {
		copy(to.pix[y*to.stride:][:size.X], out.(*image.Gray).Pix[y*size.X:])
	}
	return nil
}
