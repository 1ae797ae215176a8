package codec

import (
	"encoding/binary"
	"io"
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
	if gifFrames(r, 13+colorTable(b[10])) > 1 {
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

// gifFrames counts the frames from off on, as far as the file is sound, and
// stops at the second.
func gifFrames(r io.ReaderAt, off int64) int {
	frames := 0
	for range maxSegments {
		b, err := readAt(r, off, 1)
		if err != nil {
			return frames
		}
		switch b[0] {
		case 0x21: // extension: a label, then sub-blocks
			off = skipSubBlocks(r, off+2)
		case 0x2c: // image: descriptor, colour table, code size, sub-blocks
			if b, err = readAt(r, off, 10); err != nil {
				return frames
			}
			if frames++; frames > 1 {
				return frames
			}
			off = skipSubBlocks(r, off+10+colorTable(b[9])+1)
		default: // the trailer, or no GIF
			return frames
		}
	}
	return frames
}

// skipSubBlocks returns the offset behind the sub-blocks at off (section 15).
func skipSubBlocks(r io.ReaderAt, off int64) int64 {
	var b [1]byte
	for {
		if _, err := r.ReadAt(b[:], off); err != nil || b[0] == 0 {
			return off + 1
		}
		off += 1 + int64(b[0])
	}
}
