package codec

import (
	"bytes"
	"context"
	"image"
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
	Delay       time.Duration // how long a frame of an animation is shown
	Metadata    meta.Data     // of a page; the first frame of an animation has those of the file
	Notes       []string      // what of the file is not in this frame

	profiled  bool     // the file had a profile
	converted []string // notes on what became of that
}

// Frames decodes the pictures of a GIF, APNG, WebP or TIFF whose header has Frames
// above 1, one after another. It ends with the first error, which is one of those
// of Decode, or an *Error of kind TooLarge before the first frame: for more than
// MaxFrames, or for an animation that has more than 16 times o.MaxPixels in all
// frames together, each as large as the canvas. A frame and its memory are the
// caller's only until the next is asked for.
func Frames(ctx context.Context, data []byte, o DecodeOptions) iter.Seq2[Frame, error] {
	return func(yield func(Frame, error) bool) {
		h, err := o.header(ctx, data)
		if err != nil {
			yield(Frame{}, err)
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
// the metadata of its first one become those of the file; pages have each their
// own. The notes are those of Encode, each once. Errors are those of Encode, and
// for no frame or one of another size an *Error of kind Unsupported, and of kind
// TooLarge for more than MaxFileSize bytes.
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
		frames = o.asAnimation(frames)
	}
	return write(buf, bounded(frames, buf, o.outputLimit()), o)
}

// bounded ends frames with an error when what is written of them has more than so
// many bytes: it is held in memory.
func bounded(frames iter.Seq2[Frame, error], buf *bytes.Buffer, most int64) iter.Seq2[Frame, error] {
	return func(yield func(Frame, error) bool) {
		for f, err := range frames {
			if err == nil {
				err = checkOutput(buf.Len(), most)
			}
			if !yield(f, err) || err != nil {
				return
			}
		}
	}
}

// outputLimit returns the most bytes of an output of several pictures.
func (o Options) outputLimit() int64 {
	if o.mostOutput > 0 {
		return o.mostOutput
	}
	return MaxFileSize
}

func checkOutput(n int, most int64) error {
	if int64(n) > most {
		return tooLargef("more than %d bytes of output", most)
	}
	return nil
}

var frameWriters = map[Format]func(*bytes.Buffer, iter.Seq2[Frame, error], Options) ([]string, error){
	GIF:  writeGIF,
	PNG:  writeAPNG,
	WebP: writeWebPAnimation,
	TIFF: writePages,
}
