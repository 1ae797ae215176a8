// Package quality measures what pixels lose, against a reference that is made with
// full decoding and the best resampling, by nobody who is compared.
package quality

import (
	"fmt"
	"image"
	"math"

	"github.com/imgpar/imgpar/bench"
	"github.com/imgpar/imgpar/bench/peers"
)

// SizeError is the error for a written file that has other dimensions than the reference.
type SizeError struct{ Got, Want image.Point } // pixels, of pictures that stand upright

func (e *SizeError) Error() string {
	return fmt.Sprintf("the picture is %dx%d, the reference %dx%d", e.Got.X, e.Got.Y, e.Want.X, e.Want.Y)
}

// PSNR returns the peak signal-to-noise ratio of the luma of a written file, dB, against
// the reference made of its source: 10 log10(255² / mean squared difference), at most
// bench.Identical. Luma is what JPEGs store, for other files 0.299 R + 0.587 G + 0.114 B; both
// are compared upright, in values as they are coded. Colour profiles are not looked at:
// who converts to another is compared with what was not converted.
//
// For Gray the reference is the luma as it is decoded; else that is resampled by Lanczos
// with three lobes, in floating point and never rounded, to the size that Work asks for,
// the free side rounded to nearest. For Thumb it is cut before it is resampled; who cuts
// afterwards is off by up to half a pixel, which takes 5 to 7 dB of a photo.
//
// Errors are a *SizeError, even where one side differs by one pixel; those of reading;
// and pictures with transparency, of which the luma depends on what is behind.
func PSNR(source, written string, w peers.Work) (float64, error) {
	from, err := readLuma(source)
	if err != nil {
		return 0, err
	}
	got, err := readLuma(written)
	if err != nil {
		return 0, err
	}
	want := reference(from, w)
	if got.size() != want.size() {
		return 0, fmt.Errorf("%s: %w", written, &SizeError{got.size(), want.size()})
	}
	return psnr(got, want), nil
}

// reference does the work on a plane.
func reference(p plane, w peers.Work) plane {
	switch {
	case w.Width != 0 && w.Width < p.w:
		h := math.Round(float64(p.h) * float64(w.Width) / float64(p.w))
		return p.scaled(w.Width, max(1, int(h)))
	case w.Thumb != 0:
		side := min(p.w, p.h)
		square := p.cut((p.w-side)/2, (p.h-side)/2, side, side)
		if w.Thumb < side {
			return square.scaled(w.Thumb, w.Thumb)
		}
		return square
	}
	return p
}

// psnr compares planes of the same size.
func psnr(a, b plane) float64 {
	var sum float64
	for i, v := range a.v {
		d := float64(v) - float64(b.v[i])
		sum += d * d
	}
	if sum == 0 {
		return bench.Identical
	}
	return min(bench.Identical, 10*math.Log10(255*255*float64(len(a.v))/sum))
}
