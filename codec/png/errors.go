package png

import "fmt"

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
