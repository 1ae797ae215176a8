package transform

import (
	"image"
	"math"

	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/internal/jfif"
	"github.com/imgpar/imgpar/ops"
	"github.com/imgpar/imgpar/resample"
)

// scaler makes small pictures of planes. It keeps its memory: a picture that it
// returned is gone with the next.
type scaler struct {
	resampler resample.Resampler
	small     []byte // samples of all planes, as stored
	turned    []byte // and as shown
}

// source is decoded planes. One with factors H and V has H samples for
// most.X*scale pixels of the picture to the right, and V for most.Y*scale down.
type source struct {
	planes []jpeg.Plane
	most   image.Point // largest factors of all components
	scale  int
}

// one is how many pixels each way share a sample of luma.
var one = image.Pt(1, 1)

// scale returns the picture that at asks for: *image.Gray of a single plane,
// else *image.YCbCr, in which as many pixels share a chroma sample as in the
// source, or none if full is set or package image has no such type.
func (s *scaler) scale(src source, at ops.Placement, full bool) image.Image {
	share := one
	if len(src.planes) > 1 && !full {
		share = src.sharing(at.Swapped())
	}
	shares := []image.Point{one, share, share}[:len(src.planes)]
	total := 0
	for _, share := range shares {
		total += area(samples(at.Size, share))
	}
	s.small = room(s.small, total)
	if at.Turn != 1 {
		s.turned = room(s.turned, total)
	}
	var planes [3][]byte
	done := 0
	for i, share := range shares {
		size := samples(at.Size, share)
		end := done + area(size)
		dst := s.small[done:end:end]
		s.plane(dst, src, i, at, share)
		if at.Turn != 1 {
			upright := s.turned[done:end:end]
			ops.TurnSamples(upright, dst, size.X, size.Y, size.X, at.Turn)
			dst = upright
		}
		planes[i], done = dst, end
	}
	size := at.Shown()
	if at.Swapped() {
		share = image.Pt(share.Y, share.X)
	}
	rect := image.Rectangle{Max: size}
	if len(shares) == 1 {
		return &image.Gray{Pix: planes[0], Stride: size.X, Rect: rect}
	}
	ratio, _ := jfif.Ratio(share.X, share.Y)
	return &image.YCbCr{
		Y: planes[0], YStride: size.X, Cb: planes[1], Cr: planes[2], CStride: samples(size, share).X,
		SubsampleRatio: ratio, Rect: rect,
	}
}

// sharing returns how many pixels each way share a sample of chroma.
func (s source) sharing(swapped bool) image.Point {
	cb, cr := &s.planes[1], &s.planes[2]
	if cb.H != cr.H || cb.V != cr.V || s.most.X%cb.H != 0 || s.most.Y%cb.V != 0 {
		return one
	}
	share := image.Pt(s.most.X/cb.H, s.most.Y/cb.V)
	right, down := share.X, share.Y
	if swapped {
		right, down = down, right
	}
	if _, ok := jfif.Ratio(right, down); !ok {
		return one
	}
	return share
}

// samples returns how many samples a picture has of which share pixels each way
// have one together.
func samples(size, share image.Point) image.Point {
	return image.Pt((size.X+share.X-1)/share.X, (size.Y+share.Y-1)/share.Y)
}

func area(size image.Point) int { return size.X * size.Y }

// room returns n bytes, in the memory of b if that is enough.
func room(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}

// plane fills dst with the samples of component i of the part that is placed.
func (s *scaler) plane(dst []byte, src source, i int, at ops.Placement, share image.Point) {
	p, size := &src.planes[i], samples(at.Size, share)
	mirrorX, mirrorY := at.Mirrored()
	x0, x := line{
		samples: p.Width, dense: float64(p.H) / float64(src.most.X*src.scale), begin: at.Part.Min.X, end: at.Part.Max.X,
		to: at.Size.X, share: share.X, mirrored: mirrorX,
	}.axis(&s.resampler, at.Filter)
	y0, y := line{
		samples: p.Height, dense: float64(p.V) / float64(src.most.Y*src.scale), begin: at.Part.Min.Y, end: at.Part.Max.Y,
		to: at.Size.Y, share: share.Y, mirrored: mirrorY,
	}.axis(&s.resampler, at.Filter)
	s.resampler.Bytes(dst, size.X, p.Pix[y0*p.Stride+x0:], p.Stride, 1, x, y)
}

// line is a row or a column of a plane, of which the samples of a part of the
// picture become those of the result.
type line struct {
	samples    int
	dense      float64 // samples for each pixel of the picture
	begin, end int     // of the part, pixels of the picture
	to         int     // pixels of the result
	share      int     // pixels of the result that share a sample
	mirrored   bool    // the result is read from its end, when it is turned
}

// axis returns the first sample that counts, and the weights of those from there.
//
// A part begins and ends anywhere within a sample of chroma, or of a scaled
// plane; a sample belongs to the part if its middle does, so that what was cut
// off does not shine into the result. The pixels of the result that share its
// last sample may reach beyond the picture. That sample is the first, of a line
// that is mirrored, for there the end is that the turn makes the beginning.
func (l line) axis(r *resample.Resampler, f resample.Filter) (first int, a *resample.Axis) {
	begin, end := float64(l.begin)*l.dense, float64(l.end)*l.dense
	first, last := int(math.Round(begin)), min(int(math.Round(end)), l.samples)
	if first >= last { // a part within a sample
		first = min(int(begin), l.samples-1)
		last = first + 1
	}
	n := (l.to + l.share - 1) / l.share
	beyond := float64(n*l.share-l.to) * (end - begin) / float64(l.to)
	if l.mirrored {
		begin -= beyond
	} else {
		end += beyond
	}
	from := float64(first)
	return first, r.Axis(f, last-first, resample.Span{From: begin - from, To: end - from}, n)
}
