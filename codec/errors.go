package codec

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Kind tells apart the reasons for which a file cannot be read. It is the
// first word of an Error's text.
type Kind string

const (
	Damaged     Kind = "damaged"     // a JPEG or PNG, against the rules at an offset
	Corrupt     Kind = "corrupt"     // against the rules of its format, or cut short
	Unsupported Kind = "unsupported" // within the rules, but not read here
	TooLarge    Kind = "too-large"   // over a limit
)

// Error is why a file cannot be read.
type Error struct {
	Kind   Kind
	Detail string
}

func (e *Error) Error() string {
	if e.Kind == Damaged {
		return string(e.Kind) + " " + e.Detail // "at offset 4711: ..."
	}
	return string(e.Kind) + ": " + e.Detail
}

// IsDamaged tells whether err says that a JPEG or PNG is damaged, so that
// DecodeOptions.Salvage may help.
func IsDamaged(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == Damaged
}

func corruptf(format string, a ...any) error {
	return &Error{Corrupt, fmt.Sprintf(format, a...)}
}

func unsupportedf(format string, a ...any) error {
	return &Error{Unsupported, fmt.Sprintf(format, a...)}
}

func tooLargef(format string, a ...any) error {
	return &Error{TooLarge, fmt.Sprintf(format, a...)}
}

// readErr makes an error of reading f's structure one of ours: the end of the
// file is the file's fault, anything else (the disk, the context) is not.
func readErr(f Format, err error) error {
	var own *Error
	switch {
	case err == nil, errors.As(err, &own),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return corruptf("the %s ends too early", f)
	}
	return err
}
