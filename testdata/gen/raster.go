package main

// raster is a picture as every encoder here takes it: samples of 1 to 16
// bits, interleaved, row by row from the top.
//
// Channels: 1 gray or palette index, 2 gray+alpha, 3 RGB, 4 RGB+alpha or
// CMYK. Alpha is never premultiplied.
type raster struct {
	w, h, channels, bits int
	pix                  []uint16
}

func newRaster(w, h, channels, bits int) *raster {
	return &raster{w, h, channels, bits, make([]uint16, w*h*channels)}
}

// at returns the samples of one pixel; writing to them writes the picture.
func (r *raster) at(x, y int) []uint16 {
	i := (y*r.w + x) * r.channels
	return r.pix[i : i+r.channels]
}

// clamped is at with coordinates beyond the edge moved to it.
func (r *raster) clamped(x, y int) []uint16 {
	return r.at(min(x, r.w-1), min(y, r.h-1))
}

// each returns a picture of the same size whose pixels are f's.
func (r *raster) each(channels, bits int, f func(dst, src []uint16)) *raster {
	out := newRaster(r.w, r.h, channels, bits)
	for y := range r.h {
		for x := range r.w {
			f(out.at(x, y), r.at(x, y))
		}
	}
	return out
}

// depth keeps the most significant bits of every sample.
func (r *raster) depth(bits int) *raster {
	return r.each(r.channels, bits, func(dst, src []uint16) {
		for i, v := range src {
			dst[i] = v >> (r.bits - bits)
		}
	})
}

// gray weighs red, green and blue as Rec. 601 does. Alpha stays.
func (r *raster) gray() *raster {
	return r.each(r.channels-2, r.bits, func(dst, src []uint16) {
		dst[0] = uint16((299*int(src[0]) + 587*int(src[1]) + 114*int(src[2]) + 500) / 1000)
		copy(dst[1:], src[3:])
	})
}

// crop returns a copy of a part.
func (r *raster) crop(x0, y0, w, h int) *raster {
	out := newRaster(w, h, r.channels, r.bits)
	for y := range h {
		for x := range w {
			copy(out.at(x, y), r.at(x0+x, y0+y))
		}
	}
	return out
}

// stored returns how a file of that EXIF orientation (1 to 8) stores r: a
// viewer that obeys the orientation shows r again.
func (r *raster) stored(orientation int) *raster {
	w, h := r.w, r.h
	if orientation >= 5 {
		w, h = h, w
	}
	out := newRaster(w, h, r.channels, r.bits)
	for y := range h {
		for x := range w {
			left, top := x, y
			right, bottom := w-1-x, h-1-y
			from := [...][2]int{
				1: {left, top}, 2: {right, top}, 3: {right, bottom}, 4: {left, bottom},
				5: {top, left}, 6: {bottom, left}, 7: {bottom, right}, 8: {top, right},
			}[orientation]
			copy(out.at(x, y), r.at(from[0], from[1]))
		}
	}
	return out
}
