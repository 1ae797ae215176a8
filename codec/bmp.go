package codec

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"io"

	"golang.org/x/image/bmp"

	"github.com/imgpar/imgpar/codec/meta"
)

// Compression values of a BITMAPINFOHEADER ([MS-WMF] 2.1.1.7).
const (
	biRGB       = 0
	biBitfields = 3
)

var biNames = map[uint32]string{1: "RLE8", 2: "RLE4", 4: "JPEG", 5: "PNG", 6: "alpha bit fields"}

func bmpHeader(r *io.SectionReader) (Header, error) {
	b, err := readAt(r, 14, 4)
	if err != nil {
		return Header{}, err
	}
	size := binary.LittleEndian.Uint32(b)
	switch {
	case size == 12 || size == 16 || size == 64:
		return Header{}, unsupportedf("OS/2 BMP")
	case size < 40 || size > 1<<16:
		return Header{}, corruptf("the BMP information header has %d bytes", size)
	}
	if b, err = readAt(r, 14, 40); err != nil {
		return Header{}, err
	}
	h := Header{
		Width: int(int32(binary.LittleEndian.Uint32(b[4:]))), Height: int(int32(binary.LittleEndian.Uint32(b[8:]))),
		Bits: int(binary.LittleEndian.Uint16(b[14:])), Channels: 1, Orientation: 1, Frames: 1, decodeBytes: 4,
	}
	if h.Height < 0 { // top row first
		h.Height = -h.Height
	}
	if c := binary.LittleEndian.Uint32(b[16:]); c != biRGB && c != biBitfields {
		name, ok := biNames[c]
		if !ok {
			return h, corruptf("the BMP has compression %d", c)
		}
		return h, unsupportedf("BMP with %s compression", name)
	}
	return h, nil
}

func decodeBMP(ctx context.Context, h Header, data []byte, _ DecodeOptions) (*Picture, error) {
	img, err := bmp.Decode(newReader(ctx, data))
	if err != nil {
		return nil, err
	}
	return &Picture{Header: h, Image: img}, nil
}

func encodeBMP(buf *bytes.Buffer, img image.Image, _ Options, _ meta.Data) error {
	return bmp.Encode(buf, img)
}
