package icc

import (
	"bytes"
	"errors"
	"math"
	"testing"
)

// A value of gray has the luminance that equal values of red, green and blue have: to 1 of 1000 steps of L*.
func TestGrayProfiles(t *testing.T) {
	for _, f := range fixtures(t) {
		p := parsed(t, f.data)
		data, err := p.Gray()
		switch {
		case p.space == "CMYK":
			if missing := new(UnsupportedError); !errors.As(err, &missing) || data != nil {
				t.Errorf("%s: %v", f.name, err)
			}
			continue
		case err != nil:
			t.Errorf("%s: %v", f.name, err)
			continue
		case p.space == "GRAY" && !p.IsSRGB():
			if !bytes.Equal(data, f.data) {
				t.Errorf("%s: another profile", f.name)
			}
			continue
		case data == nil:
			t.Logf("%s: the gray of sRGB", f.name)
			if !parsed(t, grayScale(v4, "", "XYZ ", p.grayTag(t))).IsSRGB() {
				t.Errorf("%s: no profile, but it is not that of sRGB", f.name)
			}
			continue
		}
		gray := parsed(t, data)
		if gray.Space() != "GRAY" || gray.IsSRGB() || gray.Name() != "Gray of "+p.Name() {
			t.Errorf("%s: %q, %q, %v", f.name, gray.Space(), gray.Name(), gray.IsSRGB())
		}
		if most := grayDeviation(t, p, gray); most > 0.1 {
			t.Errorf("%s: L* deviates by %.3f", f.name, most)
		} else {
			t.Logf("%s: %d bytes, L* deviates by %.4f", f.name, len(data), most)
		}
		if again, err := p.Gray(); err != nil || !bytes.Equal(again, data) {
			t.Errorf("%s: another one at the second time", f.name)
		}
	}
}

func (p *Profile) grayTag(t *testing.T) []byte {
	w, err := p.way(perceptual)
	if err != nil {
		t.Fatal(err)
	}
	if p.space == "GRAY" {
		return p.tags["kTRC"]
	}
	return p.grayCurve(w)
}

// grayDeviation is the largest difference of L* between v, v, v and v.
func grayDeviation(t *testing.T, p, gray *Profile) (most float64) {
	colour, err := p.way(perceptual)
	if err != nil {
		t.Fatal(err)
	}
	tone, err := gray.way(perceptual)
	if err != nil {
		t.Fatal(err)
	}
	for v := range 256 {
		c := uint16(v * 257)
		a, b := colour.xyz([4]uint16{c, c, c}), tone.xyz([4]uint16{c})
		most = max(most, math.Abs(lab(a)[0]-lab(b)[0]))
	}
	return most
}
