package ops

import "image"

// nearest takes for each pixel of the result the one of part that its middle falls into. The type stays where pixels lie
// together in memory; others become RGBA or NRGBA.
func nearest(src image.Image, part image.Rectangle, size image.Point) (image.Image, error) {
	r := image.Rectangle{Max: size}
	dst, to, from, bytes := blankLike(src, r)
	if err := from.check(bytes, src.Bounds()); err != nil {
		return nil, err
	}
	if dst == nil {
		n, err := toNRGBA(src)
		if err != nil {
			return nil, err
		}
		out := image.NewNRGBA(r)
		nearestPlane(plane{out.Pix, out.Stride}, plane{n.Pix, n.Stride}, part, size, 4)
		return plain(out), nil
	}
	nearestPlane(to, from, part, size, bytes)
	return dst, nil
}

func nearestPlane(to, from plane, part image.Rectangle, size image.Point, bytes int) {
	columns := make([]int, size.X)
	dx, dy := float64(part.Dx())/float64(size.X), float64(part.Dy())/float64(size.Y)
	for x := range columns {
		columns[x] = (part.Min.X + int((float64(x)+0.5)*dx)) * bytes
	}
	for y := range size.Y {
		row := from.pix[(part.Min.Y+int((float64(y)+0.5)*dy))*from.stride:]
		dst := to.pix[y*to.stride:]
		for x, at := range columns {
			copy(dst[x*bytes:(x+1)*bytes], row[at:at+bytes])
		}
	}
}
