package codec

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/imgpar/imgpar/codec/jpeg"
)

// ErrNeedsPixels says that a picture cannot be worked on in its coded form.
var ErrNeedsPixels = errors.New("the picture must be decoded")

// GrayJPEG appends to dst a gray JPEG of the one in data, made without
// decoding: its luma to the bit, the other metadata as they are, the
// orientation among them. Of colour profiles only one for gray is kept, since
// one for RGB is wrong in a gray file (ICC.1:2022, 7.2.6), and none means
// the gray of sRGB. A gray JPEG comes out as it is.
//
// The error is ErrNeedsPixels for a JPEG that has no luma of full size, and an
// *Error of kind Damaged for one that breaks the rules in what is read of it:
// everything but chroma scans of their own.
func GrayJPEG(dst, data []byte, mem *jpeg.Scratch) (out []byte, notes []string, err error) {
	f, err := jpeg.Parse(data)
	if err != nil {
		return nil, nil, jpegErr(err)
	}
	icc := jpegMetadata(bytes.NewReader(data)).ICC
	dropICC := f.Color != jpeg.Gray && profileSpace(icc) != "GRAY"
	keep := func(s jpeg.Segment) bool {
		adobe := s.Marker == markAPP14 // says how colours are coded
		return !adobe && !(dropICC && s.Marker == markAPP2 && bytes.HasPrefix(s.Data, []byte(iccPrefix)))
	}
	if out, err = f.AppendGray(context.Background(), dst, keep, mem); err != nil {
		return nil, nil, jpegErr(err)
	}
	if f.Color == jpeg.Gray {
		return append(dst, data...), nil, nil
	}
	var lost []string
	if dropICC && icc != nil {
		lost = append(lost, profileName(icc))
	}
	if len(bytes.Trim(f.Rest, "\x00")) > 0 {
		lost = append(lost, "data behind the picture")
	}
	return out, notKept(lost), nil
}

// jpegErr makes an error of package jpeg one of ours.
func jpegErr(err error) error {
	var (
		damaged *jpeg.FormatError
		limit   *jpeg.LimitError
	)
	switch {
	case errors.As(err, &damaged):
		return &Error{Damaged, fmt.Sprintf("at offset %d: %s", damaged.Offset, damaged.Reason)}
	case errors.As(err, &limit):
		return &Error{TooLarge, limit.Limit}
	}
	return ErrNeedsPixels
}
