package tiff

import "fmt"

// FormatError says that a file is not what TIFF 6.0 allows, or is cut short.
type FormatError struct {
	Reason string // lower case, no full stop
}

func (e *FormatError) Error() string { return e.Reason }

// UnsupportedError says that a file may be fine but uses what this package does not do.
type UnsupportedError struct {
	Feature string // "WebP compression"
}

func (e *UnsupportedError) Error() string { return e.Feature }

// LimitError says that a file keeps the rules but asks for more than this package gives.
type LimitError struct {
	Limit string // "more than 10000 directories"
}

func (e *LimitError) Error() string { return e.Limit }

func badf(format string, a ...any) error { return &FormatError{fmt.Sprintf(format, a...)} }

func missingf(format string, a ...any) error { return &UnsupportedError{fmt.Sprintf(format, a...)} }

func overf(format string, a ...any) error { return &LimitError{fmt.Sprintf(format, a...)} }
