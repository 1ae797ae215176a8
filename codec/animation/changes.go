package animation

import (
	"bytes"
	"image"

	"github.com/imgpar/imgpar/codec/pixels"
)

// Changes finds of frames, each a whole canvas and all of one size, what changes
// from one to the next.
type Changes struct {
	Deep bool // frames are compared and given with 16 bits a channel, else 8
	Even bool // parts begin at even coordinates

	before, spare []byte // pixels of the last frame, and memory for the next
}

// Next returns the part of a frame that differs from the one before, at its place,
// and of the first one all: an *image.NRGBA or, with Deep, an *image.NRGBA64. It
// has one pixel if none differs, since a frame has to have some. Its memory is
// overwritten by the call after the next.
func (c *Changes) Next(img image.Image) image.Image {
	size := pixelBytes(c.Deep)
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	pix, stride := pixels.Straight(img, c.Deep)
	now := c.spare[:0]
	for y := range h {
		now = append(now, pix[y*stride:][:size*w]...)
	}
	all := image.Rect(0, 0, w, h)
	part := all
	if c.before != nil {
		part = difference(c.before, now, w, h, size)
	}
	if c.Even {
		part.Min.X, part.Min.Y = part.Min.X&^1, part.Min.Y&^1
	}
	c.before, c.spare = now, c.before
	if c.Deep {
		return (&image.NRGBA64{Pix: now, Stride: size * w, Rect: all}).SubImage(part)
	}
	return (&image.NRGBA{Pix: now, Stride: size * w, Rect: all}).SubImage(part)
}

// difference returns the rectangle of pixels that differ, or one pixel.
func difference(before, now []byte, w, h, size int) image.Rectangle {
	var r image.Rectangle
	for y := range h {
		p, q := before[y*w*size:][:w*size], now[y*w*size:][:w*size]
		if bytes.Equal(p, q) {
			continue
		}
		from, to := 0, w
		for bytes.Equal(p[from*size:][:size], q[from*size:][:size]) {
			from++
		}
		for bytes.Equal(p[(to-1)*size:][:size], q[(to-1)*size:][:size]) {
			to--
		}
		r = r.Union(image.Rect(from, y, to, y+1))
	}
	if r.Empty() {
		return image.Rect(0, 0, 1, 1)
	}
	return r
}
