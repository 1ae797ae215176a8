package codec

import (
	"context"
	"errors"
	"fmt"
	"image"

	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/codec/meta"
)

// NeedsPixelsError says why a picture cannot be worked on in its coded form.
type NeedsPixelsError struct{ Reason string }

func (e *NeedsPixelsError) Error() string { return "the picture must be decoded: " + e.Reason }

// GrayJPEG appends to dst a gray JPEG of the one in data, made without
// decoding: its luma to the bit, the other metadata as carry says, the
// orientation among them. A profile for colours is wrong in a gray file
// (ICC.1:2022, 7.2.6): it takes one for its grays, and none where these are
// those of sRGB. Embedded thumbnails, which show colours, go. A gray JPEG comes
// out as it is, unless carry takes something away.
//
// The error is a *NeedsPixelsError for a JPEG that has no luma of full size, or
// whose colours are to be converted, and an *Error of kind Damaged for one that
// breaks the rules in what is read of it: everything but chroma scans of their
// own.
func GrayJPEG(ctx context.Context, dst, data []byte, carry Carry, mem *jpeg.Scratch) (out []byte, notes []string, err error) {
	f, err := jpeg.Parse(data)
	if err != nil {
		return nil, nil, codedErr(err)
	}
	colour := f.Color != jpeg.Gray
	segments, notes, err := carry.segments(f, meta.Edit{Repainted: colour}, colour)
	if err != nil {
		return nil, nil, err
	}
	whole := !colour && carry.leaves(f, segments)
	segments, lost := withoutRest(f, segments)
	if out, err = f.AppendGray(ctx, dst, segments, mem); err != nil {
		return nil, nil, orDone(ctx, codedErr(err))
	}
	if whole {
		return append(dst, data...), nil, nil
	}
	return out, append(notes, notKept(lost)...), nil
}

// CodedJPEG is a JPEG in the form in which its file holds it. What is done to
// it loses nothing: every pixel that is kept has the value that it had.
type CodedJPEG struct {
	Header
	data    []byte
	file    *jpeg.File
	picture *jpeg.Coefficients // nil before the first use
	read    func() (*jpeg.Coefficients, error)
	upright bool // the orientation was undone
	turned  bool // by a quarter, before or behind
	gray    bool // the colour was taken away
	changed bool
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
	return &CodedJPEG{Header: h, data: data, file: f, read: read}, nil
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
	c.picture, c.gray, c.changed = luma, true, true
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
	c.turned = c.turned != (orientation >= 5)
	return nil
}

// Upright undoes the orientation that the file names, and says so in it.
func (c *CodedJPEG) Upright() error {
	err := c.Turn(c.Orientation)
	c.upright = err == nil
	return err
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
// tables or, with optimize, with tables made for it. One that was not changed,
// and of which carry takes nothing away, comes out as it is; with optimize, only
// if that is no larger. Where colours are to be converted, that is a
// *NeedsPixelsError.
func (c *CodedJPEG) Append(dst []byte, optimize bool, carry Carry) (out []byte, notes []string, err error) {
	segments, notes, err := carry.segments(c.file, c.edit(), c.gray)
	if err != nil {
		return nil, nil, err
	}
	if err := c.load(); err != nil { // also where nothing was done: damage is not to pass
		return nil, nil, err
	}
	damage := c.file.Damage
	same := damage == nil && !c.changed && carry.leaves(c.file, segments)
	if same && !optimize {
		return append(dst, c.data...), nil, nil
	}
	segments, lost := withoutRest(c.file, segments)
	out, err = c.picture.Append(dst, jpeg.WriteOptions{Segments: segments, Optimize: optimize})
	switch {
	case err != nil:
		return nil, nil, codedErr(err)
	case same && len(out)-len(dst) >= len(c.data):
		return append(dst, c.data...), nil, nil
	}
	if damage != nil {
		notes = append([]string{salvaged(damage)}, notes...)
	}
	return out, append(notes, notKept(lost)...), nil
}

// edit is what becomes of the metadata.
func (c *CodedJPEG) edit() meta.Edit {
	e := meta.Edit{Upright: c.upright && c.Orientation != 1, Turned: c.turned, Repainted: c.changed}
	if w, h := c.Size(); w != c.Width || h != c.Height {
		e.Width, e.Height = w, h
	}
	return e
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
