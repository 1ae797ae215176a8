package jfif

import "image"

// sharing is how many pixels share a chroma sample to the right and down, by
// the samplings of package image.
var sharing = map[image.YCbCrSubsampleRatio]image.Point{
	image.YCbCrSubsampleRatio444: {X: 1, Y: 1},
	image.YCbCrSubsampleRatio422: {X: 2, Y: 1},
	image.YCbCrSubsampleRatio420: {X: 2, Y: 2},
	image.YCbCrSubsampleRatio440: {X: 1, Y: 2},
	image.YCbCrSubsampleRatio411: {X: 4, Y: 1},
	image.YCbCrSubsampleRatio410: {X: 4, Y: 2},
}

// Sharing returns how many pixels share a chroma sample to the right and down.
// It reports false for what is no sampling of package image.
func Sharing(r image.YCbCrSubsampleRatio) (image.Point, bool) {
	p, ok := sharing[r]
	return p, ok
}

// Ratio returns the sampling in which so many pixels to the right and down
// share a chroma sample. It reports false if package image has none such.
func Ratio(right, down int) (image.YCbCrSubsampleRatio, bool) {
	for r, p := range sharing {
		if p == image.Pt(right, down) {
			return r, true
		}
	}
	return 0, false
}
