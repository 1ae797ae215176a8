package codec

import (
	"bytes"
	"compress/zlib"
	"image"
	"io"
	"slices"
	"strings"

	"github.com/imgpar/imgpar/codec/meta"
)

// profileSpace returns the colour space of an ICC profile's device side, such
// as "RGB " (ICC.1:2022, 7.2.6).
func profileSpace(icc []byte) string {
	if len(icc) < 20 {
		return ""
	}
	return string(icc[16:20])
}

// profileName is what people call a profile.
func profileName(icc []byte) string {
	return strings.TrimSpace(strings.TrimSpace(profileSpace(icc)) + " ICC profile")
}

// notKept is the note on what was lost, if anything was.
func notKept(lost []string) []string {
	if len(lost) == 0 {
		return nil
	}
	return []string{"not kept: " + strings.Join(lost, ", ")}
}

// keep returns what of the metadata goes into a file whose picture, gray or
// not, is upright and has these bounds, and notes on the rest. The profile is
// that which the picture has now; profiled tells whether it had one before.
func (o Options) keep(profiled bool, b image.Rectangle, gray bool) (kept meta.Data, notes []string) {
	edit := meta.Edit{
		Keep: o.Keep, StripGPS: o.StripGPS, Upright: true, Turned: meta.Orientation(o.Metadata.EXIF) >= 5,
		Width: b.Dx(), Height: b.Dy(),
	}
	m, edited := edit.Apply(o.Metadata)
	m, foreign := fitColour(m, profiled, o.Profile)
	kept, lost := fitMetadata(m, o.Format, gray)
	kept.EXIF = o.completeEXIF(kept, b, gray)
	return kept, slices.Concat(edited, foreign, notKept(lost))
}

// completeEXIF returns EXIF as keep does: with the tags that a JPEG's or TIFF's
// must have, where it comes from another format and they fit. What comes from a
// JPEG, which must have them all, is left as it is.
func (o Options) completeEXIF(m meta.Data, b image.Rectangle, gray bool) []byte {
	if o.Origin == "" || o.Origin == JPEG || o.Origin == o.Format || o.Format != JPEG && o.Format != TIFF {
		return m.EXIF
	}
	facts := meta.Facts{Width: b.Dx(), Height: b.Dy(), TIFF: o.Format == TIFF, Gray: gray, Profiled: m.ICC != nil, Density: m.Density}
	out := meta.Complete(m.EXIF, facts)
	if o.Format == JPEG && len(out) > maxSegment-len(exifPrefix) || o.Format == TIFF && !isEXIF(out) {
		return m.EXIF
	}
	return out
}

// inflate returns what z unpacks to, or nil if that is damaged or larger than
// maxTextChunk.
func inflate(z []byte) []byte { return inflateMost(z, maxTextChunk) }

func inflateMost(z []byte, most int64) []byte {
	zr, err := zlib.NewReader(bytes.NewReader(z))
	if err != nil {
		return nil
	}
	out, err := io.ReadAll(io.LimitReader(zr, most+1))
	if err != nil || int64(len(out)) > most {
		return nil
	}
	return out
}

// fitMetadata takes away from m what a file of format f with a gray or coloured
// picture cannot hold, turns what it holds in another form into that, and
// returns the names of what is lost.
//
//	JPEG  EXIF, XMP, extended XMP, ICC, IPTC, comments, density
//	PNG   EXIF, XMP, ICC, IPTC (as ImageMagick and exiftool write it), density, texts with comments among them, colour chunks
//	TIFF  EXIF, density, XMP, ICC, IPTC
//	WebP  EXIF, XMP, ICC of colours
//	GIF, BMP  nothing
func fitMetadata(m meta.Data, f Format, gray bool) (kept meta.Data, lost []string) {
	kept, lost = m, slices.Clone(m.Other)
	drop := func(item *[]byte, name string, keep bool) {
		if *item != nil && !keep {
			*item = nil
			lost = append(lost, name)
		}
	}
	space := "RGB "
	if gray && f != WebP { // whose pictures are all of colours
		space = "GRAY"
	}
	inJPEG := func(prefix string, b []byte) bool { return f == JPEG && len(b) <= maxSegment-len(prefix) }
	roomy := f == PNG || f == TIFF || f == WebP // for blocks of any length
	drop(&kept.EXIF, "EXIF", f == PNG || f == WebP || f == TIFF && isEXIF(m.EXIF) || inJPEG(exifPrefix, m.EXIF))
	drop(&kept.XMP, "XMP", roomy || inJPEG(xmpPrefix, m.XMP))
	drop(&kept.ExtendedXMP, "extended XMP", f == JPEG && kept.XMP != nil)
	if m.ExtendedXMP != nil && kept.ExtendedXMP == nil {
		kept.XMP = meta.WithoutExtended(kept.XMP)
	}
	drop(&kept.ICC, profileName(m.ICC), (roomy || f == JPEG && len(m.ICC) <= 255*maxProfilePart) && profileSpace(m.ICC) == space)
	drop(&kept.IPTC, "IPTC", f == JPEG || f == PNG || f == TIFF)
	if f == PNG {
		return fitPNG(kept, gray, lost)
	}
	kept.Color = nil
	if kept.ICC == nil && m.ICC == nil {
		lost = append(lost, notSRGB(m.Color)...)
	}
	return fitTexts(kept, f, lost)
}

// fitTexts is fitMetadata for texts and density in other formats than PNG.
func fitTexts(m meta.Data, f Format, lost []string) (meta.Data, []string) {
	texts := m.Text
	m.Text = nil
	m.Comments = slices.Clone(m.Comments)
	for _, c := range texts {
		comment, ok := []byte(nil), false
		if f == JPEG && len(m.Comments) < maxComments {
			comment, ok = textComment(c)
		}
		if ok {
			m.Comments = append(m.Comments, comment)
		} else {
			lost = addNotes(lost, "text")
		}
	}
	tooLong := func(c []byte) bool { return f != JPEG || len(c) > maxSegment }
	if slices.ContainsFunc(m.Comments, tooLong) {
		m.Comments = slices.DeleteFunc(m.Comments, tooLong)
		lost = append(lost, "comment")
	}
	if len(m.Comments) == 0 {
		m.Comments = nil
	}
	if m.Density == (meta.Density{}) || f == TIFF {
		return m, lost
	}
	short, ok := m.Density.Short()
	if m.Density = short; f != JPEG || !ok {
		m.Density, lost = meta.Density{}, append(lost, "density")
	}
	return m, lost
}
