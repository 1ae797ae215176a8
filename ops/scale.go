package ops

import (
	"context"
	"fmt"
	"image"
	"sync"

	"github.com/imgpar/imgpar/internal/jfif"
	"github.com/imgpar/imgpar/resample"
)

// scaler is the memory that scaling a picture needs beside source and result: some rows.
type scaler struct {
	resample.Resampler
	band, made []uint16
	ended      func() error // why the work is to end, asked every few rows; nil: it is not
}

var scalers = sync.Pool{New: func() any { return new(scaler) }}

// withScaler calls do with a scaler that makes pictures until ctx ends. What it makes after that is worth nothing.
func withScaler(ctx context.Context, do func(*scaler) (image.Image, error)) (image.Image, error) {
	s := scalers.Get().(*scaler)
	s.ended, s.Stop = ctx.Err, func() bool { return ctx.Err() != nil }
	defer func() {
		s.ended, s.Stop = nil, nil
		s.trim()
		scalers.Put(s)
	}()
	out, err := do(s)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// keepBand is the most samples of a band that a scaler holds on to between pictures: 32 MB.
const keepBand = 16 << 20

// trim lets go of a band that one large picture made.
func (s *scaler) trim() {
	if cap(s.band) > keepBand {
		s.band = nil
	}
}

// frame is what scaling means: part of a picture, counted from its upper left corner, becomes size. A filter reads
// beyond part where the picture has more.
type frame struct {
	filter Filter
	part   image.Rectangle
	size   image.Point
}

var resampleFilters = [...]resample.Filter{
	Lanczos: resample.Lanczos, CatmullRom: resample.CatmullRom, Linear: resample.Linear, Box: resample.Box,
}

// axes returns the weights for a picture, or a plane of one, of w x h samples.
func (s *scaler) axes(f frame, w, h int) (x, y *resample.Axis) {
	k := resampleFilters[f.filter]
	across := resample.Span{From: float64(f.part.Min.X), To: float64(f.part.Max.X)}
	down := resample.Span{From: float64(f.part.Min.Y), To: float64(f.part.Max.Y)}
	return s.Axis(k, w, across, f.size.X), s.Axis(k, h, down, f.size.Y)
}

// scale takes the samples of src as they are where their mean means something: those of 8 bits, without transparency, and
// not linear. All else goes by bands with 16 bits a channel.
func (s *scaler) scale(src image.Image, f frame, linear bool) (image.Image, error) {
	r := image.Rectangle{Max: f.size}
	if y, ok := src.(*image.YCbCr); ok && !linear {
		return s.ycbcr(y, f)
	}
	from, size := samplesOf(src)
	if err := from.check(size, src.Bounds()); err != nil {
		return nil, err
	}
	switch src.(type) {
	case *image.Gray:
		if out := image.NewGray(r); !linear {
			s.bytes(plane{out.Pix, out.Stride}, from, 1, src.Bounds(), f)
			return out, nil
		}
	case *image.CMYK:
		if out := image.NewCMYK(r); !linear {
			s.bytes(plane{out.Pix, out.Stride}, from, 4, src.Bounds(), f)
			return out, nil
		}
	case *image.RGBA, *image.NRGBA:
		if !linear && opaque(src) {
			out := image.NewRGBA(r)
			s.bytes(plane{out.Pix, out.Stride}, from, 4, src.Bounds(), f)
			return out, nil
		}
	}
	return s.deep(src, f, linear)
}

func (s *scaler) bytes(to, from plane, channels int, b image.Rectangle, f frame) {
	x, y := s.axes(f, b.Dx(), b.Dy())
	s.Bytes(to.pix, to.stride, from.pix, from.stride, channels, x, y)
}

// samplesOf returns the memory of a picture whose pixels lie together, and the bytes of one.
func samplesOf(src image.Image) (p plane, size int) {
	switch src := src.(type) {
	case *image.Gray:
		return plane{src.Pix, src.Stride}, 1
	case *image.Gray16:
		return plane{src.Pix, src.Stride}, 2
	case *image.CMYK:
		return plane{src.Pix, src.Stride}, 4
	case *image.RGBA:
		return plane{src.Pix, src.Stride}, 4
	case *image.NRGBA:
		return plane{src.Pix, src.Stride}, 4
	case *image.RGBA64:
		return plane{src.Pix, src.Stride}, 8
	case *image.NRGBA64:
		return plane{src.Pix, src.Stride}, 8
	}
	return plane{}, 0
}

// check reports memory that is too short for the pixels of b, of size bytes each.
func (p plane) check(size int, b image.Rectangle) error {
	if size > 0 && !b.Empty() && (p.stride < size*b.Dx() || len(p.pix) < (b.Dy()-1)*p.stride+size*b.Dx()) {
		return fmt.Errorf("the picture's memory is too short for %dx%d pixels", b.Dx(), b.Dy())
	}
	return nil
}

// ycbcr scales each plane.
func (s *scaler) ycbcr(src *image.YCbCr, f frame) (image.Image, error) {
	planes, ratio, err := planesOf(src)
	if err != nil {
		return nil, err
	}
	out := image.NewYCbCr(image.Rectangle{Max: f.size}, src.SubsampleRatio)
	luma, cb, cr := planes[0], planes[1], planes[2]
	s.bytes(plane{out.Y, out.YStride}, plane{luma.Pix, luma.Stride}, 1, src.Rect, f)
	k := resampleFilters[f.filter]
	x := s.chromaAxis(k, src.Rect.Min.X, cb.Rect.Dx(), f.part.Min.X, f.part.Max.X, f.size.X, ratio.X)
	y := s.chromaAxis(k, src.Rect.Min.Y, cb.Rect.Dy(), f.part.Min.Y, f.part.Max.Y, f.size.Y, ratio.Y)
	s.Bytes(out.Cb, out.CStride, cb.Pix, cb.Stride, 1, x, y)
	s.Bytes(out.Cr, out.CStride, cr.Pix, cr.Stride, 1, x, y)
	return out, nil
}

// planesOf returns the planes of src as gray pictures, and how many pixels share a sample of chroma.
func planesOf(src *image.YCbCr) (planes [3]*image.Gray, ratio image.Point, err error) {
	ratio, ok := jfif.Sharing(src.SubsampleRatio)
	if !ok {
		return planes, ratio, fmt.Errorf("unknown chroma subsampling %v", src.SubsampleRatio)
	}
	b := src.Rect
	coarse := image.Rect(b.Min.X/ratio.X, b.Min.Y/ratio.Y, (b.Max.X+ratio.X-1)/ratio.X, (b.Max.Y+ratio.Y-1)/ratio.Y)
	for i, p := range []struct {
		plane
		r image.Rectangle
	}{{plane{src.Y, src.YStride}, b}, {plane{src.Cb, src.CStride}, coarse}, {plane{src.Cr, src.CStride}, coarse}} {
		if err := p.check(1, p.r); err != nil {
			return planes, ratio, err
		}
		planes[i] = &image.Gray{Pix: p.pix, Stride: p.stride, Rect: image.Rectangle{Max: p.r.Size()}}
	}
	return planes, ratio, nil
}

// chromaAxis is for samples that cover ratio pixels, the first of them pixel begin-begin%ratio. A sample stands in the
// middle of what it covers (JFIF 1.02, page 4), and the last one of the result may cover more than the picture.
func (s *scaler) chromaAxis(k resample.Filter, begin, in, from, to, out, ratio int) *resample.Axis {
	first := float64(begin+from)/float64(ratio) - float64(begin/ratio)
	n := (out + ratio - 1) / ratio
	return s.Axis(k, in, resample.Span{From: first, To: first + float64(n)*float64(to-from)/float64(out)}, n)
}
