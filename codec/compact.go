package codec

import "image"

// compact returns img with rows that follow one another from the start of its
// memory to the end. A part cut out of a picture is not like that, and the
// TIFF encoder reads beyond the end of its last row (golang.org/x/image 0.47).
func compact(img image.Image) image.Image {
	b := img.Bounds()
	r := image.Rect(0, 0, b.Dx(), b.Dy())
	switch m := img.(type) {
	case *image.Gray:
		out := image.NewGray(r)
		copyRows(out.Pix, out.Stride, m.Pix, m.Stride)
		return out
	case *image.Gray16:
		out := image.NewGray16(r)
		copyRows(out.Pix, out.Stride, m.Pix, m.Stride)
		return out
	case *image.RGBA:
		out := image.NewRGBA(r)
		copyRows(out.Pix, out.Stride, m.Pix, m.Stride)
		return out
	case *image.NRGBA:
		out := image.NewNRGBA(r)
		copyRows(out.Pix, out.Stride, m.Pix, m.Stride)
		return out
	case *image.RGBA64:
		out := image.NewRGBA64(r)
		copyRows(out.Pix, out.Stride, m.Pix, m.Stride)
		return out
	case *image.NRGBA64:
		out := image.NewNRGBA64(r)
		copyRows(out.Pix, out.Stride, m.Pix, m.Stride)
		return out
	case *image.Paletted:
		out := image.NewPaletted(r, m.Palette)
		copyRows(out.Pix, out.Stride, m.Pix, m.Stride)
		return out
	}
	return img
}

// copyRows fills dst, whose rows have no gaps, from the start of src on.
func copyRows(dst []uint8, width int, src []uint8, stride int) {
	for len(dst) > 0 {
		copy(dst[:width], src)
		dst = dst[width:]
		if len(dst) > 0 {
			src = src[stride:]
		}
	}
}
