package codec

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"io"
	"iter"
	"time"

	"github.com/imgpar/imgpar/codec/animation"
	"github.com/imgpar/imgpar/codec/meta"
)

// Flags of an ANMF chunk (WebP container specification, animation).
const (
	webpDispose = 1 << 0 // the frame's rectangle is cleared after it
	webpNoBlend = 1 << 1
)

// webpFrames reads the frames of an animated WebP. The background colour that an
// ANIM chunk names is a hint, which browsers do not take.
func webpFrames(ctx context.Context, h Header, data []byte, o DecodeOptions) iter.Seq2[Frame, error] {
	frames, err := webpFrameChunks(ctx, data)
	if err == nil {
		err = checkFrames(h, len(frames), o.MaxPixels)
	}
	if err != nil {
		return failed(err)
	}
	return composeWebP(ctx, h, data, frames)
}

func webpFrameChunks(ctx context.Context, data []byte) (frames []chunk, err error) {
	err = eachRIFFChunk(section(ctx, data), func(c chunk) error {
		if c.name == "ANMF" && len(frames) <= MaxFrames {
			frames = append(frames, c)
		}
		return nil
	})
	return frames, err
}

func composeWebP(ctx context.Context, h Header, data []byte, frames []chunk) iter.Seq2[Frame, error] {
	return framesOf(h, webpMetadata(bytes.NewReader(data)), len(frames), func(i int) (animation.Placement, image.Image, []string, error) {
		c := frames[i]
		if c.off+c.length > int64(len(data)) {
			return animation.Placement{}, nil, nil, io.ErrUnexpectedEOF
		}
		p, img, err := webpFrame(ctx, h, data[c.off:c.off+c.length])
		return p, img, nil, err
	})
}

// webpFrame decodes the payload of an ANMF chunk: 16 bytes that place the frame,
// and the chunks of a still.
func webpFrame(ctx context.Context, h Header, b []byte) (animation.Placement, image.Image, error) {
	if len(b) < 16 {
		return animation.Placement{}, nil, corruptf("the WebP has a frame of %d bytes", len(b))
	}
	x, y := 2*uint24(b), 2*uint24(b[3:])
	p := animation.Placement{
		Rectangle: image.Rect(x, y, x+1+uint24(b[6:]), y+1+uint24(b[9:])),
		Delay:     time.Duration(uint24(b[12:])) * time.Millisecond,
		Over:      b[15]&webpNoBlend == 0,
	}
	if b[15]&webpDispose != 0 {
		p.Disposal = animation.Clear
	}
	if !p.In(image.Rect(0, 0, h.Width, h.Height)) {
		return p, nil, corruptf("the WebP has a frame at %v on a canvas of %dx%d", p.Rectangle, h.Width, h.Height)
	}
	still, err := webpFrameStill(p.Dx(), p.Dy(), b)
	if err != nil {
		return p, nil, err
	}
	img, err := webpStill(ctx, still)
	if err != nil {
		return p, nil, err
	}
	if img.Bounds() != image.Rect(0, 0, p.Dx(), p.Dy()) {
		return p, nil, corruptf("the WebP has a frame of %dx%d that holds %dx%d pixels", p.Dx(), p.Dy(), img.Bounds().Dx(), img.Bounds().Dy())
	}
	return p, img, nil
}

// webpFrameStill makes a file of the picture in an ANMF chunk.
func webpFrameStill(w, h int, b []byte) ([]byte, error) {
	var (
		picture webpPicture
		chunks  []byte
		alpha   bool
	)
	r := io.NewSectionReader(bytes.NewReader(b), 0, int64(len(b)))
	err := eachChunkFrom(r, 16, func(c chunk) error {
		if picture.w != 0 || c.name != "ALPH" && c.name != "VP8 " && c.name != "VP8L" {
			return nil
		}
		if c.off+c.length > int64(len(b)) {
			return io.ErrUnexpectedEOF
		}
		alpha = alpha || c.name == "ALPH"
		chunks = appendRIFFChunk(chunks, c.name, b[c.off:c.off+c.length])
		return picture.take(r, c)
	})
	if err != nil {
		return nil, err
	}
	if picture.w != w || picture.h != h { // before memory is taken for it
		return nil, corruptf("the WebP has a frame of %dx%d that holds %dx%d pixels", w, h, picture.w, picture.h)
	}
	if alpha {
		size := binary.LittleEndian.AppendUint64(nil, uint64(w-1)|uint64(h-1)<<24)
		chunks = append(appendRIFFChunk(nil, "VP8X", append([]byte{webpAlpha, 0, 0, 0}, size[:6]...)), chunks...)
	}
	return webpContainer(chunks, w, h, 0, meta.Data{}), nil
}

// maxWebPDelay is the longest delay of a frame, milliseconds.
const maxWebPDelay = 1<<24 - 1

// writeWebPAnimation writes lossless frames, each in place of what was there.
func writeWebPAnimation(buf *bytes.Buffer, frames iter.Seq2[Frame, error], o Options) ([]string, error) {
	var (
		chunks []byte
		kept   meta.Data
		notes  []string
		size   image.Point
		owed   time.Duration
	)
	changes := animation.Changes{Even: true} // where a frame begins is said in twos
	for f, err := range frames {
		if err != nil {
			return nil, err
		}
		if chunks == nil {
			if err := checkSide(f.Image, "WebP", maxWebPSide); err != nil {
				return nil, err
			}
			size = f.Image.Bounds().Size()
			kept, notes = o.metadataOf(f)
			anim := binary.LittleEndian.AppendUint16(make([]byte, 4), uint16(min(o.Loop, 65535)))
			chunks = appendRIFFChunk(nil, "ANIM", anim)
		}
		if IsDeep(f.Image) {
			notes = addNotes(notes, NoteShallow)
		}
		owed += f.Delay
		ms := min(owed.Round(time.Millisecond), maxWebPDelay*time.Millisecond)
		if owed -= ms; f.Delay%time.Millisecond != 0 || ms == maxWebPDelay*time.Millisecond {
			notes = addNotes(notes, lostTime)
		}
		chunks = appendRIFFChunk(chunks, "ANMF", webpPart(changes.Next(f.Image), int(ms/time.Millisecond)))
	}
	buf.Write(webpContainer(chunks, size.X, size.Y, webpAnimation|webpAlpha, kept))
	return notes, nil
}

// webpPart returns the payload of an ANMF chunk.
func webpPart(part image.Image, ms int) []byte {
	r := part.Bounds()
	var out []byte
	for _, v := range []int{r.Min.X / 2, r.Min.Y / 2, r.Dx() - 1, r.Dy() - 1, ms} {
		out = append(out, byte(v), byte(v>>8), byte(v>>16))
	}
	return appendRIFFChunk(append(out, webpNoBlend), "VP8L", vp8lBits(part))
}
