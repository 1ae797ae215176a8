package codec

import (
	"image"
	"image/draw"
	"iter"

	"github.com/imgpar/imgpar/codec/animation"
	"github.com/imgpar/imgpar/codec/meta"
)

// framesOf composes count frames. The first one has the metadata of the file.
func framesOf(h Header, m meta.Data, count int, frame func(i int) (animation.Placement, image.Image, []string, error)) iter.Seq2[Frame, error] {
	return func(yield func(Frame, error) bool) {
		c := animation.NewCanvas(h.Width, h.Height, h.Bits == 16)
		for i := range count {
			p, img, notes, err := frame(i)
			if err != nil {
				yield(Frame{}, err)
				return
			}
			f := Frame{Image: c.Add(p, img), Orientation: h.Orientation, Delay: p.Delay, Notes: notes}
			if i == 0 {
				f.Metadata = m
			}
			if !yield(f, nil) {
				return
			}
		}
	}
}

// failed are no frames, for a reason.
func failed(err error) iter.Seq2[Frame, error] {
	return func(yield func(Frame, error) bool) { yield(Frame{}, err) }
}

// checkFrames refuses an animation whose composed frames would be more work
// than maxFramePixels allows.
func checkFrames(h Header, frames int, maxPixels int64) error {
	if frames > MaxFrames {
		return tooLargef("more than %d frames", MaxFrames)
	}
	if n := int64(frames) * int64(h.Width) * int64(h.Height); n/maxFramePixels > maxPixels {
		return tooLargef("%d frames of %dx%d are %d pixels; an animation has at most %d times --max-pixels", frames, h.Width, h.Height, n, maxFramePixels)
	}
	return nil
}

// checkSide refuses a picture that is larger than a format can say.
func checkSide(img image.Image, format string, most int) error {
	if b := img.Bounds(); b.Dx() > most || b.Dy() > most {
		return tooLargef("%dx%d pixels; a side of a %s is at most %d", b.Dx(), b.Dy(), format, most)
	}
	return nil
}

// lostTime is the note on delays that are no whole number of milliseconds.
const lostTime = "delays rounded to 1/1000 s"

// asAnimation takes frames to the colours that they are written in: their file's
// profile is that of the first one. A gray frame is one of colours in the formats
// that hold animations. It ends with an error if there is no frame, or one of
// another size than the first.
func (o Options) asAnimation(frames iter.Seq2[Frame, error]) iter.Seq2[Frame, error] {
	return func(yield func(Frame, error) bool) {
		var size image.Point // of the first
		first := true
		for f, err := range frames {
			if err == nil && first {
				size, o.Metadata, first = f.Image.Bounds().Size(), f.Metadata, false
				f.profiled = f.Metadata.ICC != nil
			}
			if err == nil && f.Image.Bounds().Size() != size {
				b := f.Image.Bounds()
				err = unsupportedf("an animation with frames of %dx%d and of %dx%d pixels", size.X, size.Y, b.Dx(), b.Dy())
			}
			if err == nil && o.Metadata.ICC != nil {
				f.Image, f.Metadata.ICC, f.converted, err = inProfile(coloured(f.Image), o, false)
			}
			if !yield(f, err) || err != nil {
				return
			}
		}
		if first {
			yield(Frame{}, unsupportedf("an animation of no frames"))
		}
	}
}

// coloured returns a gray picture as one of colours.
func coloured(img image.Image) image.Image {
	switch img.(type) {
	case *image.Gray:
		return rgba(img)
	case *image.Gray16:
		b := img.Bounds()
		out := image.NewRGBA64(image.Rect(0, 0, b.Dx(), b.Dy()))
		draw.Draw(out, out.Rect, img, b.Min, draw.Src)
		return out
	}
	return img
}

// metadataOf returns what goes into a file beside its first frame, whose
// metadata are those of the file, and notes what does not.
func (o Options) metadataOf(first Frame) (kept meta.Data, notes []string) {
	o.Metadata = first.Metadata
	kept, notes = o.keep(first.profiled, first.Image.Bounds(), false)
	return kept, addNotes(notes, first.converted...)
}

// addNotes adds those that are not there yet, as meta.Data.Omit does.
func addNotes(notes []string, more ...string) []string {
	d := meta.Data{Other: notes}
	for _, n := range more {
		d.Omit(n)
	}
	return d.Other
}
