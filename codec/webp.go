package codec

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"

	"golang.org/x/image/webp"
)

// Flags of a VP8X chunk (WebP container specification, extended file format).
const webpAnimation = 1 << 1

// webpHeader reads the container's chunks up to the picture itself: a VP8X
// canvas may claim to be smaller than the picture that it holds, and memory is
// taken for the picture.
func webpHeader(r *io.SectionReader) (Header, error) {
	h := Header{Bits: 8, Channels: 3, Orientation: 1, Frames: 1}
	canvasW, canvasH, found := 0, 0, false
	err := eachRIFFChunk(r, func(c chunk) (err error) {
		if found && c.name != "EXIF" { // the decoder takes the first picture
			return nil
		}
		var b []byte
		switch c.name {
		case "VP8X":
			if canvasW != 0 {
				return corruptf("the WebP has two VP8X chunks")
			}
			if b, err = readAt(r, c.off, 10); err != nil {
				return err
			}
			if b[0]&webpAnimation != 0 {
				return unsupportedf("animated WebP")
			}
			canvasW, canvasH = 1+uint24(b[4:]), 1+uint24(b[7:])
		case "ALPH":
			h.Channels, h.decodeBytes = 4, h.decodeBytes+1
		case "VP8 ": // RFC 6386, section 9.1
			if b, err = readAt(r, c.off, 10); err != nil {
				return err
			}
			h.Width, h.Height = int(binary.LittleEndian.Uint16(b[6:])&0x3fff), int(binary.LittleEndian.Uint16(b[8:])&0x3fff)
			h.decodeBytes += 2
			found = true
		case "VP8L": // WebP lossless bitstream specification, section 3
			if b, err = readAt(r, c.off, 5); err != nil {
				return err
			}
			v := binary.LittleEndian.Uint32(b[1:])
			h.Width, h.Height = 1+int(v&0x3fff), 1+int(v>>14&0x3fff)
			h.Channels, h.decodeBytes = 4, 8
			found = true
		case "EXIF":
			if b, err = readAt(r, c.off, int(min(c.length, maxTextChunk))); err != nil {
				return nil // behind the picture: the picture is whole
			}
			h.Orientation = exifOrientation(trimExifPrefix(b))
		}
		return nil
	})
	switch {
	case err != nil && !found:
		return h, err
	case !found:
		return h, corruptf("the WebP holds no picture")
	case canvasW != 0 && (canvasW != h.Width || canvasH != h.Height):
		return h, corruptf("the WebP claims %dx%d pixels but holds %dx%d", canvasW, canvasH, h.Width, h.Height)
	}
	return h, nil
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// eachRIFFChunk calls visit for every chunk of a RIFF file, to its end.
func eachRIFFChunk(r *io.SectionReader, visit func(chunk) error) error {
	for off, i := int64(12), 0; off+8 <= r.Size(); i++ {
		if i == maxSegments {
			return tooLargef("more than %d WebP chunks", maxSegments)
		}
		b, err := readAt(r, off, 8)
		if err != nil {
			return err
		}
		n := int64(binary.LittleEndian.Uint32(b[4:]))
		if err := visit(chunk{string(b[:4]), off + 8, n}); err != nil {
			return err
		}
		off += 8 + n + n&1
	}
	return nil
}

func decodeWebP(ctx context.Context, h Header, data []byte, _ DecodeOptions) (*Picture, error) {
	img, err := webp.Decode(newReader(ctx, data))
	if err != nil {
		return nil, err
	}
	fullRange(img)
	return &Picture{Header: h, Image: img, Metadata: webpMetadata(bytes.NewReader(data))}, nil
}
