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

// Estimate returns the bytes of memory that the work on j takes at most, by
// the dimensions in its file's header: the file, the decoded picture, what the
// operations make of it and the encoded result. It returns 0 for a file that
// cannot be read or is refused, which costs nothing.
func Estimate(j job.Job) int64 {
	if _, err := os.Lstat(string(j.Output)); err == nil && !j.Overwrite && !j.InPlace {
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
	switch r := choose(j, p, h.Format); {
	case r == splice && h.Luma && !j.Salvage:
		return spliceCopies*fi.Size() + spliceBytes*int64(h.Width)*int64(h.Height)/64
	case j.Salvage && h.Format == codec.JPEG: // samples are made of coefficients
		return h.CodedBytes(fi.Size()) + pixelEstimate(j, p, h, fi.Size())
	case r == coded:
		return max(h.CodedBytes(fi.Size()), pixelEstimate(j, p, h, fi.Size()))
	}
	return pixelEstimate(j, p, h, fi.Size())
}

// pixelEstimate is the estimate for the route by pixels.
func pixelEstimate(j job.Job, p ops.Pipeline, h codec.Header, size int64) int64 {
	width, height := h.Displayed()
	result, peak, err := p.Check(width, height, limits(j))
	if err != nil {
		return 0
	}
	each := int64(pixelBytes)
	if h.Bits == 16 {
		each = deepPixelBytes
	}
	return h.DecodeBytes(size) + each*(peak+int64(result.X)*int64(result.Y))
}
