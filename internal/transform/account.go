package transform

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// account holds the header of the output against that of the input, and notes
// what has become of the picture that nobody has noted yet. An output that
// cannot be read is an error of imgpar's, and is not written.
func (w *Worker) account(t task, res *job.Part) error {
	out, err := codec.ReadHeader(bytes.NewReader(w.out.Bytes()), int64(w.out.Len()), t.MaxPixels)
	if err != nil {
		return fmt.Errorf("the output cannot be read back: %w", err)
	}
	if out.Width != res.Width || out.Height != res.Height || out.Orientation != 1 {
		return fmt.Errorf("the output has %dx%d pixels and orientation %d, not %dx%d upright", out.Width, out.Height, out.Orientation, res.Width, res.Height)
	}
	note := func(format string, a ...any) {
		if n := fmt.Sprintf(format, a...); !slices.Contains(res.Notes, n) {
			res.Notes = append(res.Notes, n)
		}
	}
	in := t.head
	if in.Depth() != out.Depth() {
		note("%s a channel became %d", bits(in.Depth()), out.Depth())
	}
	channel := in.Alpha && in.Color != codec.ColorPalette && !in.Animated // not just a transparent colour
	if channel && !out.Alpha && !slices.ContainsFunc(res.Notes, codec.IsNoteFlat) {
		note("the alpha channel is left out: nothing was transparent")
	}
	if in.Color == codec.ColorGray && (out.Color == codec.ColorRGB || out.Color == codec.ColorYCbCr) && out.Format != codec.WebP { // which has no gray
		note("gray became %s", out.Color)
	}
	if in.Frames != out.Frames && in.Frames > 1 && !t.First {
		note("%s became %d", pictures(in), out.Frames)
	}
	return nil
}

func bits(n int) string {
	if n == 1 {
		return "1 bit"
	}
	return fmt.Sprintf("%d bits", n)
}
