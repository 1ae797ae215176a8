package codec

import (
	"bytes"
	"context"
	"image"
	"image/draw"
	"iter"
	"time"

	"github.com/imgpar/imgpar/codec/meta"
)

// MaxFrames is the most frames or pages of a file that are read.
const MaxFrames = 10_000

// Frame is one picture of several in a file: a frame of an animation, composed
// on its canvas as it is shown, or a page.
type Frame struct {
	Image       image.Image   // as stored: Orientation is still to be undone
	Orientation int           // EXIF orientation, 1 to 8
	Delay       time.Duration // that a frame of an animation is shown
	Metadata    meta.Data     // of a page; the first frame of an animation has those of the file
	Notes       []string      // what of the file is not in this frame

	profiled  bool     // the file had a profile
	converted []string // notes on what became of that
}

// Frames decodes the pictures of a file whose header has Frames above 1, one
// after another, and ends with the first error, which are those of Decode. A
// frame and its memory are the caller's only until the next is asked for.
func Frames(ctx context.Context, data []byte, o DecodeOptions) iter.Seq2[Frame, error] {
	return func(yield func(Frame, error) bool) {
		h, err := ReadHeader(newReader(ctx, data), int64(len(data)), o.MaxPixels)
		if err != nil {
			yield(Frame{}, orDone(ctx, err))
			return
		}
		read, ok := frameReaders[h.Format]
		if !ok {
			yield(Frame{}, unsupportedf("%s of several pictures", h.Format))
			return
		}
		for f, err := range read(ctx, h, data, o) {
			if err != nil {
				err = orDone(ctx, decodeErr(h.Format, err))
			}
			if !yield(f, err) || err != nil {
				return
			}
		}
	}
}

var frameReaders = map[Format]func(context.Context, Header, []byte, DecodeOptions) iter.Seq2[Frame, error]{
	GIF:  gifFrames,
	PNG:  apngFrames,
	WebP: webpFrames,
	TIFF: tiffFrames,
}

// EncodeFrames writes several pictures, which are upright, into buf in place of
// what is there, as one file: an animation or pages, whichever o.Format holds.
// It takes one picture at a time, which it does not keep, and ends with the
// first error that comes with one. The frames of an animation are of one size, and
// the metadata of its first one become those of the file.
func EncodeFrames(buf *bytes.Buffer, frames iter.Seq2[Frame, error], o Options) (notes []string, err error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	write, ok := frameWriters[o.Format]
	if !ok {
		return nil, unsupportedf("several pictures in one %s", o.Format)
	}
	buf.Reset()
	if o.Format.Holds(true) {
		frames = o.inProfile(frames)
	}
	return write(buf, frames, o)
}

var frameWriters = map[Format]func(*bytes.Buffer, iter.Seq2[Frame, error], Options) ([]string, error){
	GIF:  writeGIF,
	PNG:  writeAPNG,
	WebP: writeWebPAnimation,
	TIFF: writePages,
}

// inProfile takes the frames of an animation to the colours that they are
// written in: their file's profile is that of the first one. A gray frame is one
// of colours in these files.
func (o Options) inProfile(frames iter.Seq2[Frame, error]) iter.Seq2[Frame, error] {
	return func(yield func(Frame, error) bool) {
		first := true
		for f, err := range frames {
			if err == nil && first {
				o.Metadata, first = f.Metadata, false
				f.profiled = f.Metadata.ICC != nil
			}
			if err == nil && o.Metadata.ICC != nil {
				f.Image, f.Metadata.ICC, f.converted, err = inProfile(coloured(f.Image), o, false)
			}
			if !yield(f, err) || err != nil {
				return
			}
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
