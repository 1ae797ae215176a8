package codec

import (
	"bytes"
	"context"
	"image"
	"image/draw"
	"image/gif"
	"io"

	"github.com/imgpar/imgpar/codec/meta"
)

func gifHeader(r *io.SectionReader) (Header, error) {
	f, err := readGIF(r, false)
	if err != nil {
		return Header{}, err
	}
	h := Header{
		Width: f.w, Height: f.h, Bits: 8, Channels: 1, Color: ColorPalette, Orientation: 1,
		Frames: max(1, min(len(f.images), MaxFrames)), Alpha: f.alpha(), Variant: f.variant(),
		decodeBytes: 4, // the canvas; a frame takes 5 bytes a pixel, with its colours
	}
	if h.framePixels = f.largest(); h.framePixels > 0 && h.Width > 0 && h.Height > 0 {
		h.decodeBytes += 5 * float64(h.framePixels) / (float64(h.Width) * float64(h.Height))
	}
	if h.Frames > 1 {
		h.Animated, h.Loop = true, f.plays
		h.decodeBytes += 8 // what the canvas was before, and the copy of it that is handed out
	}
	return h, nil
}

// decodeGIF gives the first frame: with its palette if it covers the canvas,
// else put on it.
func decodeGIF(ctx context.Context, h Header, data []byte, _ DecodeOptions) (*Picture, error) {
	f, err := readGIF(io.NewSectionReader(newReader(ctx, data), 0, int64(len(data))), true)
	if err != nil {
		return nil, err
	}
	if len(f.images) == 0 {
		return nil, corruptf("the GIF holds no picture")
	}
	img, notes, err := f.decode(ctx, data, 0)
	if err != nil {
		return nil, err
	}
	p := &Picture{Header: h, Image: img, Metadata: f.meta, Notes: notes}
	if first := f.images[0].rect; first != image.Rect(0, 0, h.Width, h.Height) {
		canvas := image.NewNRGBA(image.Rect(0, 0, h.Width, h.Height))
		if img != nil {
			draw.Draw(canvas, first, img, image.Point{}, draw.Src)
		}
		p.Image = canvas
	}
	return p, nil
}

func encodeGIF(buf *bytes.Buffer, img image.Image, _ Options, _ meta.Data) error {
	return gif.Encode(buf, img, nil)
}
