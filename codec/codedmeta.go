package codec

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/codec/meta"
)

// segments returns those that a file takes over from f whose picture is moved
// in its coded form; gray says that its colour was taken away. They stay in
// their order, and those that no rule names as they are: what else begins with
// an APPn marker, and a second EXIF or XMP. Where GPS is to go, these go too, but
// for segments in which the word does not occur.
func (c Carry) segments(f *jpeg.File, e meta.Edit, gray bool) (out []jpeg.Segment, notes []string, err error) {
	e.Keep, e.StripGPS = c.Keep, c.StripGPS
	profile, notes, err := c.codedProfile(f, gray)
	if err != nil {
		return nil, nil, err
	}
	before := jpegMetadata(f)
	after, edited := e.Apply(before)
	t := takeover{edit: e, gray: gray, before: before, after: after, profile: profile}
	for _, s := range f.Segments {
		t.add(s)
	}
	if c.Keep != meta.All {
		after.Density, after.ICC = meta.Density{}, nil // which are in t already
		at := slices.IndexFunc(t.out, func(s jpeg.Segment) bool { return s.Marker != markAPP0 })
		if at < 0 {
			at = len(t.out)
		}
		t.out = slices.Insert(t.out, at, jpegSegments(after)...) // EXIF stands first (Exif 2.32, 4.5.4), but for JFIF
	}
	return t.out, append(append(notes, edited...), notKept(t.lost)...), nil
}

// codedProfile returns the segments of the profile.
func (c Carry) codedProfile(f *jpeg.File, gray bool) (profile []jpeg.Segment, notes []string, err error) {
	icc, ok := joinedProfile(f.Segments)
	switch {
	case c.Profile == StripProfile && icc == nil:
		return nil, nil, nil
	case c.Profile == StripProfile:
		return nil, []string{"profile removed: " + nameOf(icc)}, nil
	case c.Profile == ToSRGB && icc != nil && isForeign(icc):
		return nil, nil, &NeedsPixelsError{"its colours are to be converted"}
	case gray && !ok:
		return nil, notKept([]string{meta.DamagedProfile}), nil
	case gray && icc != nil && profileSpace(icc) != "GRAY":
		icc, notes = grayProfile(icc)
		return profileSegments(icc), notes, nil
	}
	for _, s := range f.Segments {
		if isProfile(s) {
			profile = append(profile, s)
		}
	}
	return profile, nil, nil
}

// takeover goes through the segments of a file.
type takeover struct {
	edit          meta.Edit
	gray          bool
	before, after meta.Data
	profile       []jpeg.Segment // that are still to be put
	exif, xmp     bool           // were seen
	iptc          bool
	out           []jpeg.Segment
	lost          []string
}

func (t *takeover) add(s jpeg.Segment) {
	repainted := t.edit.Repainted || t.edit.Width > 0
	switch {
	case has(s, markAPP0, jfifPrefix):
		t.put(jpeg.Segment{Marker: s.Marker, Data: editedJFIF(s.Data, repainted, t.edit.Turned)})
	case s.Marker == markAPP14: // which says how colours are coded
		if !t.gray {
			t.put(s)
		}
	case isProfile(s):
		t.out = append(t.out, t.profile...)
		t.profile = nil
	case t.edit.Keep != meta.All, repainted && has(s, markAPP0, jfxxPrefix):
	case has(s, markAPP1, exifPrefix):
		t.block(s, exifPrefix, &t.exif, t.before.EXIF, t.after.EXIF, "EXIF")
	case has(s, markAPP1, xmpPrefix):
		t.block(s, xmpPrefix, &t.xmp, t.before.XMP, t.after.XMP, "XMP")
	case has(s, markAPP1, extendedPrefix):
		switch {
		case t.after.ExtendedXMP != nil || !t.edit.StripGPS:
			t.put(s)
		case t.before.ExtendedXMP == nil:
			t.lost = addNotes(t.lost, "damaged extended XMP")
		}
	case has(s, markAPP13, iptcPrefix):
		t.resources(s)
	case t.edit.StripGPS && mayHoldGPS(s):
		t.lost = addNotes(t.lost, segmentName(s))
	default:
		t.put(s)
	}
}

// mayHoldGPS tells whether a segment that is not understood speaks of GPS, or is
// EXIF behind another name than it has to have, as some cameras write it ("EXIF",
// or a last byte of 255): what reads names less strictly finds places there.
func mayHoldGPS(s jpeg.Segment) bool {
	head := s.Data[:min(len(s.Data), len(exifPrefix)+4+4)] // up to four bytes more before the name
	isTIFF := bytes.Contains(head, []byte("II*\x00")) || bytes.Contains(head, []byte("MM\x00*"))
	return s.Marker != markCOM && bytes.Contains(bytes.ToLower(s.Data), []byte("gps")) || s.Marker == markAPP1 && isTIFF
}

func (t *takeover) put(s jpeg.Segment) { t.out = append(t.out, s) }

// block puts a block that was edited in place of the first segment of its kind.
func (t *takeover) block(s jpeg.Segment, prefix string, seen *bool, before, after []byte, name string) {
	switch {
	case *seen && t.edit.StripGPS:
		t.lost = addNotes(t.lost, "second "+name)
	case *seen, bytes.Equal(before, after):
		t.put(s)
	case len(after) > maxSegment-len(prefix):
		t.lost = append(t.lost, name)
	case after != nil:
		t.put(jpeg.Segment{Marker: s.Marker, Data: append([]byte(prefix), after...)})
	}
	*seen = true
}

// resources puts Photoshop's resources, which may take several segments, in
// place of the first if they were edited.
func (t *takeover) resources(s jpeg.Segment) {
	switch {
	case t.before.IPTC == nil && t.edit.StripGPS: // so large that it was not looked at
		t.lost = addNotes(t.lost, "large IPTC")
	case bytes.Equal(t.before.IPTC, t.after.IPTC):
		t.put(s)
	case !t.iptc:
		t.out = append(t.out, jpegSegments(meta.Data{IPTC: t.after.IPTC})...)
	}
	t.iptc = true
}

// editedJFIF is a JFIF segment without its thumbnail (JFIF 1.02), or with its
// densities exchanged.
func editedJFIF(b []byte, repainted, turned bool) []byte {
	const size = 14 // without a thumbnail
	if len(b) < size || !turned && (!repainted || len(b) == size) {
		return b
	}
	b = bytes.Clone(b)
	if repainted {
		b = b[:size]
		b[12], b[13] = 0, 0
	}
	if turned {
		x, y := binary.BigEndian.Uint16(b[8:]), binary.BigEndian.Uint16(b[10:])
		binary.BigEndian.PutUint16(b[8:], y)
		binary.BigEndian.PutUint16(b[10:], x)
	}
	return b
}

// leaves tells whether a file with the same picture and these segments is f as
// it is. What stands behind the picture may hold metadata of its own, and so
// goes where some are to go.
func (c Carry) leaves(f *jpeg.File, segments []jpeg.Segment) bool {
	same := slices.EqualFunc(f.Segments, segments, func(a, b jpeg.Segment) bool {
		return a.Marker == b.Marker && bytes.Equal(a.Data, b.Data)
	})
	return same && (c.Keep == meta.All && !c.StripGPS || len(f.Rest) == 0)
}

// withoutRest takes the index of further pictures out of the segments of a file
// that does not take over what stands behind the picture, and names what is
// lost by that.
func withoutRest(f *jpeg.File, segments []jpeg.Segment) (out []jpeg.Segment, lost []string) {
	isIndex := func(s jpeg.Segment) bool { return has(s, markAPP2, mpfPrefix) }
	if slices.ContainsFunc(f.Segments, isIndex) {
		return slices.DeleteFunc(slices.Clone(segments), isIndex), []string{meta.FurtherPictures}
	}
	return segments, dataBehind(f)
}
