package pixels

import "image"

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
	opaque, gray := true, false
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	switch m := img.(type) {
	case *image.RGBA:
		opaque, gray = Look(m.Pix, m.Stride, w, h, 1)
	case *image.NRGBA:
		opaque, gray = Look(m.Pix, m.Stride, w, h, 1)
	case *image.RGBA64:
		opaque, gray = Look(m.Pix, m.Stride, w, h, 2)
	case *image.NRGBA64:
		opaque, gray = Look(m.Pix, m.Stride, w, h, 2)
	}
	return gray && !opaque
}
