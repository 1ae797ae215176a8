package codec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"slices"

	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/codec/meta"
)

// Picture is a decoded file.
type Picture struct {
	Header
	Image    image.Image // as stored: Orientation is still to be undone
	Metadata meta.Data
	Notes    []string // what of the file is not in Image
}

// DecodeOptions say what is wanted of a file.
type DecodeOptions struct {
	MaxPixels int64         // most pixels of a picture that is read
	Gray      bool          // of the picture only the gray is wanted, which is the luma of most JPEGs
	Salvage   bool          // of a damaged JPEG or PNG, give what can be read, with a note
	JPEG      *jpeg.Scratch // memory that is kept between pictures; nil: none is
	Header    *Header       // of the file, from ReadHeader with the same limit; nil: it is read
}

// header returns the header of a file.
func (o DecodeOptions) header(ctx context.Context, data []byte) (Header, error) {
	if o.Header != nil {
		return *o.Header, nil
	}
	h, err := ReadHeader(newReader(ctx, data), int64(len(data)), o.MaxPixels)
	if err != nil {
		return h, orDone(ctx, err)
	}
	return h, nil
}

// Decode reads a whole file. What it returns may share the memory of data. It gives up soon after ctx is done, with ctx's
// error. Other errors are *Error.
func Decode(ctx context.Context, data []byte, o DecodeOptions) (*Picture, error) {
	h, err := o.header(ctx, data)
	if err != nil {
		return nil, err
	}
	p, err := decoders[h.Format](ctx, h, data, o)
	if err != nil {
		return nil, orDone(ctx, decodeErr(h.Format, err))
	}
	return p, p.complete(ctx)
}

// decoders read the picture of each format, of several the first, behind its
// header.
var decoders = map[Format]func(context.Context, Header, []byte, DecodeOptions) (*Picture, error){
	JPEG: decodeJPEG,
	PNG:  decodePNG,
	GIF:  decodeGIF,
	BMP:  decodeBMP,
	TIFF: decodeTIFF,
	WebP: decodeWebP,
}

// complete holds the picture against its header, notes what was left out, and
// makes RGB of inks.
func (p *Picture) complete(ctx context.Context) error {
	if m, ok := p.Image.(*image.Paletted); ok {
		if err := checkIndices(m); err != nil {
			return err
		}
	}
	if b := p.Image.Bounds(); b.Dx() != p.Width || b.Dy() != p.Height {
		return corruptf("the header claims %dx%d pixels, the picture has %dx%d", p.Width, p.Height, b.Dx(), b.Dy())
	}
	if p.Frames > 1 {
		what := "frame of an animation"
		if p.Format == TIFF {
			what = "page of several"
		}
		p.Notes = append(p.Notes, "only the first "+what)
	}
	return p.convertInks(ctx)
}

// checkIndices refuses a picture with an index beyond its palette: whoever
// looks it up would panic (CVE-2023-36308).
func checkIndices(m *image.Paletted) error {
	n := len(m.Palette)
	if n > 255 || len(m.Pix) == 0 {
		return nil
	}
	if top := slices.Max(m.Pix); int(top) >= n {
		return corruptf("palette index %d of %d colours", top, n)
	}
	return nil
}

// orDone returns ctx's error if ctx is done, else err: not everything that
// reads hands on the error of reading.
func orDone(ctx context.Context, err error) error {
	if done := ctx.Err(); done != nil {
		return fmt.Errorf("read: %w", done)
	}
	return err
}

// decodeErr makes a decoder's error one of ours.
func decodeErr(f Format, err error) error {
	var own *Error
	if errors.As(err, &own) {
		return err
	}
	if own := readErr(f, err); own != err {
		return own
	}
	return corruptf("%v", err)
}

// reader reads from memory and ends with the context's error when that is
// done, so that a decoder that has lost itself comes back.
type reader struct {
	ctx context.Context
	r   *bytes.Reader
}

func newReader(ctx context.Context, data []byte) *reader {
	return &reader{ctx, bytes.NewReader(data)}
}

// section is data as a file.
func section(ctx context.Context, data []byte) *io.SectionReader {
	return io.NewSectionReader(newReader(ctx, data), 0, int64(len(data)))
}

func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, fmt.Errorf("read: %w", err)
	}
	return r.r.Read(p)
}

func (r *reader) ReadAt(p []byte, off int64) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, fmt.Errorf("read: %w", err)
	}
	return r.r.ReadAt(p, off)
}
