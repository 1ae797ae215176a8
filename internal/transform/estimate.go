package transform

import (
	"image"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/ops"
)

// Bytes a pixel of the pictures that operations make.
const (
	pixelBytes     = 4
	deepPixelBytes = 8
)

// A splice holds the file, its bits without stuffing, the luma's bits and the
// output, and some numbers for each block of 8x8 pixels.
const (
	spliceCopies = 4
	spliceBytes  = 16
)

// Writing several pictures holds those that are encoded already, and for an
// animation canvases to compare.
const (
	frameBytes       = 1
	compositionBytes = 24
)

// encoderBytes are those that an encoder takes for a pixel, beside the picture and
// one of the same size that it is made fit in: its own form of it, and the file as
// it grows.
var encoderBytes = map[codec.Format]int64{codec.WebP: 12, codec.PNG: 4, codec.TIFF: 4, codec.BMP: 4, codec.GIF: 4}

// Estimate returns the bytes of memory that the work w takes at most, by the header
// of its input: the file, the decoded picture, what the operations make of it and the
// encoded result, of several outputs the largest. For least, the encoded result of
// several pictures is left out, which may be much smaller than they are, and the
// tables of a WebP.
//
// Of a file that is refused, for its header, which refused says, or by its
// operations, that is its size, since it is read. Both are 0 for one that is too long
// to be, and where no output is wanted. What is not in it is bounded by limits of
// package codec, and small: metadata, at most 64 MiB decompressed, and tables.
func Estimate(w job.Work, h codec.Header, refused error) (most, least int64) {
	if len(w.Wanted()) == 0 || w.Size > codec.MaxFileSize {
		return 0, 0
	}
	if refused != nil {
		return w.Size, w.Size
	}
	sound := make([]task, 0, 1) // which most often is all
	for i := range w.Targets() {
		one := only(w.Job, i)
		if p, err := checked(one, h); err == nil {
			sound = append(sound, task{Job: one, pipeline: p, head: h})
		}
	}
	together := share(sound)
	var all need
	for i := range sound {
		t := &sound[i]
		if !t.UpToDate {
			all = all.and(t.need(w.Size, together.scale))
		}
	}
	least = max(w.Size, all.total(together.scale))
	return least + all.frames + h.TableBytes(w.Size), least
}

// need is the memory of work on targets, bytes.
type need struct {
	moved   int64 // for what is not decoded, all of it
	planes  int64 // decoded
	pixels  int64
	made    int64 // of what is decoded
	frames  int64 // as they are written
	salvage int64 // coefficients, of which samples are made then
}

// and is the need of targets that come one after another.
func (n need) and(m need) need {
	return need{max(n.moved, m.moved), max(n.planes, m.planes), max(n.pixels, m.pixels), max(n.made, m.made), max(n.frames, m.frames), max(n.salvage, m.salvage)}
}

// total adds what is held at once, but for frames. At full size planes are pixels as well; else
// one is decoded beside the other, where it turns out to be needed.
func (n need) total(scale int) int64 {
	decoded := n.planes + n.pixels
	if scale == 1 {
		decoded = max(n.planes, n.pixels)
	}
	return max(n.moved, decoded+n.made) + n.salvage
}

// need is that of t on a file of so many bytes, whose planes are decoded at a
// scale.
func (t task) need(size int64, scale int) (n need) {
	r, at, _ := foresee(t.Job, t.pipeline, t.head)
	switch {
	case t.Salvage && t.head.Format == codec.JPEG:
		n.salvage = t.head.CodedBytes(size)
	case r == splice:
		n.moved = spliceCopies*size + spliceBytes*t.head.Pixels()/64
	case r == coded:
		n.moved = t.head.CodedBytes(size)
	}
	switch {
	case r == planes && t.head.Luma:
		n.planes, n.made = t.planesNeed(at, size, scale)
		if chooseScale(at) > scale { // with what they are reduced to: 1/4, 1/16 and 1/64 of three components
			n.planes += t.head.Pixels() / int64(scale*scale)
		}
	case r != splice || t.Salvage || t.TargetSize > 0:
		n.pixels, n.made, n.frames = t.pixelsNeed(size) // of coefficients, where they turn out not to do
	}
	return n
}

// planesNeed is what the route by planes takes: the file and the planes as they
// are decoded; two samples for each of the result's three components, and what
// remains to be done to it.
func (t task) planesNeed(at ops.Placement, size int64, scale int) (decoded, made int64) {
	shown := at.Shown()
	result, peak, err := at.Rest.Check(shown.X, shown.Y, limits(t.Job))
	if err != nil {
		return 0, 0
	}
	return t.head.PlaneBytes(size, scale), 6*int64(area(at.Size)) + pixelBytes*(peak+int64(area(result))) + t.encoderNeed(result)
}

// pixelsNeed is what the route by pixels takes: the file and the picture, and
// what the operations make. A JPEG that is coded several times for its target
// size is held twice, in less than is counted here for once.
func (t task) pixelsNeed(size int64) (decoded, made, frames int64) {
	width, height := t.head.Displayed()
	decoded = t.head.DecodeBytes(size)
	several := t.head.Frames > 1 && !t.First
	if several && !t.head.Animated { // pages, of which each may have a size of its own
		var page int64
		width, height, page = t.head.LargestPage()
		decoded = size + page
	}
	result, peak, err := t.pipeline.Check(width, height, limits(t.Job))
	if several && err != nil { // that page will be refused, and those before it are worked on
		width, height = t.head.Displayed()
		result, peak, err = t.pipeline.Check(width, height, limits(t.Job))
	}
	if err != nil {
		return 0, 0, 0
	}
	each := int64(pixelBytes)
	if t.head.Depth() > 8 {
		each = deepPixelBytes
	}
	made = each*(peak+int64(area(result))) + t.encoderNeed(result)
	if several {
		frames = frameBytes * (int64(area(result)) * int64(t.head.Frames)) // what is written so far stays in memory
		if t.head.Animated {
			made += compositionBytes * int64(area(result))
		}
	}
	return decoded, made, frames
}

// encoderNeed is what it takes to write a result.
func (t task) encoderNeed(result image.Point) int64 {
	return encoderBytes[outputFormat(t.Job, t.head.Format)] * int64(area(result))
}
