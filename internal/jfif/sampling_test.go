package jfif

import (
	"image"
	"testing"
)

func TestSamplings(t *testing.T) {
	for _, ratio := range ratios {
		p, ok := Sharing(ratio)
		if !ok {
			t.Fatalf("%v is unknown", ratio)
		}
		// What package image itself makes of 8x8 pixels.
		m := image.NewYCbCr(image.Rect(0, 0, 8, 8), ratio)
		if m.CStride != 8/p.X || len(m.Cb) != 8/p.X*8/p.Y {
			t.Errorf("%v: %v share a sample, the picture has %d of %d", ratio, p, len(m.Cb), m.CStride)
		}
		if back, ok := Ratio(p.X, p.Y); !ok || back != ratio {
			t.Errorf("%v is %v and that is %v", ratio, p, back)
		}
	}
	if _, ok := Sharing(99); ok {
		t.Error("99 is a sampling")
	}
	if _, ok := Ratio(1, 4); ok {
		t.Error("1x4 is a sampling")
	}
}
