package pixels

import (
	"image"
	"image/draw"
)

// Look tells of pixels with red, green, blue and alpha, of size bytes each channel,
// 1 or 2, whether all are opaque, and, if they are not, whether all are gray. That
// of transparent ones counts too, unless colours are premultiplied and so 0.
func Look(pix []byte, stride, width, height, size int) (opaque, gray bool) {
	opaque, gray = true, true
	for y := 0; y < height && (opaque || gray); y++ {
		for row := pix[y*stride:][:4*size*width]; len(row) > 0; row = row[4*size:] {
			if size == 1 {
				opaque = opaque && row[3] == 255
				gray = gray && row[0] == row[1] && row[1] == row[2]
				continue
			}
			opaque = opaque && row[6] == 255 && row[7] == 255
			gray = gray && row[0] == row[2] && row[2] == row[4] && row[1] == row[3] && row[3] == row[5]
		}
	}
	return opaque, gray
}

// IsOpaque tells whether a picture is known to have no transparent pixel.
func IsOpaque(img image.Image) bool {
	o, ok := img.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// IsGrayAlpha tells whether a picture of four channels has transparency and only
// grays, so that a file may hold it as gray with alpha.
func IsGrayAlpha(img image.Image) bool {
	return onlyGrays(img) && !IsOpaque(img)
}

// Grays returns an opaque picture of four channels that has only grays as one of
// gray with the same depth, and nil for any other.
func Grays(img image.Image) image.Image {
	if !onlyGrays(img) || !IsOpaque(img) {
		return nil
	}
	b := img.Bounds()
	r := image.Rect(0, 0, b.Dx(), b.Dy())
	var out draw.Image = image.NewGray(r)
	switch img.(type) {
	case *image.RGBA64, *image.NRGBA64:
		out = image.NewGray16(r)
	}
	draw.Draw(out, r, img, b.Min, draw.Src)
	return out
}

// onlyGrays tells whether no pixel of a picture of four channels has a colour,
// transparent ones included. It ends at the first that has.
func onlyGrays(img image.Image) bool {
	pix, stride, size := []uint8(nil), 0, 1
	switch m := img.(type) {
	case *image.RGBA:
		pix, stride = m.Pix, m.Stride
	case *image.NRGBA:
		pix, stride = m.Pix, m.Stride
	case *image.RGBA64:
		pix, stride, size = m.Pix, m.Stride, 2
	case *image.NRGBA64:
		pix, stride, size = m.Pix, m.Stride, 2
	default:
		return false
	}
	for y := range img.Bounds().Dy() {
		for row := pix[y*stride:][:4*size*img.Bounds().Dx()]; len(row) > 0; row = row[4*size:] {
			if row[0] != row[size] || row[0] != row[2*size] || size == 2 && (row[1] != row[3] || row[1] != row[5]) {
				return false
			}
		}
	}
	return true
}
