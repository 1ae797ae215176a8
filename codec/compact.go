package codec

import "image"

// compact returns img with a last row that is as long in memory as the others.
// That of a part cut out of a picture may be shorter, and the TIFF encoder
// reads beyond its end (golang.org/x/image 0.47).
func compact(img image.Image) image.Image {
	b := img.Bounds()
	pix, stride := memory(img)
	if len(pix) >= stride*b.Dy() { // so is what has no memory that is known
		return img
	}
	r := image.Rect(0, 0, b.Dx(), b.Dy())
	var out image.Image
	switch m := img.(type) {
	case *image.Gray:
		out = image.NewGray(r)
	case *image.Gray16:
		out = image.NewGray16(r)
	case *image.RGBA:
		out = image.NewRGBA(r)
	case *image.NRGBA:
		out = image.NewNRGBA(r)
	case *image.RGBA64:
		out = image.NewRGBA64(r)
	case *image.NRGBA64:
		out = image.NewNRGBA64(r)
	case *image.Paletted:
		out = image.NewPaletted(r, m.Palette)
	}
	dst, width := memory(out)
	copyRows(dst, width, pix, stride)
	return out
}

// memory returns the pixels of img, and the bytes from one row to the next; of
// a type that is not known nothing.
func memory(img image.Image) (pix []uint8, stride int) {
	switch m := img.(type) {
	case *image.Gray:
		return m.Pix, m.Stride
	case *image.Gray16:
		return m.Pix, m.Stride
	case *image.RGBA:
		return m.Pix, m.Stride
	case *image.NRGBA:
		return m.Pix, m.Stride
	case *image.RGBA64:
		return m.Pix, m.Stride
	case *image.NRGBA64:
		return m.Pix, m.Stride
	case *image.Paletted:
		return m.Pix, m.Stride
	}
	return nil, 0
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
