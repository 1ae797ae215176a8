package codec

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"io"

	"golang.org/x/image/webp"

	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/codec/pixels"
	"github.com/imgpar/imgpar/codec/vp8l"
)

// Flags of a VP8X chunk (WebP container specification, extended file format).
const webpAnimation = 1 << 1

// webpFile is what the chunks of a WebP say but for the picture's own.
type webpFile struct {
	canvasW, canvasH int // of VP8X; 0 without one
	flags            byte
	plays            int // how often an animation is played; 0: for ever
	frames           int // ANMF chunks
	orientation      int
	color            Color // of the first picture
	still            webpPicture
}

// webpPicture is what the chunks of one picture say, a still or a frame.
type webpPicture struct {
	w, h     int // 0 before there is one
	alpha    bool
	lossless bool
}

// webpHeader reads the container's chunks. A VP8X canvas may claim to be smaller
// than the picture that it holds, and memory is taken for the picture.
func webpHeader(r *io.SectionReader) (Header, error) {
	f := webpFile{orientation: 1}
	err := eachRIFFChunk(r, func(c chunk) error { return f.take(r, c) })
	found := f.still.w != 0 || f.frames > 0
	switch {
	case err != nil && !found:
		return Header{}, err
	case !found:
		return Header{}, corruptf("the WebP holds no picture")
	case f.flags&webpAnimation != 0:
		return f.animation(), nil
	case f.still.w == 0:
		return Header{}, corruptf("the WebP has frames but is no animation")
	case f.canvasW != 0 && (f.canvasW != f.still.w || f.canvasH != f.still.h):
		return Header{}, corruptf("the WebP claims %dx%d pixels but holds %dx%d", f.canvasW, f.canvasH, f.still.w, f.still.h)
	}
	return f.picture(), nil
}

// take takes in what a chunk says; of several pictures the first counts.
func (f *webpFile) take(r io.ReaderAt, c chunk) (err error) {
	var b []byte
	found := f.still.w != 0 || f.frames > 0
	switch {
	case c.name == "EXIF":
		if b, err := readAt(r, c.off, int(min(c.length, maxTextChunk))); err == nil { // else behind the picture, which is whole
			f.orientation = meta.Orientation(trimExifPrefix(b))
		}
	case c.name == "ANMF":
		if f.frames++; f.color == "" { // its first sub-chunk stands behind 16 bytes
			if b, err := readAt(r, c.off+16, 4); err == nil {
				f.color = webpColors[string(b)]
			}
		}
	case found:
	case c.name == "VP8X" && f.canvasW != 0:
		return corruptf("the WebP has two VP8X chunks")
	case c.name == "VP8X":
		if b, err = readAt(r, c.off, 10); err == nil {
			f.flags, f.canvasW, f.canvasH = b[0], 1+uint24(b[4:]), 1+uint24(b[7:])
		}
	case c.name == "ANIM":
		if b, err = readAt(r, c.off, 6); err == nil {
			f.plays = int(binary.LittleEndian.Uint16(b[4:]))
		}
	default:
		if err = f.still.take(r, c); f.still.w != 0 {
			f.color = webpColors[c.name]
		}
	}
	return err
}

// webpColors by the chunk that begins a picture.
var webpColors = map[string]Color{"VP8 ": ColorYCbCr, "ALPH": ColorYCbCr, "VP8L": ColorRGB}

func (p *webpPicture) take(r io.ReaderAt, c chunk) error {
	switch c.name {
	case "ALPH":
		p.alpha = true
	case "VP8 ": // RFC 6386, section 9.1
		b, err := readAt(r, c.off, 10)
		if err != nil {
			return err
		}
		p.w, p.h = int(binary.LittleEndian.Uint16(b[6:])&0x3fff), int(binary.LittleEndian.Uint16(b[8:])&0x3fff)
	case "VP8L": // WebP lossless bitstream specification, section 3
		b, err := readAt(r, c.off, 5)
		if err != nil {
			return err
		}
		v := binary.LittleEndian.Uint32(b[1:])
		p.w, p.h = 1+int(v&0x3fff), 1+int(v>>14&0x3fff)
		p.alpha, p.lossless = v>>28&1 != 0, true
	}
	return nil
}

func (f *webpFile) picture() Header {
	h := Header{
		Width: f.still.w, Height: f.still.h, Bits: 8, Channels: 3, Color: f.color, Orientation: f.orientation, Frames: 1,
		Alpha: f.still.alpha, Variant: "lossy", decodeBytes: 2,
	}
	switch {
	case f.still.lossless:
		h.Variant, h.Channels, h.decodeBytes = "lossless", 4, 8
	case f.still.alpha:
		h.Variant, h.Channels, h.decodeBytes = "lossy, with alpha", 4, 3
	}
	return h
}

func (f *webpFile) animation() Header {
	h := Header{
		Width: f.canvasW, Height: f.canvasH, Bits: 8, Channels: 4, Color: f.color, Orientation: f.orientation,
		Frames: max(1, min(f.frames, MaxFrames)), Alpha: f.flags&webpAlpha != 0, Variant: "animated",
		decodeBytes: 16, // the canvas, the copy of it that is handed out, and a frame, twice while it is made
	}
	if h.Frames > 1 {
		h.Animated, h.Loop = true, f.plays
	}
	return h
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// eachRIFFChunk calls visit for every chunk of a RIFF file, to its end.
func eachRIFFChunk(r *io.SectionReader, visit func(chunk) error) error {
	return eachChunkFrom(r, 12, visit)
}

// eachChunkFrom calls visit for every chunk from an offset on.
func eachChunkFrom(r *io.SectionReader, off int64, visit func(chunk) error) error {
	for i := 0; off+8 <= r.Size(); i++ {
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

// decodeWebP gives a still, or the first frame of an animation.
func decodeWebP(ctx context.Context, h Header, data []byte, _ DecodeOptions) (*Picture, error) {
	if h.Variant == "animated" {
		return webpFirst(ctx, h, data)
	}
	img, err := webpStill(ctx, data)
	if err != nil {
		return nil, err
	}
	return &Picture{Header: h, Image: img, Metadata: webpMetadata(bytes.NewReader(data))}, nil
}

// webpFirst gives the first frame of an animation, on its canvas.
func webpFirst(ctx context.Context, h Header, data []byte) (*Picture, error) {
	frames, _ := webpFrameChunks(ctx, data) // what is wrong behind the first does not matter
	if len(frames) == 0 {
		return nil, corruptf("the WebP holds no picture")
	}
	for f, err := range composeWebP(ctx, h, data, frames[:1]) {
		if err != nil {
			return nil, err
		}
		return &Picture{Header: h, Image: f.Image, Metadata: f.Metadata, Notes: f.Notes}, nil
	}
	panic("unreachable: there is one frame")
}

func webpStill(ctx context.Context, data []byte) (image.Image, error) {
	img, err := webp.Decode(newReader(ctx, data))
	if err != nil {
		return nil, err
	}
	fullRange(img)
	return img, nil
}

// maxWebPSide is the greatest width and height that a WebP of either kind has.
const maxWebPSide = 16383

// encodeWebP writes a lossless WebP, in which colours of transparent pixels stay
// as they are.
func encodeWebP(buf *bytes.Buffer, img image.Image, _ Options, m meta.Data) error {
	if err := checkSide(img, "WebP", maxWebPSide); err != nil {
		return err
	}
	b := img.Bounds()
	flags := byte(webpAlpha)
	if isOpaque(img) {
		flags = 0
	}
	picture := appendRIFFChunk(nil, "VP8L", vp8lBits(img))
	buf.Write(webpContainer(picture, b.Dx(), b.Dy(), flags, m))
	return nil
}

// vp8lBits returns a picture as a lossless bitstream.
func vp8lBits(img image.Image) []byte {
	b := img.Bounds()
	pix, stride := pixels.Straight(img, false)
	return vp8l.Append(nil, &image.NRGBA{Pix: pix, Stride: stride, Rect: image.Rect(0, 0, b.Dx(), b.Dy())})
}
