package codec

import (
	"bytes"
	"image"
	"iter"
	"slices"
)

// lostTime is the note on delays that are no whole number of milliseconds.
const lostTime = "delays rounded to 1/1000 s"

// change is a frame of an animation that is written without loss: of its pixels
// the rectangle that differs from the frame before, of the first one all.
type change struct {
	Frame
	first bool
	w, h  int
	size  int    // bytes of a pixel: 4, or 8 with 16 bits a channel; not premultiplied
	pix   []byte // the whole frame
	rect  image.Rectangle
}

// eachChange calls visit for every frame. With deep, 16 bits a channel are kept
// if the first frame has them.
func eachChange(frames iter.Seq2[Frame, error], deep bool, visit func(change) error) (notes []string, err error) {
	c := change{first: true, size: 4}
	var before, spare []byte // pixels of the last frame, and memory for the next
	for f, err := range frames {
		if err != nil {
			return nil, err
		}
		b := f.Image.Bounds()
		if c.first {
			if c.w, c.h = b.Dx(), b.Dy(); deep && IsDeep(f.Image) {
				c.size = 8
			}
		}
		if b.Dx() != c.w || b.Dy() != c.h {
			return nil, otherSize(c.w, c.h, b)
		}
		if c.size == 4 && IsDeep(f.Image) {
			notes = addNotes(notes, NoteShallow)
		}
		c.Frame = f
		c.pix = appendRows(spare[:0], f.Image, c.size)
		if c.rect = image.Rect(0, 0, c.w, c.h); !c.first {
			c.rect = c.since(before)
		}
		if err := visit(c); err != nil {
			return nil, err
		}
		before, spare, c.first = c.pix, before, false
	}
	if c.first {
		return nil, unsupportedf("an animation of no frames")
	}
	return notes, nil
}

func appendRows(out []byte, img image.Image, size int) []byte {
	pix, stride := plain(img, size)
	for y := range img.Bounds().Dy() {
		out = append(out, pix[y*stride:][:size*img.Bounds().Dx()]...)
	}
	return out
}

// since returns the rectangle of pixels that differ, or one pixel if none does: a
// frame has to have some.
func (c change) since(before []byte) image.Rectangle {
	var r image.Rectangle
	line := c.w * c.size
	for y := range c.h {
		p, q := before[y*line:][:line], c.pix[y*line:][:line]
		if bytes.Equal(p, q) {
			continue
		}
		from, to := 0, c.w
		for bytes.Equal(p[from*c.size:][:c.size], q[from*c.size:][:c.size]) {
			from++
		}
		for bytes.Equal(p[(to-1)*c.size:][:c.size], q[(to-1)*c.size:][:c.size]) {
			to--
		}
		r = r.Union(image.Rect(from, y, to, y+1))
	}
	if r.Empty() {
		return image.Rect(0, 0, 1, 1)
	}
	return r
}

// row returns the pixels of a rectangle on a line.
func (c change) row(y int, r image.Rectangle) []byte {
	return c.pix[(y*c.w+r.Min.X)*c.size : (y*c.w+r.Max.X)*c.size]
}

func otherSize(w, h int, b image.Rectangle) error {
	return unsupportedf("an animation with frames of %dx%d and of %dx%d pixels", w, h, b.Dx(), b.Dy())
}

// addNotes adds those that are not there yet.
func addNotes(notes []string, more ...string) []string {
	for _, n := range more {
		if !slices.Contains(notes, n) {
			notes = append(notes, n)
		}
	}
	return notes
}
