package codec

import (
	"bytes"
	"context"
	"image"
	"iter"

	"github.com/imgpar/imgpar/codec/animation"
	"github.com/imgpar/imgpar/codec/png"
)

func apngFrames(ctx context.Context, h Header, data []byte, o DecodeOptions) iter.Seq2[Frame, error] {
	a, err := png.OpenAnimation(data, MaxFrames)
	if err != nil {
		return failed(pngErr(err))
	}
	if err := checkFrames(h, a.Frames(), o.MaxPixels); err != nil {
		return failed(err)
	}
	return framesOf(h, pngMetadata(bytes.NewReader(data)), a.Frames(), func(i int) (animation.Placement, image.Image, []string, error) {
		p, m, err := a.Decode(ctx, i)
		if err != nil {
			return p, nil, nil, pngErr(err)
		}
		return p, m.Image, pngNotes(m), nil
	})
}

// writeAPNG keeps 16 bits a channel if the first frame has them.
func writeAPNG(buf *bytes.Buffer, frames iter.Seq2[Frame, error], o Options) (notes []string, err error) {
	var (
		w       *png.AnimationWriter
		changes animation.Changes
	)
	for f, err := range frames {
		if err != nil {
			return nil, err
		}
		if w == nil {
			kept, lost := o.metadataOf(f)
			notes, changes.Deep = addNotes(notes, lost...), IsDeep(f.Image)
			w = png.NewAnimationWriter(buf, f.Image.Bounds().Dx(), f.Image.Bounds().Dy(), changes.Deep, o.Loop, pngChunks(kept))
		}
		if IsDeep(f.Image) && !changes.Deep {
			notes = addNotes(notes, NoteShallow)
		}
		exact, err := w.Add(changes.Next(f.Image), f.Delay)
		if err != nil {
			return nil, err
		}
		if !exact {
			notes = addNotes(notes, lostTime)
		}
	}
	w.Close()
	return notes, nil
}
