package webp

import "fmt"

// FormatError says that a file is not what the specification allows.
type FormatError struct {
	Reason string // lower case but for names, no full stop: "the WebP holds no picture"
}

func (e *FormatError) Error() string { return e.Reason }

func formatf(format string, a ...any) error { return &FormatError{fmt.Sprintf(format, a...)} }

// MaxChunks is how many chunks of a file are looked at.
const MaxChunks = 100_000

// ErrChunks is the error of a file of more chunks than MaxChunks.
var ErrChunks = fmt.Errorf("more than %d WebP chunks", MaxChunks)
