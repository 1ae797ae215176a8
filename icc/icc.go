// Package icc reads ICC colour profiles (ICC.1:2022, and version 2 of the format) and takes pictures from their colours
// to those of sRGB (IEC 61966-2-1).
package icc

import (
	"context"
	"fmt"
	"image"
)

// FormatError says where a profile is not one by the rules.
type FormatError struct{ Reason string }

func (e *FormatError) Error() string { return "icc: " + e.Reason }

// UnsupportedError names what a profile is or has that is not read here.
type UnsupportedError struct{ Feature string }

func (e *UnsupportedError) Error() string { return "icc: " + e.Feature + " is not supported" }

// Profile is a colour profile.
type Profile struct {
	space string
}

// Parse reads a profile, which it keeps but never changes. The error is a *FormatError.
func Parse(data []byte) (*Profile, error) {
	if len(data) < 128 {
		return nil, &FormatError{fmt.Sprintf("a profile of %d bytes", len(data))}
	}
	return &Profile{space: string(data[16:20])}, nil
}

// Space returns the colour space of the picture's side: "RGB", "GRAY", "CMYK", or another of ICC.1:2022, table 19,
// without spaces at its end.
func (p *Profile) Space() string { panic("to do") }

// Name returns the description that the profile gives of itself, such as "Display P3", or "" if there is none.
func (p *Profile) Name() string { panic("to do") }

// IsSRGB tells whether the colours, or grays, of p are those of sRGB, so that a picture looks the same without it.
func (p *Profile) IsSRGB() bool { panic("to do") }

// Gray returns a profile for gray pictures whose values are coded as p codes neutral colours: what a picture in the
// colours of p needs when its colour is taken away. It is nil where these are the grays of sRGB. The error is an
// *UnsupportedError for profiles that have no such curve.
func (p *Profile) Gray() ([]byte, error) { panic("to do") }

// ToSRGB prepares the way from p to sRGB. The error is an *UnsupportedError, or a *FormatError for tables that are
// damaged.
func (p *Profile) ToSRGB() (*Transform, error) { panic("to do") }

// Transform takes pictures to sRGB. It is safe for concurrent use.
type Transform struct{}

// Apply returns src in sRGB, and never changes src. A picture of 16 bits a channel keeps them, one with alpha its alpha,
// one with a palette the palette, converted; gray stays gray. *image.CMYK (255 is full ink) becomes *image.RGBA. It
// stops when ctx is done, with ctx's error. A picture that is not of the profile's space is an error.
func (t *Transform) Apply(ctx context.Context, src image.Image) (image.Image, error) { panic("to do") }
