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
	if h.Luma && choose(j, p, h.Format) == splice {
		return spliceCopies*fi.Size() + spliceBytes*int64(h.Width)*int64(h.Height)/64
	}
	width, height := h.Displayed()
	result, peak, err := p.Check(width, height, limits(j))
	if err != nil {
		return 0
	}
	each := int64(pixelBytes)
	if h.Bits == 16 {
		each = deepPixelBytes
	}
	return h.DecodeBytes(fi.Size()) + each*(peak+int64(result.X)*int64(result.Y))
}
