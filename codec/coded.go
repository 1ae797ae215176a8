package codec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"slices"

	"github.com/imgpar/imgpar/codec/jpeg"
)

// NeedsPixelsError says why a picture cannot be worked on in its coded form.
type NeedsPixelsError struct{ Reason string }

func (e *NeedsPixelsError) Error() string { return "the picture must be decoded: " + e.Reason }

// GrayJPEG appends to dst a gray JPEG of the one in data, made without
// decoding: its luma to the bit, the other metadata as they are, the
// orientation among them. Of colour profiles only one for gray is kept, since
// one for RGB is wrong in a gray file (ICC.1:2022, 7.2.6), and none means
// the gray of sRGB. A gray JPEG comes out as it is.
//
// The error is a *NeedsPixelsError for a JPEG that has no luma of full size,
// and an *Error of kind Damaged for one that breaks the rules in what is read
// of it: everything but chroma scans of their own.
func GrayJPEG(ctx context.Context, dst, data []byte, carry Carry, mem *jpeg.Scratch) (out []byte, notes []string, err error) {
	f, err := jpeg.Parse(data)
	if err != nil {
		return nil, nil, codedErr(err)
	}
	keep, lost := grayKeeps(f)
	if out, err = f.AppendGray(ctx, dst, keep, mem); err != nil {
		return nil, nil, orDone(ctx, codedErr(err))
	}
	if f.Color == jpeg.Gray {
		return append(dst, data...), nil, nil
	}
	return out, notKept(append(lost, dataBehind(f)...)), nil
}

// grayKeeps tells which segments a gray file takes over from f, and names
// those that it does not: a profile that is not for gray. The Adobe segment,
// which says how colours are coded, has nothing to say there.
func grayKeeps(f *jpeg.File) (keep func(jpeg.Segment) bool, lost []string) {
	icc := jpegMetadata(f.Segments).ICC
	dropICC := f.Color != jpeg.Gray && profileSpace(icc) != "GRAY"
	if dropICC && icc != nil {
		lost = append(lost, profileName(icc))
	}
	return func(s jpeg.Segment) bool {
		return s.Marker != markAPP14 && !(dropICC && isProfile(s))
	}, lost
}

// dataBehind names what follows a picture in its file and is left out.
func dataBehind(f *jpeg.File) []string {
	if len(bytes.Trim(f.Rest, "\x00")) == 0 {
		return nil
	}
	return []string{"data behind the picture"}
}

// CodedJPEG is a JPEG in the form in which its file holds it. What is done to
// it loses nothing: every pixel that is kept has the value that it had.
type CodedJPEG struct {
	Header
	data     []byte
	file     *jpeg.File
	picture  *jpeg.Coefficients // nil before the first use
	read     func() (*jpeg.Coefficients, error)
	segments []jpeg.Segment
	lost     []string
	changed  bool
}

// OpenCoded opens a JPEG for work in its coded form, which shares the memory of
// data. The errors are those of Decode; damage and the end of ctx may come to
// light with the first thing that is done. What cannot be done in the coded
// form is a *NeedsPixelsError.
func OpenCoded(ctx context.Context, data []byte, o DecodeOptions) (*CodedJPEG, error) {
	h, f, err := openJPEG(data, o)
	if err != nil {
		return nil, err
	}
	read := func() (*jpeg.Coefficients, error) {
		c, err := f.Coefficients(ctx, o.scratch())
		if err != nil {
			err = orDone(ctx, jpegErr(err))
		}
		return c, err
	}
	return &CodedJPEG{Header: h, data: data, file: f, read: read, segments: f.Segments, lost: dataBehind(f)}, nil
}

// load reads the picture, unless that was done.
func (c *CodedJPEG) load() (err error) {
	if c.picture == nil {
		c.picture, err = c.read()
	}
	return err
}

// Gray leaves the luma, and keeps and drops what GrayJPEG does.
func (c *CodedJPEG) Gray() error {
	switch {
	case c.file.Color == jpeg.Gray:
		return nil
	case !c.Luma:
		return &NeedsPixelsError{"no luma of full size"}
	}
	if err := c.load(); err != nil || c.picture.Color == jpeg.Gray {
		return err
	}
	luma, err := c.picture.Luma()
	if err != nil {
		return codedErr(err)
	}
	keep, lost := grayKeeps(c.file)
	var segments []jpeg.Segment
	for _, s := range c.segments {
		if keep(s) {
			segments = append(segments, s)
		}
	}
	c.picture, c.segments, c.lost, c.changed = luma, segments, append(lost, c.lost...), true
	return nil
}

// uprighting holds what undoes each EXIF orientation (Exif 2.32, tag 0x0112).
var uprighting = [9]jpeg.Turn{
	2: jpeg.FlipH, 3: jpeg.Rotate180, 4: jpeg.FlipV,
	5: jpeg.Transpose, 6: jpeg.Rotate90, 7: jpeg.Transverse, 8: jpeg.Rotate270,
}

// Turn turns the picture as one is turned that has this EXIF orientation to be
// upright: 6 is a quarter clockwise, 2 a flip from left to right.
func (c *CodedJPEG) Turn(orientation int) error {
	t := uprighting[orientation]
	if t == jpeg.Identity {
		return nil
	}
	if c.picture == nil { // so that what cannot be done costs little
		if err := c.file.CheckTurn(t); err != nil {
			return codedErr(err)
		}
	}
	if err := c.load(); err != nil {
		return err
	}
	turned, err := c.picture.Turn(t)
	if err != nil {
		return codedErr(err)
	}
	c.picture, c.changed = turned, true
	return nil
}

// Upright undoes the orientation that the file names, and says so in it.
func (c *CodedJPEG) Upright() error {
	if err := c.Turn(c.Orientation); err != nil || c.Orientation == 1 {
		return err
	}
	c.segments = slices.Clone(c.segments)
	for i, s := range c.segments {
		if exif, ok := bytes.CutPrefix(s.Data, []byte(exifPrefix)); ok && s.Marker == markAPP1 {
			c.segments[i].Data = append([]byte(exifPrefix), uprightExif(exif)...)
		}
	}
	return nil
}

// Crop leaves the pixels in r, which lies within the picture.
func (c *CodedJPEG) Crop(r image.Rectangle) error {
	if w, h := c.Size(); r == image.Rect(0, 0, w, h) {
		return nil
	}
	if c.picture == nil {
		if err := c.file.CheckCrop(r.Min.X, r.Min.Y); err != nil {
			return codedErr(err)
		}
	}
	if err := c.load(); err != nil {
		return err
	}
	cut, err := c.picture.Crop(r.Min.X, r.Min.Y, r.Dx(), r.Dy())
	if err != nil {
		return codedErr(err)
	}
	c.picture, c.changed = cut, true
	return nil
}

// Size is that of the picture now, pixels.
func (c *CodedJPEG) Size() (width, height int) {
	if c.picture == nil {
		return c.Width, c.Height
	}
	return c.picture.Width, c.picture.Height
}

// Append appends the file to dst: one sequential scan, with the usual Huffman
// tables or, with optimize, with tables made for it. One that was not changed
// comes out as it is; with optimize, only if that is no larger.
func (c *CodedJPEG) Append(dst []byte, optimize bool, carry Carry) (out []byte, notes []string, err error) {
	if err := c.load(); err != nil { // also where nothing was done: damage is not to pass
		return nil, nil, err
	}
	damage := c.file.Damage
	same := damage == nil && !c.changed
	if same && !optimize {
		return append(dst, c.data...), nil, nil
	}
	out, err = c.picture.Append(dst, jpeg.WriteOptions{Segments: c.segments, Optimize: optimize})
	switch {
	case err != nil:
		return nil, nil, codedErr(err)
	case same && len(out)-len(dst) >= len(c.data):
		return append(dst, c.data...), nil, nil
	}
	if damage != nil {
		notes = append(notes, salvaged(damage))
	}
	return out, append(notes, notKept(c.lost)...), nil
}

// salvaged is the note on a picture of which a part could not be read.
func salvaged(damage *jpeg.FormatError) string {
	return fmt.Sprintf("salvaged: damaged at offset %d: %s", damage.Offset, damage.Reason)
}

// codedErr is jpegErr for work in the coded form, which pixels can take over
// from.
func codedErr(err error) error {
	var (
		missing *jpeg.UnsupportedError
		inexact *jpeg.NotLosslessError
	)
	switch {
	case errors.As(err, &missing):
		return &NeedsPixelsError{missing.Feature}
	case errors.As(err, &inexact):
		return &NeedsPixelsError{inexact.Reason}
	}
	return jpegErr(err)
}

// jpegErr makes an error of package jpeg one of ours.
func jpegErr(err error) error {
	var (
		damaged *jpeg.FormatError
		limit   *jpeg.LimitError
		missing *jpeg.UnsupportedError
	)
	switch {
	case errors.As(err, &damaged):
		return &Error{Damaged, fmt.Sprintf("at offset %d: %s", damaged.Offset, damaged.Reason)}
	case errors.As(err, &limit):
		return &Error{TooLarge, limit.Limit}
	case errors.As(err, &missing):
		return unsupportedf("JPEG with %s", missing.Feature)
	}
	return err
}
