package codec

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/png"
	"io"
	"slices"
	"sync"

	"github.com/imgpar/imgpar/codec/meta"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// chunk is one PNG chunk (PNG specification, third edition, section 5.3); its
// data stands at off.
type chunk struct {
	name   string
	off    int64
	length int64
}

// eachChunk calls visit for the chunks of a PNG but IDAT and IEND, those behind
// the picture included, where some writers put metadata. The file may break
// off there: whether the picture is whole, its decoder tells.
func eachChunk(r io.ReaderAt, visit func(chunk) error) error {
	off, picture := int64(len(pngSignature)), false
	for range maxSegments {
		b, err := readAt(r, off, 8)
		if err != nil {
			return behind(picture, err)
		}
		c := chunk{string(b[4:]), off + 8, int64(binary.BigEndian.Uint32(b))}
		switch c.name {
		case "IEND":
			return nil
		case "IDAT":
			picture = true
		default:
			if err := visit(c); err != nil {
				return behind(picture, err)
			}
		}
		off = c.off + c.length + 4
	}
	return behind(picture, tooLargef("more than %d PNG chunks before the picture", maxSegments))
}

// behind lets pass what is wrong with the file behind its picture.
func behind(picture bool, err error) error {
	if picture && (errors.Is(err, io.EOF) || errors.As(err, new(*Error))) {
		return nil
	}
	return err
}

// pngChannels by colour type (section 11.2.1).
var pngChannels = map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}

func pngHeader(r *io.SectionReader) (Header, error) {
	h := Header{Frames: 1}
	first := true
	err := eachChunk(r, func(c chunk) error {
		if c.name == "CgBI" {
			return unsupportedf("PNG as Apple's tools rewrite it for apps (CgBI)")
		}
		if first != (c.name == "IHDR") {
			return corruptf("the PNG has chunk %q where another belongs", c.name)
		}
		first = false
		return h.pngChunk(r, c)
	})
	if err == nil && first {
		err = corruptf("the PNG has no header")
	}
	return h, err
}

// pngChunk takes in what a chunk says of the picture.
func (h *Header) pngChunk(r io.ReaderAt, c chunk) error {
	most := map[string]int64{"IHDR": 13, "acTL": 4, "eXIf": maxTextChunk}[c.name]
	if c.name == "tRNS" && h.Channels == 1 && h.decodeBytes < 4 {
		h.decodeBytes *= 4 // gray becomes colour with alpha
	}
	if most == 0 || c.name == "eXIf" && h.Orientation != 0 {
		return nil
	}
	b, err := readAt(r, c.off, int(min(c.length, most)))
	switch {
	case err != nil:
		return err
	case c.name == "IHDR" && len(b) < 13:
		return corruptf("the PNG header has %d bytes", c.length)
	case c.name == "IHDR":
		return h.pngFrame(b)
	case c.name == "acTL" && len(b) == 4 && binary.BigEndian.Uint32(b) > 1:
		h.Frames = 2
	case c.name == "eXIf":
		h.Orientation = exifOrientation(trimExifPrefix(b))
	}
	return nil
}

func (h *Header) pngFrame(ihdr []byte) error {
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
	if ihdr[12] != 0 {
		h.decodeBytes *= 1.5 // the last of the interlaced passes is half the picture
	}
	return nil
}

func decodePNG(ctx context.Context, h Header, data []byte, _ DecodeOptions) (*Picture, error) {
	img, err := png.Decode(newReader(ctx, data))
	if err != nil {
		return nil, err
	}
	return &Picture{Header: h, Image: img, Metadata: pngMetadata(bytes.NewReader(data))}, nil
}

// encodePNG puts the metadata behind IHDR.
func encodePNG(buf *bytes.Buffer, img image.Image, _ Options, m meta.Data) error {
	if err := pngEncoder.Encode(buf, img); err != nil {
		return err
	}
	const at = len(pngSignature) + 25
	file := slices.Insert(buf.Bytes(), at, pngChunks(m)...)
	buf.Reset()
	buf.Write(file)
	return nil
}

// pngEncoder is shared by all workers: its buffers come from a pool.
var pngEncoder = png.Encoder{CompressionLevel: png.DefaultCompression, BufferPool: &pngBuffers{}}

type pngBuffers struct{ pool sync.Pool }

func (b *pngBuffers) Get() *png.EncoderBuffer { v, _ := b.pool.Get().(*png.EncoderBuffer); return v }

func (b *pngBuffers) Put(v *png.EncoderBuffer) { b.pool.Put(v) }
