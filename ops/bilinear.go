package ops

import (
	"context"
	"encoding/binary"
	"image"
	"math"
)

// bilinear samples a picture between its pixels. Around the picture lies the background: a place is made of the four
// pixels around it, whether they are of the one or of the other. A pixel is one sample of gray, or three of colour and
// alpha, which is not multiplied into them; alpha weighs the colours when they are mixed.
//
// Places are in pixels with 32 bits behind the point, of which the first 15 are used. So weights have 30 bits, a sample
// times its alpha has 32 at most, and sums fit into 64.
type bilinear[T byte | uint16] struct {
	pix        []T
	stride     int // samples from a row to the next
	w, h       int
	channels   int // 1 or 4
	background [4]T
}

const (
	placeBits  = 32
	fractBits  = 15
	weightBits = 2 * fractBits
)

// row samples places that begin at x,y and lie dx,dy apart, as many as dst has pixels.
func (b *bilinear[T]) row(dst []T, x, y, dx, dy int64) {
	const half = 1 << (placeBits - fractBits - 1) // of the last bit that is used
	x, y = x+half, y+half
	for ; len(dst) >= b.channels; dst = dst[b.channels:] {
		x0, y0 := int(x>>placeBits), int(y>>placeBits)
		fx, fy := uint64(uint32(x))>>(placeBits-fractBits), uint64(uint32(y))>>(placeBits-fractBits)
		x, y = x+dx, y+dy
		var four [4][]T
		switch {
		case uint(x0) < uint(b.w-1) && uint(y0) < uint(b.h-1):
			at := y0*b.stride + x0*b.channels
			four = [4][]T{b.pix[at:], b.pix[at+b.channels:], b.pix[at+b.stride:], b.pix[at+b.stride+b.channels:]}
		case x0 < -1 || y0 < -1 || x0 >= b.w || y0 >= b.h:
			copy(dst, b.background[:b.channels])
			continue
		default:
			four = [4][]T{b.at(x0, y0), b.at(x0+1, y0), b.at(x0, y0+1), b.at(x0+1, y0+1)}
		}
		const one = 1 << fractBits
		weights := [4]uint64{(one - fx) * (one - fy), fx * (one - fy), (one - fx) * fy, fx * fy}
		if b.channels == 1 {
			dst[0] = T((weights[0]*uint64(four[0][0]) + weights[1]*uint64(four[1][0]) +
				weights[2]*uint64(four[2][0]) + weights[3]*uint64(four[3][0]) + 1<<(weightBits-1)) >> weightBits)
			continue
		}
		mix((*[4]T)(dst), (*[4]T)(four[0]), (*[4]T)(four[1]), (*[4]T)(four[2]), (*[4]T)(four[3]), weights)
	}
}

// at returns a pixel of the picture or, outside, of the background.
func (b *bilinear[T]) at(x, y int) []T {
	if uint(x) >= uint(b.w) || uint(y) >= uint(b.h) {
		return b.background[:]
	}
	return b.pix[y*b.stride+x*b.channels:]
}

// mix makes the mean of four colours.
func mix[T byte | uint16](dst, p, q, r, s *[4]T, w [4]uint64) {
	const half = 1 << (weightBits - 1)
	if opaque := ^T(0); p[3]&q[3]&r[3]&s[3] == opaque {
		for c := range 3 {
			dst[c] = T((w[0]*uint64(p[c]) + w[1]*uint64(q[c]) + w[2]*uint64(r[c]) + w[3]*uint64(s[c]) + half) >> weightBits)
		}
		dst[3] = opaque
		return
	}
	w[0], w[1], w[2], w[3] = w[0]*uint64(p[3]), w[1]*uint64(q[3]), w[2]*uint64(r[3]), w[3]*uint64(s[3])
	alpha := w[0] + w[1] + w[2] + w[3]
	if alpha == 0 {
		*dst = [4]T{}
		return
	}
	for c := range 3 {
		dst[c] = T((w[0]*uint64(p[c]) + w[1]*uint64(q[c]) + w[2]*uint64(r[c]) + w[3]*uint64(s[c]) + alpha/2) / alpha)
	}
	dst[3] = T((alpha + half) >> weightBits)
}

// sample turns src by an angle that is no multiple of 90 degrees. The middle of the picture stays the middle.
func (r Rotate) sample(ctx context.Context, src image.Image) (image.Image, error) {
	if src.Bounds().Empty() {
		return src, nil
	}
	b := r.Background
	if b.R != b.G || b.G != b.B || b.A != 255 { // the result of a gray picture is not gray
		var err error
		if src, err = coloured(src); err != nil {
			return nil, err
		}
	}
	src, from, _, err := straight(src)
	if err != nil {
		return nil, err
	}
	size := src.Bounds().Size()
	to := image.Rectangle{Max: rotatedSize(size.X, size.Y, r.anticlockwise())}
	eight := bilinear[byte]{from.pix, from.stride, size.X, size.Y, 4, [4]byte{b.R, b.G, b.B, b.A}}
	switch src.(type) {
	case *image.Gray:
		out := image.NewGray(to)
		eight.channels = 1
		err := r.rows(ctx, to.Max, size, func(y int, place [4]int64) {
			eight.row(out.Pix[y*out.Stride:][:to.Max.X], place[0], place[1], place[2], place[3])
		})
		return out, err
	case *image.NRGBA:
		out := image.NewNRGBA(to)
		if err := r.rows(ctx, to.Max, size, func(y int, place [4]int64) {
			eight.row(out.Pix[y*out.Stride:][:4*to.Max.X], place[0], place[1], place[2], place[3])
		}); err != nil {
			return nil, err
		}
		return plain(out), nil
	case *image.Gray16:
		out := image.NewGray16(to)
		return out, r.sample16(ctx, plane{out.Pix, out.Stride}, from, to.Max, size, 1)
	}
	out := image.NewNRGBA64(to)
	if err := r.sample16(ctx, plane{out.Pix, out.Stride}, from, to.Max, size, 4); err != nil {
		return nil, err
	}
	return plain64(out), nil
}

// coloured returns a gray picture as one of colour, with the same depth. Others are returned as they are.
func coloured(src image.Image) (image.Image, error) {
	switch src := src.(type) {
	case *image.Gray:
		return toNRGBA(src)
	case *image.Gray16:
		if err := (plane{src.Pix, src.Stride}).check(2, src.Rect); err != nil {
			return nil, err
		}
		return toNRGBA64(src), nil
	}
	return src, nil
}

// sample16 samples a copy, whose samples are in the order of this machine.
func (r Rotate) sample16(ctx context.Context, to, from plane, size, of image.Point, channels int) error {
	order := binary.BigEndian
	b := r.Background
	in := bilinear[uint16]{make([]uint16, of.X*of.Y*channels), of.X * channels, of.X, of.Y, channels,
		[4]uint16{uint16(b.R) * 257, uint16(b.G) * 257, uint16(b.B) * 257, uint16(b.A) * 257}}
	for y := range of.Y {
		row := from.pix[y*from.stride:]
		for i := range in.stride {
			in.pix[y*in.stride+i] = order.Uint16(row[2*i:])
		}
	}
	made := make([]uint16, size.X*channels)
	return r.rows(ctx, size, of, func(y int, place [4]int64) {
		in.row(made, place[0], place[1], place[2], place[3])
		row := to.pix[y*to.stride:]
		for i, v := range made {
			order.PutUint16(row[2*i:], v)
		}
	})
}

// rows calls f for each row of a result of that size with where its first pixel lies in the source, x and y, and how far
// the next one lies from there. Sine and cosine have 31 bits behind the point, so that a place is right to a
// 30,000th of a pixel, and all processors agree on it. The error is that of ctx, which is asked before each row.
func (r Rotate) rows(ctx context.Context, size, of image.Point, f func(y int, place [4]int64)) error {
	s, c := math.Sincos(math.Pi * r.anticlockwise() / 180)
	sin, cos := int64(math.Round(s*(1<<(placeBits-1)))), int64(math.Round(c*(1<<(placeBits-1))))
	x := int64(1 - size.X) // twice the distance from the middle
	for row := range size.Y {
		if err := ctx.Err(); err != nil {
			return err
		}
		y := int64(2*row + 1 - size.Y)
		f(row, [4]int64{
			x*cos - y*sin + int64(of.X-1)<<(placeBits-1),
			x*sin + y*cos + int64(of.Y-1)<<(placeBits-1),
			2 * cos, 2 * sin,
		})
	}
	return nil
}
