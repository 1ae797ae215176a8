package codec

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"iter"

	"github.com/imgpar/imgpar/codec/animation"
	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/codec/webp"
)

func webpHeader(r *io.SectionReader) (Header, error) {
	f, err := openWebP(r)
	if err != nil {
		return Header{}, err
	}
	h := Header{
		Width: f.Width, Height: f.Height, Bits: 8, Channels: 3, Color: webpColors[f.Coding], Frames: 1,
		Orientation: meta.Orientation(trimExifPrefix(f.EXIF(maxTextChunk))), Alpha: f.Alpha,
		Variant: string(f.Coding), decodeBytes: 2,
	}
	switch {
	case f.Animated:
		h.Variant, h.Channels, h.Frames = "animated", 4, max(1, min(f.Frames, MaxFrames))
		h.decodeBytes = 16 // the canvas, the copy of it that is handed out, and a frame, twice while it is made
		if h.Frames > 1 {
			h.Animated, h.Loop = true, f.Plays
		}
	case f.Coding == webp.Lossless:
		h.Channels, h.decodeBytes = 4, 8
	case f.Alpha:
		h.Variant, h.Channels, h.decodeBytes = "lossy, with alpha", 4, 3
	}
	if f.Animated || f.Alpha || f.Coding == webp.Lossless { // alpha is coded as lossless pictures are
		h.groups = min(maxWebPGroups, (h.Width+3)/4*((h.Height+3)/4))
	}
	return h, nil
}

// maxWebPGroups is how many sets of prefix codes golang.org/x/image/vp8l reads, which is what libwebp writes; a set is
// for one tile of 4x4 pixels at least.
const maxWebPGroups = 2600

var webpColors = map[webp.Coding]Color{webp.Lossy: ColorYCbCr, webp.Lossless: ColorRGB}

// openWebP finds the frames of a WebP, one over MaxFrames at the most.
func openWebP(r *io.SectionReader) (*webp.File, error) {
	f, err := webp.Open(r, MaxFrames+1)
	return f, webpErr(err)
}

// webpErr makes an error of package webp one of ours.
func webpErr(err error) error {
	var format *webp.FormatError
	switch {
	case errors.As(err, &format):
		return corruptf("%s", format.Reason)
	case errors.Is(err, webp.ErrChunks):
		return tooLargef("%v", err)
	}
	return err
}

func webpMetadata(f *webp.File) meta.Data {
	m := f.Metadata(maxTextChunk)
	m.EXIF = trimExifPrefix(m.EXIF)
	return m
}

// decodeWebP gives a still, or the first frame of an animation on its canvas.
func decodeWebP(ctx context.Context, h Header, data []byte, _ DecodeOptions) (*Picture, error) {
	f, err := openWebP(section(ctx, data))
	if err != nil {
		return nil, err
	}
	if !f.Animated {
		img, err := f.Still()
		if err != nil {
			return nil, webpErr(err)
		}
		return &Picture{Header: h, Image: img, Metadata: webpMetadata(f)}, nil
	}
	for frame, err := range composeWebP(h, f, min(f.Frames, 1)) {
		if err != nil {
			return nil, err
		}
		return &Picture{Header: h, Image: frame.Image, Metadata: frame.Metadata, Notes: frame.Notes}, nil
	}
	return nil, corruptf("the WebP holds no picture")
}

func webpFrames(ctx context.Context, h Header, data []byte, o DecodeOptions) iter.Seq2[Frame, error] {
	f, err := openWebP(section(ctx, data))
	if err == nil {
		err = webpErr(f.Err())
	}
	if err == nil {
		err = checkFrames(h, f.Frames, o.MaxPixels)
	}
	if err != nil {
		return failed(err)
	}
	return composeWebP(h, f, f.Frames)
}

func composeWebP(h Header, f *webp.File, count int) iter.Seq2[Frame, error] {
	return framesOf(h, webpMetadata(f), count, func(i int) (animation.Placement, image.Image, []string, error) {
		p, img, err := f.Frame(i)
		return p, img, nil, webpErr(err)
	})
}

func encodeWebP(buf *bytes.Buffer, img image.Image, _ Options, m meta.Data) error {
	if err := checkSide(img.Bounds(), "WebP", webp.MaxSide); err != nil {
		return err
	}
	webp.Encode(buf, img, m)
	return nil
}

func writeWebPAnimation(buf *bytes.Buffer, frames iter.Seq2[Frame, error], o Options) (notes []string, err error) {
	var w *webp.Writer
	changes := animation.Changes{Even: true} // where a frame begins is said in twos
	for f, err := range frames {
		if err != nil {
			return nil, err
		}
		if w == nil {
			if err := checkSide(f.Image.Bounds(), "WebP", webp.MaxSide); err != nil {
				return nil, err
			}
			kept, lost := o.metadataOf(f)
			notes = addNotes(notes, lost...)
			w = webp.NewWriter(buf, f.Image.Bounds().Dx(), f.Image.Bounds().Dy(), o.Loop, kept)
		}
		if err := checkOutput(w.Len(), o.outputLimit()); err != nil {
			return nil, err
		}
		if IsDeep(f.Image) {
			notes = addNotes(notes, NoteShallow)
		}
		if !w.Add(changes.Next(f.Image), f.Delay) {
			notes = addNotes(notes, lostTime)
		}
	}
	w.Close()
	return notes, nil
}
