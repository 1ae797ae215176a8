package transform

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/internal/job"
)

// frames takes each picture of an animation, or each page, through the
// pipeline, one after another, into a file that holds several as well.
func (w *Worker) frames(ctx context.Context, t task, res *job.Part) error {
	if !t.output.Holds(t.head.Animated) {
		return &codec.Error{Kind: codec.Unsupported, Detail: fmt.Sprintf("%s, which do not fit into one %s; --first-frame takes the first",
			pictures(t.head), strings.ToUpper(string(t.output)))}
	}
	w.decodings++
	var notes []string
	done := func(yield func(codec.Frame, error) bool) {
		for f, err := range codec.Frames(ctx, w.in, t.read) {
			if err == nil {
				res.Pixels += int64(f.Image.Bounds().Dx()) * int64(f.Image.Bounds().Dy())
				f.Image, err = t.apply(ctx, f.Image, f.Orientation)
			}
			if err == nil && res.Width == 0 {
				res.Width, res.Height = f.Image.Bounds().Dx(), f.Image.Bounds().Dy()
			}
			notes = append(notes, f.Notes...)
			if f.Orientation = 1; !yield(f, err) || err != nil {
				return
			}
		}
	}
	w.out.Reset()
	more, err := codec.EncodeFrames(&w.out, done, t.encode(meta.Data{}))
	if err != nil {
		return err
	}
	for _, n := range append(notes, more...) {
		if !slices.Contains(res.Notes, n) { // once for all frames
			res.Notes = append(res.Notes, n)
		}
	}
	return w.account(t, res)
}

// pictures names how many pictures a file has, and which.
func pictures(h codec.Header) string {
	what := "pages"
	if h.Animated {
		what = "frames of an animation"
	}
	return fmt.Sprintf("%d %s", h.Frames, what)
}
