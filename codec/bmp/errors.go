package bmp

import "fmt"

// FormatError says that a file is not what the format allows.
type FormatError struct {
	Offset int64  // bytes from the start of the file
	Reason string // what the file does, lower case, no full stop: "ends too early"
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("the BMP %s at offset %d", e.Reason, e.Offset)
}

func formatf(off int64, format string, a ...any) error {
	return &FormatError{off, fmt.Sprintf(format, a...)}
}

// UnsupportedError names what a file needs that this package does not do.
type UnsupportedError string

func (e UnsupportedError) Error() string { return string(e) }
