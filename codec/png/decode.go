package png

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"strings"
)

// Options of Decode.
type Options struct {
	Salvage bool // of a damaged file, give what can be read
}

// Picture is a decoded file.
type Picture struct {
	Image  image.Image
	Damage *FormatError // what is wrong with the file; nil: nothing, or nothing was to be salvaged
	Beyond bool         // some pixels had an index beyond the palette, and are black
}

// Decode reads the picture of a whole file; of an animation the one that
// viewers show that know none. It ends early with ctx's error. Others are
// *FormatError and UnsupportedError.
func Decode(ctx context.Context, data []byte, o Options) (*Picture, error) {
	img, err := png.Decode(&reader{ctx: ctx, r: bytes.NewReader(data)})
	if err == nil {
		return &Picture{Image: img, Beyond: beyond(img, data)}, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if missing := png.UnsupportedError(""); errors.As(err, &missing) {
		return nil, UnsupportedError(missing)
	}
	hopeless := &FormatError{Reason: reason(err), Hopeless: true}
	f, ok := scan(data)
	if !ok {
		return nil, hopeless
	}
	if !o.Salvage {
		if _, err := io.Copy(io.Discard, f.repaired(ctx)); err != nil {
			return nil, err
		}
		if f.damage == nil {
			return nil, hopeless
		}
		return nil, f.damage
	}
	img, err = png.Decode(f.repaired(ctx))
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil || f.damage == nil: // what is wrong was not found
		return nil, hopeless
	}
	return &Picture{Image: img, Damage: f.damage, Beyond: beyond(img, data)}, nil
}

// reason is what image/png says, in a few words.
func reason(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "the PNG ends too early"
	}
	return fmt.Sprintf("the PNG is invalid: %s", strings.TrimPrefix(err.Error(), "png: invalid format: "))
}

// beyond tells whether image/png has made a palette longer than the file's.
func beyond(img image.Image, data []byte) bool {
	m, ok := img.(*image.Paletted)
	if !ok {
		return false
	}
	for c := range chunks(data) {
		if c.name == "PLTE" {
			return len(m.Palette) > len(c.data)/3
		}
	}
	return false
}

// reader reads from memory and ends with the context's error when that is
// done.
type reader struct {
	ctx context.Context
	r   *bytes.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
