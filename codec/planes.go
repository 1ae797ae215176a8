package codec

import (
	"image"
	"image/color"

	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/internal/jfif"
)

// fromPlanes returns the picture of p, which shares the memory of its planes
// where package image has a type for them. inverted is that of jpeg.File.
func fromPlanes(p *jpeg.Planes, inverted bool) image.Image {
	switch p.Color {
	case jpeg.Gray:
		y := &p.Planes[0]
		return &image.Gray{Pix: y.Pix, Stride: y.Stride, Rect: image.Rect(0, 0, p.Width, p.Height)}
	case jpeg.YCbCr:
		return yCbCr(p)
	case jpeg.RGB:
		img := image.NewRGBA(image.Rect(0, 0, p.Width, p.Height))
		interleave(img.Pix, img.Stride, p)
		for i := 3; i < len(img.Pix); i += 4 {
			img.Pix[i] = 0xff
		}
		return img
	}
	return inks(p, inverted)
}

// yCbCr brings chroma of another sampling than those of package image to full
// size, and luma of less than that.
func yCbCr(p *jpeg.Planes) *image.YCbCr {
	y, cb, cr := &p.Planes[0], &p.Planes[1], &p.Planes[2]
	hmax, vmax := largest(p)
	ratio, ok := jfif.Ratio(hmax/cb.H, vmax/cb.V)
	if !ok || cb.H != cr.H || cb.V != cr.V || hmax%cb.H != 0 || vmax%cb.V != 0 {
		ratio = image.YCbCrSubsampleRatio444
		cb, cr = fullSize(p, 1), fullSize(p, 2)
	}
	if y.H != hmax || y.V != vmax {
		y = fullSize(p, 0)
	}
	return &image.YCbCr{
		Y: y.Pix, YStride: y.Stride, Cb: cb.Pix, Cr: cr.Pix, CStride: cb.Stride,
		SubsampleRatio: ratio, Rect: image.Rect(0, 0, p.Width, p.Height),
	}
}

// inks returns a picture in which 255 is full ink. Adobe's files hold 255 less
// the ink. YCCK is always theirs: what YCbCr gives there is 255 less that
// value, and so the ink (Adobe Technical Note 5116, section 18).
func inks(p *jpeg.Planes, inverted bool) *image.CMYK {
	img := image.NewCMYK(image.Rect(0, 0, p.Width, p.Height))
	interleave(img.Pix, img.Stride, p)
	for i := 0; inverted && i < len(img.Pix); i += 4 {
		px := img.Pix[i : i+4 : i+4]
		if p.Color == jpeg.YCCK {
			px[0], px[1], px[2] = color.YCbCrToRGB(px[0], px[1], px[2])
		} else {
			px[0], px[1], px[2] = 255-px[0], 255-px[1], 255-px[2]
		}
		px[3] = 255 - px[3]
	}
	return img
}

func largest(p *jpeg.Planes) (hmax, vmax int) {
	for i := range p.Planes {
		hmax, vmax = max(hmax, p.Planes[i].H), max(vmax, p.Planes[i].V)
	}
	return hmax, vmax
}

// fullSize returns a plane of p with a sample for each pixel, and nothing
// between its rows.
func fullSize(p *jpeg.Planes, i int) *jpeg.Plane {
	pl := &p.Planes[i]
	hmax, vmax := largest(p)
	out := &jpeg.Plane{H: 1, V: 1, Width: p.Width, Height: p.Height, Stride: p.Width, Pix: make([]byte, p.Width*p.Height)}
	for y := range p.Height {
		from, to := pl.Pix[y*pl.V/vmax*pl.Stride:], out.Pix[y*out.Stride:][:p.Width]
		for x := range to {
			to[x] = from[x*pl.H/hmax]
		}
	}
	return out
}

// interleave writes the planes of p as the first bytes of pixels of 4 bytes.
func interleave(pix []byte, stride int, p *jpeg.Planes) {
	hmax, vmax := largest(p)
	for i := range p.Planes {
		pl := &p.Planes[i]
		for y := range p.Height {
			from, to := pl.Pix[y*pl.V/vmax*pl.Stride:], pix[y*stride:][:4*p.Width]
			for x := range p.Width {
				to[4*x+i] = from[x*pl.H/hmax]
			}
		}
	}
}

// toPlanes returns the samples of an opaque picture as a JPEG holds them: gray
// pictures in one plane, YCbCr as it is, others as YCbCr 4:2:0.
func toPlanes(img image.Image) *jpeg.Planes {
	switch m := img.(type) {
	case *image.Gray:
		w, h := m.Rect.Dx(), m.Rect.Dy()
		return &jpeg.Planes{Width: w, Height: h, Color: jpeg.Gray, Planes: []jpeg.Plane{
			{H: 1, V: 1, Width: w, Height: h, Stride: m.Stride, Pix: m.Pix}}}
	case *image.YCbCr:
		return chromaAtZero(m)
	case *image.RGBA:
		return halfChroma(m)
	}
	return halfChroma(rgba(img))
}

// chromaAtZero returns the planes of m, whose upper left corner may lie within
// the pixels that share a chroma sample; then these are sampled anew.
func chromaAtZero(m *image.YCbCr) *jpeg.Planes {
	share, ok := jfif.Sharing(m.SubsampleRatio)
	if !ok {
		share = image.Pt(1, 1)
	}
	h, v := share.X, share.Y
	w, ht := m.Rect.Dx(), m.Rect.Dy()
	p := &jpeg.Planes{Width: w, Height: ht, Color: jpeg.YCbCr, Planes: []jpeg.Plane{
		{H: h, V: v, Width: w, Height: ht, Stride: m.YStride, Pix: m.Y[m.YOffset(m.Rect.Min.X, m.Rect.Min.Y):]}}}
	for _, pix := range [][]byte{m.Cb, m.Cr} {
		pl := jpeg.Plane{H: 1, V: 1, Width: (w + h - 1) / h, Height: (ht + v - 1) / v, Stride: m.CStride}
		if m.Rect.Min.X%h == 0 && m.Rect.Min.Y%v == 0 {
			pl.Pix = pix[m.COffset(m.Rect.Min.X, m.Rect.Min.Y):]
		} else {
			pl.Stride, pl.Pix = pl.Width, resited(m, pix, pl.Width, pl.Height, h, v)
		}
		p.Planes = append(p.Planes, pl)
	}
	return p
}

// resited returns the means of the chroma under each h x v pixels of m.
func resited(m *image.YCbCr, pix []byte, width, height, h, v int) []byte {
	out := make([]byte, width*height)
	for cy := range height {
		for cx := range width {
			sum, n := 0, 0
			at := m.Rect.Min.Add(image.Pt(cx*h, cy*v))
			for y := at.Y; y < min(at.Y+v, m.Rect.Max.Y); y++ {
				for x := at.X; x < min(at.X+h, m.Rect.Max.X); x++ {
					sum += int(pix[m.COffset(x, y)])
					n++
				}
			}
			out[cy*width+cx] = uint8((sum + n/2) / n)
		}
	}
	return out
}

// halfChroma converts to YCbCr (JFIF 1.02) with one chroma sample for 2x2 pixels, that of
// their mean colour.
func halfChroma(m *image.RGBA) *jpeg.Planes {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	cw, ch := (w+1)/2, (h+1)/2
	luma := make([]byte, w*h)
	cb, cr := make([]byte, cw*ch), make([]byte, cw*ch)
	pix := m.Pix[m.PixOffset(m.Rect.Min.X, m.Rect.Min.Y):]
	for cy := range ch {
		y0, y1 := 2*cy, min(2*cy+1, h-1)
		top, low := pix[y0*m.Stride:][:4*w], pix[y1*m.Stride:][:4*w]
		jfif.FromRGBA(luma[y0*w:][:w], luma[y1*w:][:w], cb[cy*cw:][:cw], cr[cy*cw:][:cw], top, low)
	}
	return &jpeg.Planes{Width: w, Height: h, Color: jpeg.YCbCr, Planes: []jpeg.Plane{
		{H: 2, V: 2, Width: w, Height: h, Stride: w, Pix: luma},
		{H: 1, V: 1, Width: cw, Height: ch, Stride: cw, Pix: cb},
		{H: 1, V: 1, Width: cw, Height: ch, Stride: cw, Pix: cr},
	}}
}
