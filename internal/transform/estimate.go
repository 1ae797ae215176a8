package transform

import (
	"os"

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

// Estimate returns the bytes of memory that the work on j takes at most, by
// the dimensions in its file's header: the file, the decoded picture, what the
// operations make of it and the encoded result. It returns 0 for a file that
// cannot be read or is refused, which costs nothing.
func Estimate(j job.Job) int64 {
	if _, err := os.Lstat(string(j.Output)); err == nil && !j.Overwrite && j.InPlace == nil {
		return 0
	}
	f, fi, err := open(j)
	if err != nil {
		return 0
	}
	defer f.Close() // only read
	h, err := codec.ReadHeader(f, fi.Size(), j.MaxPixels)
	if err != nil {
		return 0
	}
	p, err := ops.Parse(j.Pipeline)
	if err != nil {
		return 0
	}
	r := choose(j, p, h.Format)
	if r == splice && h.Luma && !j.Salvage {
		return spliceCopies*fi.Size() + spliceBytes*int64(h.Width)*int64(h.Height)/64
	}
	n := pixelEstimate(j, p, h, fi.Size())
	if r == planes && h.Luma {
		n = planesEstimate(j, p, h, fi.Size())
	}
	switch {
	case j.Salvage && h.Format == codec.JPEG: // samples are made of coefficients
		n += h.CodedBytes(fi.Size())
	case r == coded:
		n = max(n, h.CodedBytes(fi.Size()))
	}
	return n
}

// planesEstimate is the estimate for the route by planes: the file, the planes
// as they are decoded, and two samples for each of the result's three
// components; then those of what remains to be done to it.
func planesEstimate(j job.Job, p ops.Pipeline, h codec.Header, size int64) int64 {
	width, height := h.Displayed()
	if _, _, err := p.Check(width, height, limits(j)); err != nil {
		return 0
	}
	at, ok := p.Place(h.Width, h.Height, h.Orientation)
	if !ok {
		return pixelEstimate(j, p, h, size)
	}
	shown := at.Shown()
	result, peak, err := at.Rest.Check(shown.X, shown.Y, limits(j))
	if err != nil {
		return 0
	}
	return h.PlaneBytes(size, chooseScale(at)) + 6*int64(area(at.Size)) + pixelBytes*(peak+int64(area(result)))
}

// pixelEstimate is the estimate for the route by pixels.
func pixelEstimate(j job.Job, p ops.Pipeline, h codec.Header, size int64) int64 {
	width, height := h.Displayed()
	result, peak, err := p.Check(width, height, limits(j))
	if err != nil {
		return 0
	}
	each := int64(pixelBytes)
	if h.Depth() > 8 {
		each = deepPixelBytes
	}
	n := h.DecodeBytes(size) + each*(peak+int64(area(result)))
	if h.Frames > 1 && !j.First {
		n += frameBytes * (int64(area(result)) * int64(h.Frames)) // what is written so far stays in memory
		n += compositionBytes * int64(area(result))
	}
	return n
}
