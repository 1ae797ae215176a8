package codec

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/codec/png"
)

// chunk is a chunk of a PNG (PNG specification, third edition, section 5.3), whose
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
	off, picture := int64(len(png.Signature)), false
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

// What a colour type means (section 11.2.1).
var (
	pngColors   = map[byte]Color{0: ColorGray, 2: ColorRGB, 3: ColorPalette, 4: ColorGray, 6: ColorRGB}
	pngChannels = map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
	pngBits     = map[byte]string{0: "\x01\x02\x04\x08\x10", 2: "\x08\x10", 3: "\x01\x02\x04\x08", 4: "\x08\x10", 6: "\x08\x10"}
)

// knownChunks are the chunks before the picture that a decoder must know
// (section 5.4: their names begin with a capital).
var knownChunks = []string{"IHDR", "PLTE", "IDAT", "IEND"}

// pngReader takes in what the chunks of a PNG say of its picture.
type pngReader struct {
	Header
	colour   byte // colour type
	indexed  int  // colours of the palette
	adam7    bool // interlaced
	animated int  // chunks acTL
}

func pngHeader(r *io.SectionReader) (Header, error) {
	p := pngReader{Header: Header{Frames: 1}}
	first := true
	err := eachChunk(r, func(c chunk) error {
		if c.name == "CgBI" {
			return unsupportedf("PNG as Apple's tools rewrite it for apps (CgBI)")
		}
		if first != (c.name == "IHDR") {
			return corruptf("the PNG has chunk %q where another belongs", c.name)
		}
		first = false
		return p.chunk(r, c)
	})
	if err == nil && first {
		err = corruptf("the PNG has no header")
	}
	return p.finish(), err
}

// chunk takes in one chunk.
func (p *pngReader) chunk(r io.ReaderAt, c chunk) error {
	if c.name[0] >= 'A' && c.name[0] <= 'Z' && !slices.Contains(knownChunks, c.name) {
		return unsupportedf("PNG with the unknown chunk %q", c.name)
	}
	most := map[string]int64{"IHDR": 13, "acTL": 8, "eXIf": maxTextChunk}[c.name]
	switch {
	case c.name == "tRNS":
		p.Alpha = true
	case c.name == "PLTE":
		p.indexed = int(min(c.length/3, 256))
	case c.name == "acTL":
		p.animated++
	}
	if most == 0 || c.name == "eXIf" && p.Orientation != 0 || c.name == "acTL" && p.animated > 1 {
		return nil
	}
	b, err := readAt(r, c.off, int(min(c.length, most)))
	switch {
	case err != nil:
		return err
	case c.name == "IHDR" && len(b) < 13:
		return corruptf("the PNG header has %d bytes", c.length)
	case c.name == "IHDR":
		return p.frame(b)
	case c.name == "acTL" && len(b) == 8: // APNG: frames, plays
		p.Frames = int(min(max(binary.BigEndian.Uint32(b), 1), MaxFrames))
		p.Animated = p.Frames > 1
		if p.Animated {
			p.Loop = int(min(binary.BigEndian.Uint32(b[4:]), math.MaxInt32))
		}
	case c.name == "eXIf":
		p.Orientation = meta.Orientation(trimExifPrefix(b))
	}
	return nil
}

// frame takes in IHDR (section 11.2.1).
func (p *pngReader) frame(ihdr []byte) error {
	w, ht := binary.BigEndian.Uint32(ihdr), binary.BigEndian.Uint32(ihdr[4:])
	if w > 1<<31-1 || ht > 1<<31-1 {
		return corruptf("the PNG header claims %dx%d pixels", w, ht)
	}
	n, ok := pngChannels[ihdr[9]]
	if !ok {
		return corruptf("the PNG has colour type %d", ihdr[9])
	}
	if strings.IndexByte(pngBits[ihdr[9]], ihdr[8]) < 0 {
		return corruptf("the PNG has %d bits of colour type %d", ihdr[8], ihdr[9])
	}
	if ihdr[10] != 0 || ihdr[11] != 0 || ihdr[12] > 1 {
		return corruptf("the PNG has compression %d, filters %d, interlacing %d", ihdr[10], ihdr[11], ihdr[12])
	}
	p.colour, p.adam7 = ihdr[9], ihdr[12] != 0
	p.Width, p.Height, p.Bits, p.Channels = int(w), int(ht), int(ihdr[8]), n
	p.Alpha = n == 2 || n == 4
	return nil
}

// finish works out what takes more than one chunk.
func (p *pngReader) finish() Header {
	h := p.Header
	h.Color, h.decodeBytes = pngColors[p.colour], 4
	if h.Channels == 1 && (p.colour == 3 || !h.Alpha) { // gray with tRNS becomes colour with alpha
		h.decodeBytes = 1
	}
	if h.Bits == 16 {
		h.decodeBytes *= 2
	}
	var parts []string
	if p.colour == 3 {
		parts = append(parts, fmt.Sprintf("palette of %d", p.indexed))
	}
	if h.Animated {
		h.decodeBytes *= 4 // a frame, the canvas, what was there before, the copy that is handed out
	}
	if p.adam7 {
		h.decodeBytes *= 1.5 // the last of the interlaced passes is half the picture
		parts = append(parts, "interlaced")
	}
	h.Variant = strings.Join(parts, ", ")
	return h
}

func decodePNG(ctx context.Context, h Header, data []byte, o DecodeOptions) (*Picture, error) {
	m, err := png.Decode(ctx, data, png.Options{Salvage: o.Salvage})
	if err != nil {
		return nil, pngErr(err)
	}
	return &Picture{Header: h, Image: m.Image, Metadata: pngMetadata(bytes.NewReader(data)), Notes: pngNotes(m)}, nil
}

func pngNotes(m *png.Picture) (notes []string) {
	if m.Damage != nil {
		notes = append(notes, fmt.Sprintf("salvaged: damaged at offset %d: %s", m.Damage.Offset, m.Damage.Reason))
	}
	if m.Beyond {
		notes = append(notes, "colours that the palette lacks became black")
	}
	return notes
}

// pngErr makes an error of the package png one of ours.
func pngErr(err error) error {
	var (
		format  *png.FormatError
		missing png.UnsupportedError
	)
	switch {
	case errors.As(err, &format) && !format.Hopeless:
		return &Error{Damaged, fmt.Sprintf("at offset %d: %s", format.Offset, format.Reason)}
	case errors.As(err, &format):
		return corruptf("%v", format)
	case errors.As(err, &missing):
		return unsupportedf("%v", missing)
	case errors.Is(err, png.ErrChunks):
		return tooLargef("%v", err)
	}
	return err
}

// encodePNG puts the metadata behind IHDR. With a profile for colours, gray
// pixels stay colours.
func encodePNG(buf *bytes.Buffer, img image.Image, _ Options, m meta.Data) error {
	return png.Encode(buf, img, png.EncodeOptions{Chunks: pngChunks(m), Color: m.ICC != nil && profileSpace(m.ICC) != "GRAY"})
}
