package codec

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/draw"
	stdgif "image/gif"
	"io"
	"iter"

	"github.com/imgpar/imgpar/codec/animation"
	"github.com/imgpar/imgpar/codec/gif"
	"github.com/imgpar/imgpar/codec/meta"
)

func gifHeader(r *io.SectionReader) (Header, error) {
	f, err := openGIF(r, 0)
	if err != nil {
		return Header{}, err
	}
	h := Header{
		Width: f.Width, Height: f.Height, Bits: 8, Channels: 1, Color: ColorPalette, Orientation: 1,
		Frames: max(1, min(len(f.Frames), MaxFrames)), Alpha: f.Alpha(), Variant: f.Variant(),
		decodeBytes: 4, // the canvas; a frame takes 5 bytes a pixel, with its colours
	}
	for _, m := range f.Frames {
		h.framePixels = max(h.framePixels, m.Pixels())
	}
	if h.framePixels > 0 && h.Width > 0 && h.Height > 0 {
		h.decodeBytes += 5 * float64(h.framePixels) / (float64(h.Width) * float64(h.Height))
	}
	if h.Frames > 1 {
		h.Animated, h.Loop = true, f.Plays
		h.decodeBytes += 8 // what the canvas was before, and the copy of it that is handed out
	}
	return h, nil
}

// openGIF finds the frames of a GIF, one over MaxFrames at the most, and metadata
// of so many bytes each.
func openGIF(r *io.SectionReader, metadata int) (*gif.File, error) {
	f, err := gif.Open(r, gif.Options{Frames: MaxFrames + 1, Metadata: metadata})
	if errors.Is(err, gif.ErrBlocks) {
		return nil, tooLargef("%v", err)
	}
	return f, err
}

// decodeGIF gives the first frame: with its palette if it covers the canvas,
// else put on it.
func decodeGIF(ctx context.Context, h Header, data []byte, _ DecodeOptions) (*Picture, error) {
	f, err := openGIF(section(ctx, data), maxTextChunk)
	if err != nil {
		return nil, err
	}
	if len(f.Frames) == 0 {
		return nil, corruptf("the GIF holds no picture")
	}
	img, notes, err := f.Decode(0)
	if err != nil {
		return nil, err
	}
	p := &Picture{Header: h, Image: img, Metadata: f.Metadata, Notes: notes}
	if first := f.Frames[0].Rectangle; first != image.Rect(0, 0, h.Width, h.Height) {
		canvas := image.NewNRGBA(image.Rect(0, 0, h.Width, h.Height))
		if img != nil {
			draw.Draw(canvas, first, img, image.Point{}, draw.Src)
		}
		p.Image = canvas
	}
	return p, nil
}

func gifFrames(ctx context.Context, h Header, data []byte, o DecodeOptions) iter.Seq2[Frame, error] {
	f, err := openGIF(section(ctx, data), maxTextChunk)
	if err == nil {
		err = checkFrames(h, len(f.Frames), o.MaxPixels)
	}
	if err == nil {
		err = checkGIF(f, o.MaxPixels)
	}
	if err != nil {
		return failed(err)
	}
	return framesOf(h, f.Metadata, len(f.Frames), func(i int) (animation.Placement, image.Image, []string, error) {
		img, notes, err := f.Decode(i)
		return f.Frames[i].Placement, img, notes, err
	})
}

// checkGIF is checkFrames for frames that are larger than the canvas.
func checkGIF(f *gif.File, maxPixels int64) error {
	n := int64(0)
	for _, m := range f.Frames {
		n += m.Pixels()
	}
	if n/maxFramePixels > maxPixels {
		return tooLargef("frames of %d pixels together; an animation has at most %d times --max-pixels", n, maxFramePixels)
	}
	return nil
}

func encodeGIF(buf *bytes.Buffer, img image.Image, _ Options, _ meta.Data) error {
	return stdgif.Encode(buf, img, nil)
}

func writeGIF(buf *bytes.Buffer, frames iter.Seq2[Frame, error], o Options) (notes []string, err error) {
	w, first := gif.NewWriter(buf, o.Loop), true
	for f, err := range frames {
		if err != nil {
			return nil, err
		}
		if first {
			if err := checkSide(f.Image.Bounds(), "GIF", gif.MaxSide); err != nil {
				return nil, err
			}
			_, notes = o.metadataOf(f)
			first = false
		}
		if IsDeep(f.Image) {
			notes = addNotes(notes, NoteShallow)
		}
		w.Add(f.Image, f.Delay)
	}
	return addNotes(notes, w.Close()...), nil
}
