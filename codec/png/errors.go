package png

import "fmt"

// maxChunks is the most chunks of an animation, and of a damaged file the most of
// those that its picture is put together from.
const maxChunks = 1 << 20

// ErrChunks is the error of an animation of more chunks than are read.
var ErrChunks = fmt.Errorf("more than %d APNG chunks", maxChunks)

// FormatError says that a file is not what the specification allows.
type FormatError struct {
	Offset   int64  // bytes from the start of the file
	Reason   string // lower case, no full stop
	Hopeless bool   // no picture, or no animation, can be had of the file, and the offset is not known
}

func (e *FormatError) Error() string {
	if e.Hopeless {
		return e.Reason
	}
	return fmt.Sprintf("%s at offset %d", e.Reason, e.Offset)
}

// UnsupportedError names what a file needs that is not done here.
type UnsupportedError string

func (e UnsupportedError) Error() string { return "PNG with " + string(e) }
