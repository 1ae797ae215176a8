package codec

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/draw"
	"image/gif"
	"io"

	"github.com/imgpar/imgpar/codec/meta"
)

func gifHeader(r *io.SectionReader) (Header, error) {
	b, err := readAt(r, 0, 13)
	if err != nil {
		return Header{}, err
	}
	h := Header{
		Width: int(binary.LittleEndian.Uint16(b[6:])), Height: int(binary.LittleEndian.Uint16(b[8:])),
		Bits: 8, Channels: 1, Orientation: 1, Frames: 1,
		decodeBytes: 5, // the frame, and the canvas it is put on
	}
	rest := io.NewSectionReader(r, 13+colorTable(b[10]), r.Size())
	if gifFrames(bufio.NewReader(rest)) > 1 {
		h.Frames = 2
	}
	return h, nil
}

// colorTable returns the size of the colour table that a packed field
// announces, bytes (GIF89a specification, sections 18 and 20).
func colorTable(packed byte) int64 {
	if packed&0x80 == 0 {
		return 0
	}
	return 3 << (1 + packed&7)
}

// gifFrames counts the frames, as far as the file is sound, and stops at the
// second. r stands behind the global colour table.
func gifFrames(r *bufio.Reader) int {
	frames := 0
	for range maxSegments {
		kind, err := r.ReadByte()
		if err != nil {
			return frames
		}
		switch kind {
		case 0x21: // extension: a label, then sub-blocks
			_, err = r.Discard(1)
		case 0x2c: // image: descriptor, colour table, code size, sub-blocks
			if frames++; frames > 1 {
				return frames
			}
			var d [9]byte
			if _, err = io.ReadFull(r, d[:]); err == nil {
				_, err = r.Discard(int(colorTable(d[8])) + 1)
			}
		default: // the trailer, or no GIF
			return frames
		}
		if err != nil || skipSubBlocks(r) != nil {
			return frames
		}
	}
	return frames
}

// skipSubBlocks reads over a sequence of sub-blocks and its end (section 15).
func skipSubBlocks(r *bufio.Reader) error {
	for {
		n, err := r.ReadByte()
		if err != nil || n == 0 {
			return err
		}
		if _, err := r.Discard(int(n)); err != nil {
			return err
		}
	}
}

// decodeGIF puts a frame that is smaller than its canvas on it.
func decodeGIF(ctx context.Context, h Header, data []byte, _ DecodeOptions) (*Picture, error) {
	img, err := gif.Decode(newReader(ctx, data))
	if err != nil {
		return nil, err
	}
	if whole := image.Rect(0, 0, h.Width, h.Height); img.Bounds() != whole {
		canvas := image.NewNRGBA(whole)
		draw.Draw(canvas, img.Bounds(), img, img.Bounds().Min, draw.Src)
		img = canvas
	}
	return &Picture{Header: h, Image: img}, nil
}

func encodeGIF(buf *bytes.Buffer, img image.Image, _ Options, _ meta.Data) error {
	return gif.Encode(buf, img, nil)
}
