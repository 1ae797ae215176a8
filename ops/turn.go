package ops

import (
	"encoding/binary"
	"image"
)

// turn is one of the eight symmetries of the rectangle. The flips are along the axes of the source, before the swap:
// pixel x,y of the result is u,v of the source, with u, v = x, y, or y, x if swap is set, and each counted from the far
// side if its flip is set.
type turn struct{ swap, flipX, flipY bool }

var (
	flipH         = turn{flipX: true}
	flipV         = turn{flipY: true}
	quarter       = turn{swap: true, flipY: true} // clockwise
	half          = turn{flipX: true, flipY: true}
	threeQuarters = turn{swap: true, flipX: true}
	transpose     = turn{swap: true}
	transverse    = turn{swap: true, flipX: true, flipY: true}
)

// upright holds what undoes each EXIF orientation (Exif 2.32, tag 0x0112).
var upright = [...]turn{2: flipH, 3: half, 4: flipV, 5: transpose, 6: quarter, 7: transverse, 8: threeQuarters}

// Upright undoes an EXIF orientation of 1 to 8 without any loss: with 6, say, the picture is turned clockwise by 90
// degrees. It returns src itself for orientation 1, and for values that are no orientation.
func Upright(src image.Image, orientation int) image.Image {
	if orientation < 2 || orientation >= len(upright) {
		return src
	}
	return turned(src, upright[orientation])
}

// TurnSamples undoes an EXIF orientation of 1 to 8 for w x h samples of one byte, which follow each other in src row by
// row with stride bytes from one row to the next. They fill dst without gaps: h x w of them from orientation 5 on.
func TurnSamples(dst, src []byte, w, h, stride, orientation int) {
	t := upright[orientation]
	turnPlane(plane{dst, t.bounds(w, h).Dx()}, plane{src, stride}, w, h, 1, t)
}

// then returns the turn that does t and u after it. The flips of u are along the axes that t has made.
func (t turn) then(u turn) turn {
	if t.swap {
		u.flipX, u.flipY = u.flipY, u.flipX
	}
	return turn{t.swap != u.swap, t.flipX != u.flipX, t.flipY != u.flipY}
}

// turned returns a turned copy. The type is that of src, but for pictures whose chroma samples would not fall on the
// grid of the result, and for types that are not of package image: these become RGBA or NRGBA.
func turned(src image.Image, t turn) image.Image {
	if src.Bounds().Empty() {
		return src
	}
	if y, ok := src.(*image.YCbCr); ok {
		if out := turnedYCbCr(y, t); out != nil {
			return out
		}
	}
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	dst, to, from, size := blankLike(src, t.bounds(w, h))
	if dst == nil {
		n := drawn(src)
		out := image.NewNRGBA(t.bounds(w, h))
		turnPlane(plane{out.Pix, out.Stride}, plane{n.Pix, n.Stride}, w, h, 4, t)
		return plain(out)
	}
	turnPlane(to, from, w, h, size, t)
	return dst
}

func (t turn) bounds(w, h int) image.Rectangle {
	if t.swap {
		w, h = h, w
	}
	return image.Rect(0, 0, w, h)
}

func (t turn) sizes(w, h int) []image.Point {
	return []image.Point{{X: w, Y: h}, t.bounds(w, h).Max} // a working copy where the type needs one, the result
}

type plane struct {
	pix    []byte
	stride int
}

// blankLike makes a picture of the type of src, and returns the memory of both and the bytes of a pixel.
func blankLike(src image.Image, r image.Rectangle) (dst image.Image, to, from plane, size int) {
	switch src := src.(type) {
	case *image.Gray:
		d := image.NewGray(r)
		return d, plane{d.Pix, d.Stride}, plane{src.Pix, src.Stride}, 1
	case *image.Gray16:
		d := image.NewGray16(r)
		return d, plane{d.Pix, d.Stride}, plane{src.Pix, src.Stride}, 2
	case *image.Alpha:
		d := image.NewAlpha(r)
		return d, plane{d.Pix, d.Stride}, plane{src.Pix, src.Stride}, 1
	case *image.Alpha16:
		d := image.NewAlpha16(r)
		return d, plane{d.Pix, d.Stride}, plane{src.Pix, src.Stride}, 2
	case *image.Paletted:
		d := image.NewPaletted(r, src.Palette)
		return d, plane{d.Pix, d.Stride}, plane{src.Pix, src.Stride}, 1
	case *image.RGBA:
		d := image.NewRGBA(r)
		return d, plane{d.Pix, d.Stride}, plane{src.Pix, src.Stride}, 4
	case *image.NRGBA:
		d := image.NewNRGBA(r)
		return d, plane{d.Pix, d.Stride}, plane{src.Pix, src.Stride}, 4
	case *image.CMYK:
		d := image.NewCMYK(r)
		return d, plane{d.Pix, d.Stride}, plane{src.Pix, src.Stride}, 4
	case *image.RGBA64:
		d := image.NewRGBA64(r)
		return d, plane{d.Pix, d.Stride}, plane{src.Pix, src.Stride}, 8
	case *image.NRGBA64:
		d := image.NewNRGBA64(r)
		return d, plane{d.Pix, d.Stride}, plane{src.Pix, src.Stride}, 8
	}
	return nil, plane{}, plane{}, 0
}

// sampling holds, for the chroma layouts that can be turned, how many pixels a sample covers each way, and the layout
// after a swap.
var sampling = map[image.YCbCrSubsampleRatio]struct {
	across, down int
	swapped      image.YCbCrSubsampleRatio
}{
	image.YCbCrSubsampleRatio444: {1, 1, image.YCbCrSubsampleRatio444},
	image.YCbCrSubsampleRatio422: {2, 1, image.YCbCrSubsampleRatio440},
	image.YCbCrSubsampleRatio440: {1, 2, image.YCbCrSubsampleRatio422},
	image.YCbCrSubsampleRatio420: {2, 2, image.YCbCrSubsampleRatio420},
}

// turnedYCbCr turns the planes. It returns nil where that is not exact: a flipped side must be a whole number of chroma
// samples long, and the picture must begin with a whole sample.
func turnedYCbCr(src *image.YCbCr, t turn) *image.YCbCr {
	s, ok := sampling[src.SubsampleRatio]
	w, h := src.Rect.Dx(), src.Rect.Dy()
	if !ok || src.Rect.Min.X%s.across != 0 || src.Rect.Min.Y%s.down != 0 ||
		t.flipX && w%s.across != 0 || t.flipY && h%s.down != 0 {
		return nil
	}
	ratio := src.SubsampleRatio
	if t.swap {
		ratio = s.swapped
	}
	out := image.NewYCbCr(t.bounds(w, h), ratio)
	turnPlane(plane{out.Y, out.YStride}, plane{src.Y, src.YStride}, w, h, 1, t)
	w, h = (w+s.across-1)/s.across, (h+s.down-1)/s.down
	turnPlane(plane{out.Cb, out.CStride}, plane{src.Cb, src.CStride}, w, h, 1, t)
	turnPlane(plane{out.Cr, out.CStride}, plane{src.Cr, src.CStride}, w, h, 1, t)
	return out
}

// tile is the side, in pixels, of the squares in which a plane is turned, so that the source lines that a row of the
// result runs across are still in the cache for the next row.
const tile = 64

// turnPlane turns w x h pixels of size bytes each.
func turnPlane(dst, src plane, w, h, size int, t turn) {
	if size == 1 {
		turnBytes(dst, src, w, h, t)
		return
	}
	start, stepU, stepV := 0, size, src.stride // of the source, in bytes
	if t.flipX {
		start, stepU = start+(w-1)*size, -stepU
	}
	if t.flipY {
		start, stepV = start+(h-1)*src.stride, -stepV
	}
	if t.swap {
		w, h, stepU, stepV = h, w, stepV, stepU
	}
	for y0 := 0; y0 < h; y0 += tile {
		for x0 := 0; x0 < w; x0 += tile {
			x1 := min(x0+tile, w)
			for y := y0; y < min(y0+tile, h); y++ {
				row := dst.pix[y*dst.stride+x0*size : y*dst.stride+x1*size]
				gather(row, src.pix, start+x0*stepU+y*stepV, stepU, size)
			}
		}
	}
}

// gather fills dst with pixels of size bytes that lie step bytes apart, from s on.
func gather(dst, src []byte, s, step, size int) {
	if step == size {
		copy(dst, src[s:])
		return
	}
	order := binary.NativeEndian
	switch size {
	case 2:
		for i := 0; i+2 <= len(dst); i += 2 {
			order.PutUint16(dst[i:i+2], order.Uint16(src[s:s+2]))
			s += step
		}
	case 4:
		for i := 0; i+4 <= len(dst); i += 4 {
			order.PutUint32(dst[i:i+4], order.Uint32(src[s:s+4]))
			s += step
		}
	case 8:
		for i := 0; i+8 <= len(dst); i += 8 {
			order.PutUint64(dst[i:i+8], order.Uint64(src[s:s+8]))
			s += step
		}
	}
}
