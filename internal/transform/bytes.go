package transform

import (
	"cmp"
	"errors"
	"fmt"
	"image"
	"strings"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// noteKept is the note on an output that is the input, byte for byte.
const noteKept = "would have been larger: the original bytes are kept"

// fit returns what is to be written for an output that w.out holds: that, or the
// input's bytes if those are fewer and may stand for it. What has more than
// --target-size allows is a *codec.SizeError.
func (w *Worker) fit(o *output) ([]byte, error) {
	if o.SkipIfLarger && w.out.Len() > len(w.in) {
		why := o.notForKeeping()
		if why == "" {
			return w.original(o)
		}
		o.res.Notes = append(o.res.Notes, "larger than the input, which "+why)
	}
	if n := int64(w.out.Len()); o.TargetSize > 0 && n > o.TargetSize {
		return nil, &codec.SizeError{Format: o.output, Least: n, Most: o.TargetSize}
	}
	return w.out.Bytes(), nil
}

// insteadOf returns the input's bytes for an output that cannot be made as small
// as they are, or the error that came with it.
func (w *Worker) insteadOf(o *output, err error) ([]byte, error) {
	var size *codec.SizeError
	if !errors.As(err, &size) || !o.SkipIfLarger || o.notForKeeping() != "" || int64(len(w.in)) > o.TargetSize {
		return nil, err
	}
	return w.original(o)
}

// original makes the input's bytes the output.
func (w *Worker) original(o *output) ([]byte, error) {
	if o.InPlace != nil {
		return nil, errLarger
	}
	o.res.Width, o.res.Height = o.head.Displayed()
	o.res.Notes = append(nameNotes(o.Job, o.head.Format), noteKept)
	return w.in, nil
}

// notForKeeping says what it is about the input that its bytes cannot stand for
// the output, or "".
func (o *output) notForKeeping() string {
	switch {
	case o.output != o.head.Format:
		return "is " + strings.ToUpper(string(o.head.Format))
	case o.read.Salvage:
		return "is damaged"
	case o.Carry != job.Carry{Mtime: o.Carry.Mtime}:
		return "may hold what is to be taken out"
	}
	return ""
}

// isSmall tells whether the JPEG in w.out, which was not coded anew, is no larger
// than asked for. If it is, it is coded anew.
func (w *Worker) isSmall(o *output) bool {
	if o.TargetSize == 0 || int64(w.out.Len()) <= o.TargetSize {
		return true
	}
	o.shrunk, o.res.Notes = true, nameNotes(o.Job, o.head.Format)
	return false
}

// encode writes a picture into w.out: a JPEG with as high a quality as its target
// size allows.
func (w *Worker) encode(o *output, img image.Image, options codec.Options) ([]string, error) {
	w.out.Reset()
	if o.TargetSize == 0 || o.output != codec.JPEG {
		return codec.Encode(&w.out, img, options)
	}
	quality, notes, err := codec.EncodeWithin(&w.out, img, options, o.TargetSize)
	switch {
	case err != nil:
		return nil, err
	case o.shrunk:
		notes = append(notes, fmt.Sprintf("coded anew with quality %d for --target-size", quality))
	case quality < cmp.Or(o.Quality, codec.DefaultQuality):
		notes = append(notes, fmt.Sprintf("quality %d for --target-size", quality))
	}
	return notes, nil
}
