// Package animation puts the frames of an animation on their canvas, and finds of
// whole canvases what changes from one to the next. It knows no file format: GIF,
// APNG and WebP say each in its own way where a frame stands and what becomes of it.
//
// Colours are not premultiplied, and arithmetic is with integers, so that every
// machine shows the same.
package animation

import (
	"image"
	"time"

	"github.com/imgpar/imgpar/codec/pixels"
)

// Disposal says what becomes of a frame before the next one is drawn.
type Disposal byte

const (
	Keep    Disposal = iota // it stays
	Clear                   // its rectangle becomes transparent
	Restore                 // what was there before it comes back
)

// Placement is how a file wants a frame to be put on the canvas.
type Placement struct {
	image.Rectangle // where; what lies beyond the canvas is cut off
	Disposal        Disposal
	Over            bool          // its transparency shows what is below; else it takes the place of that
	Delay           time.Duration // that it is shown
}

// Canvas is what the frames of an animation are put on. It is transparent at
// first, as browsers have it whatever background the file names.
type Canvas struct {
	w, h  int
	size  int    // bytes of a pixel: 4, or 8 with 16 bits a channel
	pix   []byte // the canvas
	shown []byte // the copy of it that was handed out
	saved []byte // what the last frame covered, if that is to come back
	last  Placement
}

// NewCanvas returns an empty one; with deep, it has 16 bits a channel. It takes
// the memory of two to three such pictures.
func NewCanvas(width, height int, deep bool) *Canvas {
	c := &Canvas{w: width, h: height, size: pixelBytes(deep)}
	c.pix = make([]byte, c.w*c.h*c.size)
	c.shown = make([]byte, len(c.pix))
	return c
}

func pixelBytes(deep bool) int {
	if deep {
		return 8
	}
	return 4
}

// Add disposes of the last frame, draws img, which has the size of its rectangle
// and may be nil if that is empty, and returns what is shown then: an *image.NRGBA
// or, of a deep canvas, an *image.NRGBA64, whose memory the next call overwrites.
func (c *Canvas) Add(p Placement, img image.Image) image.Image {
	c.disposeLast()
	if p.Disposal == Restore {
		c.saved = append(c.saved[:0], c.pix...)
	}
	if !p.Empty() {
		c.draw(p, img)
	}
	c.last = p
	copy(c.shown, c.pix)
	r := image.Rect(0, 0, c.w, c.h)
	if c.size == 8 {
		return &image.NRGBA64{Pix: c.shown, Stride: 8 * c.w, Rect: r}
	}
	return &image.NRGBA{Pix: c.shown, Stride: 4 * c.w, Rect: r}
}

func (c *Canvas) disposeLast() {
	switch c.last.Disposal {
	case Clear:
		r := c.visible(c.last.Rectangle)
		for y := r.Min.Y; y < r.Max.Y; y++ {
			clear(c.row(y, r))
		}
	case Restore:
		copy(c.pix, c.saved)
	}
}

// visible is the part of r on the canvas.
func (c *Canvas) visible(r image.Rectangle) image.Rectangle {
	return r.Intersect(image.Rect(0, 0, c.w, c.h))
}

// row returns the pixels of r on a line of the canvas.
func (c *Canvas) row(y int, r image.Rectangle) []byte {
	return c.pix[(y*c.w+r.Min.X)*c.size : (y*c.w+r.Max.X)*c.size]
}

func (c *Canvas) draw(p Placement, img image.Image) {
	r := c.visible(p.Rectangle)
	pix, stride := pixels.Straight(img, c.size == 8)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		src := pix[(y-p.Min.Y)*stride+(r.Min.X-p.Min.X)*c.size:]
		switch dst := c.row(y, r); {
		case !p.Over:
			copy(dst, src)
		case c.size == 8:
			over16(dst, src)
		default:
			over8(dst, src)
		}
	}
}
