package codec

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/imgpar/imgpar/codec/ifd"
	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/internal/fuzztest"
)

// photoEXIF is a block with an orientation, dimensions, GPS and a thumbnail.
func photoEXIF(orientation byte) []byte {
	le := binary.LittleEndian
	long := func(tag uint16, v int64) ifd.Entry {
		return ifd.Entry{Tag: tag, Type: ifd.Long, Value: le.AppendUint32(nil, uint32(v))}
	}
	b := []byte("II*\x00\x00\x00\x00\x00")
	b, exif := ifd.Append(b, 0, le, []ifd.Entry{long(0xa002, 64), long(0xa003, 48)}, 0)
	b, gps := ifd.Append(b, 0, le, []ifd.Entry{{Tag: 29, Type: ifd.ASCII, Value: []byte("2024:05:06\x00")}}, 0)
	b, second := ifd.Append(b, 0, le, []ifd.Entry{{Tag: 270, Type: ifd.ASCII, Value: []byte("thumbnail\x00")}}, 0)
	b, first := ifd.Append(b, 0, le, []ifd.Entry{
		{Tag: ifd.TagOrientation, Type: ifd.Short, Value: []byte{orientation, 0}},
		{Tag: ifd.TagArtist, Type: ifd.ASCII, Value: []byte("Ann Artist\x00")},
		long(ifd.TagExif, exif), long(ifd.TagGPS, gps),
	}, second)
	le.PutUint32(b[4:], uint32(first))
	return b
}

const photoXMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
	`<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:n="http://ns.adobe.com/xmp/note/"` +
	` tiff:Orientation="6" exif:GPSLatitude="48,30N" exif:PixelXDimension="64" n:HasExtendedXMP="0123456789abcdef0123456789abcdef">` +
	`<dc:creator><rdf:Seq><rdf:li>Ann</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>`

const photoID = "0123456789abcdef0123456789abcdef"

// extendedSegment is a part of an extended packet of so many bytes.
func extendedSegment(id string, total, at int, part string) []byte {
	be := binary.BigEndian
	return seg(markAPP1, extendedPrefix+id+string(be.AppendUint32(be.AppendUint32(nil, uint32(total)), uint32(at)))+part)
}

const jfifThumbnail = "JFIF\x00\x01\x02\x01\x01\x2c\x00\x96\x01\x01abc" // 300 x 150 an inch, one pixel

// photo is a JPEG of 64x48 pixels with all that a JPEG holds, and a picture
// behind it.
func photo(t testing.TB, orientation byte) []byte {
	t.Helper()
	plain, _ := encoded(t, colours(64, 48), Options{Format: JPEG})
	iptc := meta.JoinIPTC(nil, []byte("\x1c\x02\x50\x00\x03Ann\x1c\x02\x19\x00\x01k"))
	thumb := append([]byte("8BIM\x04\x0c\x00\x00\x00\x00\x00\x04"), "tmb1"...)
	data := insert(plain, 2,
		seg(markAPP0, jfifThumbnail), seg(markAPP0, jfxxPrefix+"thumbnail"),
		seg(markAPP1, exifPrefix+string(photoEXIF(orientation))), seg(markAPP1, xmpPrefix+photoXMP),
		extendedSegment(photoID, 6, 3, "def"), extendedSegment(photoID, 6, 0, "abc"),
		seg(markAPP2, iccPrefix+"\x01\x01"+string(profile("RGB ", 300))), seg(markAPP2, mpfPrefix+"index"),
		seg(0xe5, "META\x00unknown"), seg(markAPP12, duckyPrefix+"\x00"),
		seg(markAPP13, iptcPrefix+string(iptc[:9])), seg(markAPP13, iptcPrefix+string(iptc[9:])+string(thumb)),
		seg(markCOM, "a comment"))
	return append(data, "another picture"...)
}

func TestMetadataOfAJPEG(t *testing.T) {
	got := decoded(t, photo(t, 6)).Metadata
	want := meta.Data{
		EXIF: photoEXIF(6), ICC: profile("RGB ", 300), XMP: []byte(photoXMP), ExtendedXMP: []byte("abcdef"),
		IPTC:     append(meta.JoinIPTC(nil, []byte("\x1c\x02\x50\x00\x03Ann\x1c\x02\x19\x00\x01k")), "8BIM\x04\x0c\x00\x00\x00\x00\x00\x04tmb1"...),
		Comments: [][]byte{[]byte("a comment")}, Density: meta.Density{X: 300, Y: 150, Unit: meta.Inch},
		Other: []string{meta.FurtherPictures, "APP5 META"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	// By pixels, all goes along that has a place.
	out, notes := encoded(t, colours(48, 64), Options{Format: JPEG, Metadata: got})
	if want := []string{"not kept: MPF (further pictures behind the first), APP5 META"}; !slices.Equal(notes, want) {
		t.Errorf("notes %q, want %q", notes, want)
	}
	after := decoded(t, out).Metadata
	if string(after.ExtendedXMP) != "abcdef" || after.Density != (meta.Density{X: 150, Y: 300, Unit: meta.Inch}) ||
		!bytes.Contains(after.XMP, []byte(`exif:PixelXDimension="48" n:HasExtendedXMP="`+photoID)) || !bytes.Equal(after.IPTC, want.IPTC[:len(want.IPTC)-16]) ||
		!bytes.Equal(after.ICC, want.ICC) || after.Other != nil || meta.Orientation(after.EXIF) != 1 || bytes.Contains(after.EXIF, []byte("thumbnail")) {
		t.Errorf("%+v", after)
	}
	_, notes = encoded(t, colours(48, 64), Options{Format: PNG, Metadata: got})
	if want := []string{"not kept: MPF (further pictures behind the first), APP5 META, extended XMP"}; !slices.Equal(notes, want) {
		t.Errorf("to PNG: notes %q, want %q", notes, want)
	}
	_, notes = encoded(t, colours(48, 64), Options{Format: PNG, Metadata: got, Carry: Carry{Keep: meta.None}})
	if want := []string{"not kept: MPF (further pictures behind the first)"}; !slices.Equal(notes, want) {
		t.Errorf("stripped: notes %q, want %q", notes, want)
	}
}

func TestOddSegments(t *testing.T) {
	for what, c := range map[string]struct {
		parts [][]byte
		other []string
	}{
		"EXIF twice":                 {[][]byte{seg(markAPP1, exifPrefix+"a"), seg(markAPP1, exifPrefix+"b")}, []string{"second EXIF"}},
		"XMP twice":                  {[][]byte{seg(markAPP1, xmpPrefix+"a"), seg(markAPP1, xmpPrefix+"b")}, []string{"second XMP"}},
		"no name":                    {[][]byte{seg(0xe3, "\x01\x02")}, []string{"APP3"}},
		"a long name":                {[][]byte{seg(0xe3, strings.Repeat("n", 40))}, []string{"APP3 nnnnnnnnnnnnnnnn"}},
		"told of once":               {[][]byte{seg(0xeb, "JP"), seg(0xeb, "JP")}, []string{"APP11 JP"}},
		"extended of another packet": {[][]byte{seg(markAPP1, xmpPrefix+photoXMP), extendedSegment(strings.Repeat("f", 32), 1, 0, "x")}, []string{"damaged extended XMP"}},
		"extended cut":               {[][]byte{seg(markAPP1, xmpPrefix+photoXMP), extendedSegment(photoID, 9, 0, "x")}, []string{"damaged extended XMP"}},
		"extended with a hole":       {[][]byte{seg(markAPP1, xmpPrefix+photoXMP), extendedSegment(photoID, 9, 0, "x"), extendedSegment(photoID, 9, 8, "x")}, []string{"damaged extended XMP"}},
		"extended of a few bytes":    {[][]byte{seg(markAPP1, xmpPrefix+photoXMP), seg(markAPP1, extendedPrefix+photoID)}, []string{"damaged extended XMP"}},
		"extended alone":             {[][]byte{extendedSegment(photoID, 1, 0, "x")}, []string{"damaged extended XMP"}},
	} {
		if got := decoded(t, withSegments(t, c.parts...)).Metadata.Other; !slices.Equal(got, c.other) {
			t.Errorf("%s: %q, want %q", what, got, c.other)
		}
	}
	data := append(withSegments(t), "behind"...)
	if got := decoded(t, data).Metadata.Other; !slices.Equal(got, []string{meta.DataBehind}) {
		t.Errorf("data behind: %q", got)
	}
}

// Large packets take several segments, in both directions.
func TestLongExtendedXMP(t *testing.T) {
	m := meta.Data{XMP: []byte(photoXMP), ExtendedXMP: bytes.Repeat([]byte("0123456789"), 20_000), IPTC: meta.JoinIPTC(nil, bytes.Repeat([]byte("x"), 150_000))}
	data, notes := encoded(t, colours(8, 8), Options{Format: JPEG, Metadata: m})
	got := decoded(t, data).Metadata
	if !bytes.Equal(got.ExtendedXMP, m.ExtendedXMP) || !bytes.Equal(got.IPTC, m.IPTC) || len(notes) > 0 || got.Other != nil {
		t.Errorf("%d bytes of extended XMP, %d of IPTC, notes %q, %q", len(got.ExtendedXMP), len(got.IPTC), notes, got.Other)
	}
}

func names(segments []jpeg.Segment) string {
	var out []string
	for _, s := range segments {
		out = append(out, segmentName(s))
	}
	return strings.Join(out, ",")
}

// What is only moved keeps its segments, in their order, but for those that no
// longer hold.
func TestCarriedSegments(t *testing.T) {
	const (
		front = "APP0 JFIF,APP0 JFXX,APP1 Exif,APP1 http://ns.adobe.,APP1 http://ns.adobe.,APP1 http://ns.adobe.,"
		kept  = "APP0 JFIF,APP1 Exif,APP1 http://ns.adobe.,APP1 http://ns.adobe.,APP1 http://ns.adobe.,"
		rest  = "APP5 META,APP12 Ducky,"
	)
	further := "not kept: MPF (further pictures behind the first)"
	gray := func(c *CodedJPEG) error { return c.Gray() }
	for what, c := range map[string]struct {
		do    func(*CodedJPEG) error
		carry Carry
		want  string // without the comment
		notes []string
	}{
		"nothing":           {nil, Carry{}, front + "APP2 ICC_PROFILE,APP2 MPF," + rest + "APP13 Photoshop,APP13 Photoshop", nil},
		"gray":              {gray, Carry{}, kept + rest + "APP13 Photoshop", []string{further}},
		"upright":           {(*CodedJPEG).Upright, Carry{}, kept + "APP2 ICC_PROFILE," + rest + "APP13 Photoshop", []string{further}},
		"without GPS":       {nil, Carry{StripGPS: true}, front + "APP2 ICC_PROFILE," + rest + "APP13 Photoshop,APP13 Photoshop", []string{further}},
		"without a profile": {nil, Carry{Profile: StripProfile}, front + rest + "APP13 Photoshop,APP13 Photoshop", []string{further}},
		"stripped":          {nil, Carry{Keep: meta.None}, "APP0 JFIF,APP1 Exif,APP2 ICC_PROFILE", []string{further}},
		"stripped, upright": {(*CodedJPEG).Upright, Carry{Keep: meta.None}, "APP0 JFIF,APP2 ICC_PROFILE", []string{further}},
		"copyright":         {nil, Carry{Keep: meta.Copyright}, "APP0 JFIF,APP1 Exif,APP1 http://ns.adobe.,APP13 Photoshop,APP2 ICC_PROFILE", []string{further}},
	} {
		data := photo(t, 6)
		pic := opened(t, data)
		if c.do != nil {
			if err := c.do(pic); err != nil {
				t.Fatal(err)
			}
		}
		out, notes, err := pic.Append(nil, false, c.carry)
		if err != nil {
			t.Fatal(err)
		}
		notes = slices.DeleteFunc(notes, func(n string) bool { return strings.Contains(n, "profile") })
		segs := segments(t, out)
		comments := len(segs)
		segs = slices.DeleteFunc(segs, func(s jpeg.Segment) bool { return s.Marker == markCOM })
		if comments -= len(segs); (comments == 1) != (c.carry.Keep == meta.All) {
			t.Errorf("%s: %d comments", what, comments)
		}
		if got := names(segs); got != c.want || !slices.Equal(notes, c.notes) {
			t.Errorf("%s: %s, want %s; notes %q, want %q", what, got, c.want, notes, c.notes)
		}
		if same := bytes.Equal(out, data); same != (what == "nothing") {
			t.Errorf("%s: the file is the same: %v", what, same)
		}
		checkCarried(t, what, out, c.carry, c.do != nil && what != "gray")
		if what != "gray" {
			continue
		}
		spliced, others, err := GrayJPEG(t.Context(), nil, data, c.carry, new(jpeg.Scratch))
		others = slices.DeleteFunc(others, func(n string) bool { return strings.Contains(n, "profile") })
		if err != nil || !slices.Equal(others, notes) {
			t.Errorf("%s, spliced: notes %q, %v", what, others, err)
		}
		if diff := cmp.Diff(segments(t, out), segments(t, spliced)); diff != "" {
			t.Errorf("%s, spliced:\n%s", what, diff)
		}
	}
}

// What is not understood goes with GPS if it speaks of it.
func TestUnknownSegmentsWithGPS(t *testing.T) {
	data := withSegments(t, seg(0xe6, "GoPro\x00GPS5"), seg(0xe6, "GoPro\x00ACCL"), seg(0xeb, "JP\x00exif:GPSLatitude"),
		seg(markAPP1, exifPrefix+string(photoEXIF(1))), seg(markAPP1, exifPrefix+string(photoEXIF(1))), seg(markCOM, "no gps"),
		seg(markAPP1, "EXIF\x00\x00"+string(photoEXIF(1))), seg(markAPP1, "????Exif\x00\xff"+string(photoEXIF(1))))
	out, notes, err := opened(t, data).Append(nil, false, Carry{StripGPS: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := names(segments(t, out)[:2]); got != "APP6 GoPro,APP1 Exif" || len(segments(t, out)) != 3 || !slices.Equal(notes, []string{"not kept: APP6 GoPro, APP11 JP, second EXIF, APP1 EXIF, APP1 ????Exif"}) {
		t.Errorf("%s, notes %q", got, notes)
	}
}

// checkCarried looks into the blocks of a photo that was moved.
func checkCarried(t *testing.T, what string, out []byte, carry Carry, upright bool) {
	t.Helper()
	p := decoded(t, out)
	m := p.Metadata
	want := 6
	if upright {
		want = 1
	}
	xmp := `tiff:Orientation="6"`
	if upright {
		xmp = `tiff:Orientation="1"`
	}
	if p.Orientation != want || carry.Keep == meta.All && !bytes.Contains(m.XMP, []byte(xmp)) {
		t.Errorf("%s: orientation %d, XMP %s", what, p.Orientation, m.XMP)
	}
	all := carry.Keep == meta.All
	if gps := bytes.Contains(m.EXIF, []byte("2024")) && bytes.Contains(m.XMP, []byte("GPS")); gps != (all && !carry.StripGPS) {
		t.Errorf("%s: has GPS: %v", what, gps)
	}
	repainted := upright || what == "gray"
	if thumb := bytes.Contains(out, []byte("thumbnail")); thumb != (all && !repainted) {
		t.Errorf("%s: has a thumbnail: %v", what, thumb)
	}
	density := meta.Density{X: 300, Y: 150, Unit: meta.Inch}
	if upright {
		density.X, density.Y = 150, 300
	}
	if m.Density != density {
		t.Errorf("%s: %v", what, m.Density)
	}
	if carry.Keep == meta.Copyright && (!bytes.Contains(m.EXIF, []byte("Ann Artist")) || !bytes.Contains(m.XMP, []byte("<rdf:li>Ann</rdf:li>")) || !bytes.Contains(m.IPTC, []byte("Ann"))) {
		t.Errorf("%s: %q %q %q", what, m.EXIF, m.XMP, m.IPTC)
	}
}

// A gray JPEG comes out as it is, unless something is to go.
func TestGrayOfGray(t *testing.T) {
	data := append(fixture(t, "jpeg_grayscale.jpg"), "behind"...)
	out, notes, err := GrayJPEG(t.Context(), nil, data, Carry{}, new(jpeg.Scratch))
	if err != nil || !bytes.Equal(out, data) || len(notes) > 0 {
		t.Errorf("%d bytes became %d, notes %q, %v", len(data), len(out), notes, err)
	}
	out, notes, err = GrayJPEG(t.Context(), nil, data, Carry{StripGPS: true}, new(jpeg.Scratch))
	if err != nil || bytes.HasSuffix(out, []byte("behind")) || !slices.Equal(notes, []string{"not kept: data behind the picture"}) {
		t.Errorf("without GPS: notes %q, %v", notes, err)
	}
}

// Density goes from JFIF to JFIF and to pHYs, and comes back.
func TestJFIFDensity(t *testing.T) {
	for payload, want := range map[string]meta.Density{
		"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00": {},
		"JFIF\x00\x01\x01\x00\x00\x02\x00\x01\x00\x00": {X: 2, Y: 1},
		"JFIF\x00\x01\x01\x01\x00\x48\x00\x48\x00\x00": {X: 72, Y: 72, Unit: meta.Inch},
		"JFIF\x00\x01\x01\x02\x00\x1c\x00\x1c\x00\x00": {X: 28, Y: 28, Unit: meta.Centimetre},
		"JFIF\x00\x01\x01\x03\x00\x1c\x00\x1c\x00\x00": {},
		"JFIF\x00\x01\x01\x01\x00\x00\x00\x1c\x00\x00": {},
	} {
		p := decoded(t, withSegments(t, seg(markAPP0, payload)))
		if p.Metadata.Density != want {
			t.Errorf("%q: %v, want %v", payload, p.Metadata.Density, want)
		}
		for _, f := range []Format{JPEG, PNG} {
			out, notes := encoded(t, p.Image, Options{Format: f, Metadata: p.Metadata})
			back := decoded(t, out).Metadata.Density
			if short, _ := back.Short(); f == PNG && want.Unit != meta.Aspect {
				back = short
			}
			if back != want && want.Unit != meta.Centimetre || back.Unit == meta.Inch && want.Unit == meta.Centimetre && f == JPEG || len(notes) > 0 {
				t.Errorf("%q by %s: %v, notes %q", payload, f, back, notes)
			}
		}
	}
}

// Whatever a file holds and whatever is to go, what comes out is a JPEG with
// the same luma, and doing it again changes nothing.
func FuzzCarriedSegments(f *testing.F) {
	f.Add(photo(f, 6), byte(0))
	f.Add(photo(f, 1), byte(0x15))
	f.Fuzz(func(t *testing.T, data []byte, what byte) {
		defer fuzztest.Bound(t, data, fuzzMemory)()
		if h, err := ReadHeader(bytes.NewReader(data), int64(len(data)), fuzzPixels); err != nil || h.Format != JPEG {
			return
		}
		carry := Carry{
			Keep:     []meta.Keep{meta.All, meta.None, meta.Copyright, meta.All}[what&3],
			StripGPS: what&4 != 0, Profile: []ProfileMode{KeepProfile, ToSRGB, StripProfile, KeepProfile}[what>>4&3],
		}
		out, _, err := GrayJPEG(t.Context(), nil, data, carry, new(jpeg.Scratch))
		if err != nil {
			return
		}
		again, notes, err := GrayJPEG(t.Context(), nil, out, carry, new(jpeg.Scratch))
		if err != nil || !bytes.Equal(again, out) {
			t.Errorf("%+v again: %d bytes became %d, notes %q, %v", carry, len(out), len(again), notes, err)
		}
	})
}
