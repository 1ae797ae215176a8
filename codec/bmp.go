package codec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"

	xbmp "golang.org/x/image/bmp"

	"github.com/imgpar/imgpar/codec/bmp"
	"github.com/imgpar/imgpar/codec/meta"
)

// NoteNoAlpha is the note on a BMP whose fourth channel is 0 everywhere.
const NoteNoAlpha = "alpha is 0 everywhere: taken as opaque"

func bmpHeader(r *io.SectionReader) (Header, error) {
	f, err := bmp.Parse(r, r.Size())
	if err != nil {
		return Header{}, bmpErr(err)
	}
	h := Header{
		Width: f.Width, Height: f.Height, Bits: f.Bits(), Channels: 3, Color: ColorRGB, Orientation: 1, Frames: 1,
		Alpha: f.Alpha, Variant: f.Variant(), decodeBytes: 4, perByte: f.PixelsPerByte(),
	}
	switch {
	case f.Palette != nil:
		h.Channels, h.Color, h.decodeBytes = 1, ColorPalette, 1
	case f.Alpha:
		h.Channels = 4
	}
	return h, nil
}

func decodeBMP(ctx context.Context, h Header, data []byte, _ DecodeOptions) (*Picture, error) {
	f, err := bmp.Parse(newReader(ctx, data), int64(len(data)))
	if err != nil {
		return nil, bmpErr(err)
	}
	m, err := f.Decode(ctx, data)
	if err != nil {
		return nil, bmpErr(err)
	}
	p := &Picture{Header: h, Image: m.Image, Metadata: bmpMetadata(f, newReader(ctx, data))}
	if m.NoAlpha {
		p.Notes = append(p.Notes, NoteNoAlpha)
	}
	if n := m.Unset; n > 0 {
		p.Notes = append(p.Notes, fmt.Sprintf("%d pixels that the file leaves out have its first colour", n))
	}
	if f.PixelBits > 8 && h.Bits > 8 {
		p.Notes = append(p.Notes, fmt.Sprintf("%d bits a channel became 8", h.Bits))
	}
	return p, nil
}

// bmpMetadata is a profile, of version 5.
func bmpMetadata(f *bmp.File, r io.ReaderAt) meta.Data {
	profile, err := f.Profile(r, maxTextChunk)
	switch {
	case f.LinkedProfile:
		return meta.Data{Other: []string{"linked ICC profile"}}
	case err != nil:
		return meta.Data{Other: []string{meta.DamagedProfile}}
	}
	return meta.Data{ICC: profile}
}

// bmpErr makes an error of the package bmp one of ours.
func bmpErr(err error) error {
	var (
		format  *bmp.FormatError
		missing bmp.UnsupportedError
	)
	switch {
	case errors.As(err, &format):
		return corruptf("%v", format)
	case errors.As(err, &missing):
		return unsupportedf("%v", missing)
	}
	return err
}

func encodeBMP(buf *bytes.Buffer, img image.Image, _ Options, _ meta.Data) error {
	return xbmp.Encode(buf, img)
}
