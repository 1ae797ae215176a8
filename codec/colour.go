package codec

import (
	"context"
	"errors"
	"fmt"
	"image"
	"strings"

	"github.com/imgpar/imgpar/codec/pixels"
	"github.com/imgpar/imgpar/icc"
)

// inProfile returns the picture and the profile that go into a file, which is one
// of grays or of colours: converted to sRGB without one, as it is with none, or as
// it is with its own, of which a gray picture of a profile for colours takes the
// curve. Where the format holds no profile, or none for grays beside the colours
// that the file has, it is converted to sRGB, which is what none means. A profile
// that cannot be converted is kept and noted.
func inProfile(img image.Image, o Options, gray bool) (out image.Image, kept []byte, notes []string, err error) {
	profile := o.Metadata.ICC
	switch {
	case len(profile) == 0:
		return img, nil, nil, nil
	case o.Profile == StripProfile:
		return img, nil, []string{"profile removed: " + nameOf(profile)}, nil
	case o.Profile == ToSRGB, o.Format == BMP, o.Format == GIF:
		out, note, err := inSRGB(img, profile)
		if err == nil {
			return out, nil, []string{note}, nil
		}
		notes = []string{fmt.Sprintf("colours not converted: %s: %s", nameOf(profile), why(err))}
	case !gray && o.Format != JPEG && profileSpace(profile) == "GRAY": // a JPEG may be gray once it is on a background
		if out, note, err := inSRGB(img, profile); err == nil {
			return out, nil, []string{note}, nil
		}
	}
	if gray && profileSpace(profile) == "RGB " {
		curve, lost := grayProfile(profile)
		return img, curve, append(notes, lost...), nil
	}
	return img, profile, notes, nil
}

// becomesGray tells whether a file of this format has no colours. PNG and TIFF
// hold gray with transparency, WebP holds no gray; a palette is one of RGB, its
// colours be gray or not, but JPEG has none.
func becomesGray(img image.Image, f Format) bool {
	if _, palette := img.(*image.Paletted); palette {
		return f == JPEG && isGray(img)
	}
	return f != WebP && isGray(img) || (f == PNG || f == TIFF) && pixels.IsGrayAlpha(img)
}

// inSRGB returns the picture in sRGB, and a note. The error is why it cannot.
func inSRGB(img image.Image, profile []byte) (out image.Image, note string, err error) {
	p, err := icc.Parse(profile)
	if err != nil {
		return nil, "", err
	}
	if p.IsSRGB() {
		return img, "profile removed: " + nameOf(profile) + ", which is sRGB", nil
	}
	note = "colours converted to sRGB from " + nameOf(profile)
	if IsGray(img) && p.Space() == "RGB" { // by its curve, so that rounding makes no colours
		gray, err := p.Gray()
		if gray == nil || err != nil {
			return img, note, err
		}
		if p, err = icc.Parse(gray); err != nil {
			return nil, "", err
		}
	}
	t, err := p.ToSRGB()
	if err != nil {
		return nil, "", err
	}
	apply := t.Apply
	if m, ok := img.(*image.YCbCr); ok {
		img, apply = rgba(m), t.ApplyInPlace
	}
	out, err = apply(context.Background(), img) // which takes less time than to encode
	return out, note, err
}

// grayProfile returns the profile for the luma of a picture that has this one,
// nil where that means the gray of sRGB, and notes what is lost. A profile for
// gray comes back as it is.
func grayProfile(profile []byte) (gray []byte, notes []string) {
	if profileSpace(profile) == "GRAY" {
		return profile, nil
	}
	p, err := icc.Parse(profile)
	if err != nil {
		return nil, notKept([]string{nameOf(profile)})
	}
	if gray, err = p.Gray(); err != nil {
		return nil, notKept([]string{nameOf(profile) + ": " + why(err)})
	}
	if gray == nil {
		return nil, []string{"profile removed: " + nameOf(profile) + ", whose grays are those of sRGB"}
	}
	return gray, []string{"profile for gray made of " + nameOf(profile)}
}

// isForeign tells whether a picture with this profile has other colours, or
// grays, than those of sRGB, so that ToSRGB has something to convert, and can.
func isForeign(profile []byte) bool {
	p, err := icc.Parse(profile)
	if err != nil || p.IsSRGB() {
		return false
	}
	_, err = p.ToSRGB()
	return err == nil
}

// nameOf is what a profile calls itself, or what people call it.
func nameOf(profile []byte) string {
	if p, err := icc.Parse(profile); err == nil && p.Name() != "" {
		return p.Name()
	}
	return profileName(profile)
}

// why is the reason of an error of package icc.
func why(err error) string { return strings.TrimPrefix(err.Error(), "icc: ") }

// convertInks makes a picture in inks one in RGB: in sRGB, if it has a profile
// for its inks. That leaves the metadata, since it says nothing of RGB. Else the
// inks stay until the picture is encoded, and are taken for ideal ones.
func (p *Picture) convertInks(ctx context.Context) error {
	m, ok := p.Image.(*image.CMYK)
	if !ok {
		return nil
	}
	profile := p.Metadata.ICC
	if len(profile) == 0 {
		p.Notes = append(p.Notes, "CMYK converted without a colour profile: it has none")
		return nil
	}
	p.Metadata.ICC = nil
	t, err := inkTransform(profile)
	if err != nil {
		p.Notes = append(p.Notes, fmt.Sprintf("CMYK converted without its colour profile %s: %s", nameOf(profile), why(err)))
		return nil
	}
	out, err := t.ApplyInPlace(ctx, m)
	if err != nil {
		return orDone(ctx, err)
	}
	p.Image = out
	p.Notes = append(p.Notes, "CMYK converted by its profile "+nameOf(profile))
	return nil
}

// inkTransform is the way from a profile for inks to sRGB.
func inkTransform(profile []byte) (*icc.Transform, error) {
	p, err := icc.Parse(profile)
	if err != nil {
		return nil, err
	}
	if p.Space() != "CMYK" {
		return nil, errors.New("it is for " + p.Space())
	}
	return p.ToSRGB()
}
