package codec

import (
	"encoding/binary"
	"io"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// chunk is one PNG chunk (PNG specification, third edition, section 5.3); its
// data stands at off.
type chunk struct {
	name   string
	off    int64
	length int64
}

// eachChunk calls visit for the chunks of a PNG up to the first IDAT, that one
// excluded, until visit says that it has seen enough.
func eachChunk(r io.ReaderAt, visit func(chunk) (enough bool, err error)) error {
	off := int64(len(pngSignature))
	for range maxSegments {
		b, err := readAt(r, off, 8)
		if err != nil {
			return err
		}
		c := chunk{string(b[4:]), off + 8, int64(binary.BigEndian.Uint32(b))}
		if c.name == "IDAT" {
			return nil
		}
		if enough, err := visit(c); enough || err != nil {
			return err
		}
		off = c.off + c.length + 4
	}
	return tooLargef("more than %d PNG chunks before the picture", maxSegments)
}

// pngChannels by colour type (section 11.2.1).
var pngChannels = map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}

func pngHeader(r *io.SectionReader) (Header, error) {
	h := Header{Orientation: 1, Frames: 1}
	first := true
	err := eachChunk(r, func(c chunk) (bool, error) {
		if first != (c.name == "IHDR") {
			return true, corruptf("the PNG has chunk %q where another belongs", c.name)
		}
		first = false
		switch c.name {
		case "IHDR":
			b, err := readAt(r, c.off, 13)
			if err != nil {
				return true, err
			}
			return false, pngFrame(&h, b)
		case "acTL":
			h.Frames = 2
		case "eXIf":
			b, err := readAt(r, c.off, int(min(c.length, maxTextChunk)))
			if err != nil {
				return true, err
			}
			h.Orientation = exifOrientation(b)
		}
		return false, nil
	})
	return h, err
}

func pngFrame(h *Header, ihdr []byte) error {
	w, ht := binary.BigEndian.Uint32(ihdr), binary.BigEndian.Uint32(ihdr[4:])
	if w > 1<<31-1 || ht > 1<<31-1 {
		return corruptf("the PNG header claims %dx%d pixels", w, ht)
	}
	n, ok := pngChannels[ihdr[9]]
	if !ok {
		return corruptf("the PNG has colour type %d", ihdr[9])
	}
	h.Width, h.Height, h.Bits, h.Channels = int(w), int(ht), int(ihdr[8]), n
	switch {
	case h.Bits == 16 && n == 1:
		h.decodeBytes = 2
	case h.Bits == 16:
		h.decodeBytes = 8
	case n == 1:
		h.decodeBytes = 1
	default:
		h.decodeBytes = 4
	}
	return nil
}
