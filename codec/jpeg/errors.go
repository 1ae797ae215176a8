package jpeg

import "fmt"

// FormatError says that a file is not what T.81 allows.
type FormatError struct {
	Offset int    // bytes from the start of the file
	Reason string // lower case, no full stop
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("%s at offset %d", e.Reason, e.Offset)
}

// UnsupportedError says that a file may be fine but uses what this package
// does not do.
type UnsupportedError struct {
	Offset  int    // bytes from the start of the file; 0: it is no one place
	Feature string // "arithmetic coding"
}

func (e *UnsupportedError) Error() string {
	if e.Offset == 0 {
		return e.Feature
	}
	return fmt.Sprintf("%s at offset %d", e.Feature, e.Offset)
}

// LimitError says that a file keeps the rules but asks for more work than this
// package does.
type LimitError struct {
	Limit string // "more than 500 scans"
}

func (e *LimitError) Error() string { return e.Limit }
