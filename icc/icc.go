// Package icc reads ICC colour profiles (ICC.1:2022, and version 2 of the format) and takes pictures from their colours
// to those of sRGB (IEC 61966-2-1).
//
// Read are profiles for RGB, gray and CMYK: matrices and curves, and tables of the types lut8, lut16 and lutAToB. The way
// to sRGB is that of the perceptual intent, and black becomes black: what is darkest in the profile is scaled to be that of
// sRGB. Both is as Little CMS does it with its own sRGB and no flags, whose results are the goldens of the tests. There,
// matrix profiles deviate from it by at most 1 of 255 (16 bits: 40 of 65535) and tables by at most 2 of 255.
//
// All arithmetic that decides pixels is with integers, or with floats that no processor may fuse: a picture becomes the
// same everywhere.
//
//	p, err := icc.Parse(data)
//	...
//	t, err := p.ToSRGB()
//	...
//	img, err = t.Apply(ctx, img)
package icc

// FormatError says where a profile is not one by the rules.
type FormatError struct{ Reason string }

func (e *FormatError) Error() string { return "icc: " + e.Reason }

// UnsupportedError names what a profile is or has that is not read here.
type UnsupportedError struct{ Feature string }

func (e *UnsupportedError) Error() string { return "icc: " + e.Feature + " is not supported" }

// srgbTolerance is by how many of 255 levels a colour may move where a profile still counts as sRGB. The smallest
// profiles for sRGB, whose curves are tables of a few points, need that much.
const srgbTolerance = 1

// IsSRGB tells whether the colours, or grays, of p are those of sRGB, so that a picture looks the same without it: whether
// none of 729 colours and of all 256 grays moves by more than 2 of 255 on the way to sRGB.
func (p *Profile) IsSRGB() bool {
	if p.space != "RGB" && p.space != "GRAY" {
		return false
	}
	t, err := p.ToSRGB()
	if err != nil {
		return false
	}
	var in []byte
	for v := range 256 {
		in = append(in, byte(v), byte(v), byte(v), 255)
	}
	for i := 0; i < 9*9*9 && p.space == "RGB"; i++ {
		in = append(in, level(i%9), level(i/9%9), level(i/81), 255)
	}
	out := make([]byte, len(in))
	if err := t.pixels.row8(out, in); err != nil {
		return false
	}
	for i := range in {
		if d := int(in[i]) - int(out[i]); d > srgbTolerance || d < -srgbTolerance {
			return false
		}
	}
	return true
}

// level is the i-th of nine from 0 to 255.
func level(i int) byte { return byte(i * 255 / 8) }
