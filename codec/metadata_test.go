package codec

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"image/color"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/imgpar/imgpar/codec/meta"
)

func deflated(data []byte) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write(data)
	w.Close()
	return b.String()
}

// all is metadata of every kind.
func all() meta.Data {
	return meta.Data{
		EXIF:     exifWith(binary.LittleEndian, tiffShort, 1),
		ICC:      profile("RGB ", 3000),
		XMP:      []byte("<x:xmpmeta>é</x:xmpmeta>"),
		IPTC:     meta.JoinIPTC(nil, []byte("\x1c\x02\x50\x00\x03Ann")),
		Comments: [][]byte{[]byte("one"), []byte("zwei, größer")},
		Density:  meta.Density{X: 300, Y: 200, Unit: meta.Inch},
	}
}

func TestMetadataIsCarried(t *testing.T) {
	inPNG := all()
	inPNG.Comments = nil
	inPNG.Text = []meta.Chunk{{Name: "tEXt", Data: []byte("Comment\x00one")}, {Name: "iTXt", Data: []byte("Comment\x00\x00\x00\x00\x00zwei, größer")}}
	inPNG.Density = meta.Density{X: 11811, Y: 7874, Unit: meta.Metre}
	odd := "colours not converted: RGB ICC profile: the profile has no signature" // where there can be none
	lost := "not kept: EXIF, XMP, RGB ICC profile, IPTC, comment, density"
	for _, c := range []struct {
		from, to Format
		want     meta.Data
		notes    []string
	}{
		{JPEG, JPEG, all(), nil},
		{JPEG, PNG, inPNG, nil},
		{PNG, JPEG, all(), nil},
		{PNG, PNG, inPNG, nil},
		{JPEG, GIF, meta.Data{}, []string{odd, noteColours, lost}},
		{JPEG, BMP, meta.Data{}, []string{odd, lost}},
	} {
		data, _ := encoded(t, colours(4711, 3), Options{Format: c.from, Metadata: all()}) // as wide as the EXIF says
		p := decoded(t, data)
		out, notes := encoded(t, p.Image, Options{Format: c.to, Metadata: p.Metadata})
		if !slices.Equal(notes, c.notes) {
			t.Errorf("%s to %s: notes %q, want %q", c.from, c.to, notes, c.notes)
		}
		if diff := cmp.Diff(c.want, decoded(t, out).Metadata); diff != "" {
			t.Errorf("%s to %s (-want +got):\n%s", c.from, c.to, diff)
		}
	}
}

func TestThePictureIsUprightAfterwards(t *testing.T) {
	for _, f := range []Format{JPEG, PNG} {
		for _, order := range byteOrders {
			for _, kind := range []uint16{tiffShort, tiffLong, 1} {
				value := uint32(6)
				if kind == 1 && order == binary.AppendByteOrder(binary.BigEndian) {
					value <<= 24 // a byte stands first in its field
				}
				exif := exifWith(order, kind, value)
				if got := meta.Orientation(exif); got != 6 {
					t.Fatalf("%v, type %d: orientation %d before", order, kind, got)
				}
				// 4711 pixels, as the block says
				data, _ := encoded(t, image.NewGray(image.Rect(0, 0, 4711, 2)), Options{Format: f, Metadata: meta.Data{EXIF: exif}})
				p := decoded(t, data)
				if p.Orientation != 1 || meta.Orientation(p.Metadata.EXIF) != 1 {
					t.Errorf("%s, %v, type %d: orientation %d afterwards", f, order, kind, p.Orientation)
				}
				if meta.Orientation(exif) != 6 {
					t.Errorf("%s, %v, type %d: the caller's block changed", f, order, kind)
				}
				changed := 0
				for i := range exif {
					if exif[i] != p.Metadata.EXIF[i] {
						changed++
					}
				}
				if changed != 1 {
					t.Errorf("%s, %v, type %d: %d bytes changed, want 1", f, order, kind, changed)
				}
			}
		}
	}
}

func TestBrokenEXIFIsCarriedAsItIs(t *testing.T) {
	for _, exif := range []string{"no TIFF at all", "II*\x00\xff\xff\xff\xff", "II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x04\x00\x02\x00\x00\x00\xf0\xff\xff\xff"} {
		data, _ := encoded(t, colours(8, 8), Options{Format: JPEG, Metadata: meta.Data{EXIF: []byte(exif)}})
		if got := decoded(t, data).Metadata.EXIF; string(got) != exif {
			t.Errorf("%q became %q", exif, got)
		}
	}
}

// A JPEG segment holds less than 64 KiB, larger profiles are divided.
func TestLargeProfiles(t *testing.T) {
	for _, size := range []int{128, maxProfilePart, maxProfilePart + 1, 200_000, 255 * maxProfilePart} {
		want := profile("RGB ", size)
		data, notes := encoded(t, colours(8, 8), Options{Format: JPEG, Metadata: meta.Data{ICC: want}})
		if got := decoded(t, data).Metadata.ICC; !bytes.Equal(got, want) || len(notes) > 0 {
			t.Errorf("%d bytes: %d come back, notes %q", size, len(got), notes)
		}
	}
	data, notes := encoded(t, colours(8, 8), Options{Format: JPEG, Metadata: meta.Data{ICC: profile("RGB ", 255*maxProfilePart+1)}})
	if got := decoded(t, data).Metadata.ICC; got != nil || !slices.Equal(notes, []string{"not kept: RGB ICC profile"}) {
		t.Errorf("too large: %d bytes come back, notes %q", len(got), notes)
	}
}

func TestWhatIsTooLargeForASegment(t *testing.T) {
	long := bytes.Repeat([]byte("x"), maxSegment)
	m := meta.Data{EXIF: long, XMP: long, IPTC: long, Comments: [][]byte{[]byte("short"), append(long, 'x'), long}}
	data, notes := encoded(t, colours(8, 8), Options{Format: JPEG, Metadata: m})
	if want := []string{"not kept: EXIF, XMP, comment"}; !slices.Equal(notes, want) {
		t.Errorf("notes %q, want %q", notes, want)
	}
	want := meta.Data{IPTC: long, Comments: [][]byte{[]byte("short"), long}} // IPTC may take several segments
	if diff := cmp.Diff(want, decoded(t, data).Metadata); diff != "" {
		t.Errorf("JPEG (-want +got):\n%s", diff)
	}
	data, notes = encoded(t, colours(8, 8), Options{Format: PNG, Metadata: meta.Data{EXIF: long, XMP: long}})
	if p := decoded(t, data); len(notes) > 0 || !bytes.Equal(p.Metadata.EXIF, long) || !bytes.Equal(p.Metadata.XMP, long) {
		t.Errorf("PNG: %q, %d and %d bytes", notes, len(p.Metadata.EXIF), len(p.Metadata.XMP))
	}
}

// A profile describes a number of channels: on a picture with another number
// it would make it unreadable, or wrong.
func TestAProfileMustFitThePicture(t *testing.T) {
	gray, rgb, pal := image.NewGray(image.Rect(0, 0, 4, 4)), colours(4, 4), image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.Black, color.White})
	for _, c := range []struct {
		img   image.Image
		f     Format
		space string
		keep  bool
	}{
		{rgb, JPEG, "RGB ", true}, {rgb, JPEG, "GRAY", false}, {rgb, JPEG, "CMYK", false},
		{rgb, PNG, "RGB ", true}, {rgb, PNG, "GRAY", false},
		{gray, JPEG, "RGB ", false}, {gray, JPEG, "GRAY", true},
		{gray, PNG, "RGB ", false}, {gray, PNG, "GRAY", true},
		{pal, PNG, "RGB ", true}, {pal, PNG, "GRAY", false}, // a PNG's palette is RGB, its colours be gray or not
		{pal, JPEG, "GRAY", true},
	} {
		data, notes := encoded(t, c.img, Options{Format: c.f, Metadata: meta.Data{ICC: profile(c.space, 400)}})
		var want []string
		if !c.keep {
			want = []string{"not kept: " + strings.TrimSpace(c.space) + " ICC profile"}
		}
		if !slices.Equal(notes, want) {
			t.Errorf("%T to %s with a profile of %s: notes %q, want %q", c.img, c.f, c.space, notes, want)
		}
		if kept := decoded(t, data).Metadata.ICC != nil; kept != c.keep {
			t.Errorf("%T to %s with a profile of %s: kept is %v", c.img, c.f, c.space, kept)
		}
	}
	_, notes := encoded(t, rgb, Options{Format: PNG, Metadata: meta.Data{ICC: []byte("short")}})
	if want := []string{"not kept: ICC profile"}; !slices.Equal(notes, want) {
		t.Errorf("a short profile: notes %q, want %q", notes, want)
	}
}

func TestDamagedProfiles(t *testing.T) {
	png, _ := encoded(t, colours(16, 8), Options{Format: PNG})
	iccp := func(z string) []byte { return insert(png, behindIHDR, pngChunk("iCCP", "name\x00\x00"+z)) }
	good := deflated(profile("RGB ", 3000))
	part := func(n, of byte) []byte {
		return seg(markAPP2, iccPrefix+string([]byte{n, of})+string(profile("RGB ", 200)))
	}
	for what, data := range map[string][]byte{
		"PNG, no zlib":         iccp("nonsense"),
		"PNG, cut":             iccp(good[:len(good)-6]),
		"PNG, wrong checksum":  iccp(good[:len(good)-1] + "x"),
		"PNG, bomb":            iccp(deflated(make([]byte, maxTextChunk+1))),
		"JPEG, first missing":  withSegments(t, part(2, 2)),
		"JPEG, second missing": withSegments(t, part(1, 2)),
		"JPEG, middle missing": withSegments(t, part(1, 3), part(3, 3)),
		"JPEG, numbered 0":     withSegments(t, part(0, 1)),
		"JPEG, of 0":           withSegments(t, part(2, 0)),
	} {
		p := decoded(t, data)
		if p.Metadata.ICC != nil || !slices.Equal(p.Metadata.Other, []string{"damaged ICC profile"}) {
			t.Errorf("%s: %d bytes, %q", what, len(p.Metadata.ICC), p.Metadata.Other)
		}
		_, notes := encoded(t, p.Image, Options{Format: JPEG, Metadata: p.Metadata})
		if want := []string{"not kept: damaged ICC profile"}; !slices.Equal(notes, want) {
			t.Errorf("%s: notes %q, want %q", what, notes, want)
		}
	}
	swapped := decoded(t, withSegments(t, part(2, 2), part(1, 2)))
	if len(swapped.Metadata.ICC) != 400 {
		t.Errorf("parts in another order: %d bytes", len(swapped.Metadata.ICC))
	}
}

// 16 MiB of zeros take 16 KiB, and gigabytes not much more. The work on them
// must end where the limit is.
func TestDecompressionBombs(t *testing.T) {
	bomb := deflated(make([]byte, 64<<20))
	png, _ := encoded(t, colours(16, 8), Options{Format: PNG})
	data := insert(png, behindIHDR, pngChunk("iCCP", "name\x00\x00"+bomb), pngChunk("iTXt", xmpKeyword+"\x00\x01\x00\x00\x00"+bomb))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	p := decoded(t, data)
	runtime.ReadMemStats(&after)
	if p.Metadata.ICC != nil || p.Metadata.XMP != nil {
		t.Errorf("%d bytes of profile, %d of XMP", len(p.Metadata.ICC), len(p.Metadata.XMP))
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 256<<20 {
		t.Errorf("%d bytes were allocated", took)
	}
}

// texts is metadata of chunks: name and data of each.
func texts(chunks ...string) meta.Data {
	var m meta.Data
	for i := 0; i < len(chunks); i += 2 {
		m.Text = append(m.Text, meta.Chunk{Name: chunks[i], Data: []byte(chunks[i+1])})
	}
	return m
}

func TestPNGMetadataInAllItsForms(t *testing.T) {
	png, _ := encoded(t, colours(16, 8), Options{Format: PNG})
	xmp := "<x:xmpmeta/>"
	for what, c := range map[string]struct {
		chunk []byte
		want  meta.Data
	}{
		"XMP":                    {pngChunk("iTXt", xmpKeyword+"\x00\x00\x00en\x00keyword\x00"+xmp), meta.Data{XMP: []byte(xmp)}},
		"compressed XMP":         {pngChunk("iTXt", xmpKeyword+"\x00\x01\x00\x00\x00"+deflated([]byte(xmp))), meta.Data{XMP: []byte(xmp)}},
		"damaged XMP":            {pngChunk("iTXt", xmpKeyword+"\x00\x01\x00\x00\x00nonsense"), meta.Data{Other: []string{"damaged XMP"}}},
		"cut XMP":                {pngChunk("iTXt", xmpKeyword+"\x00\x00\x00en"), meta.Data{Other: []string{"damaged XMP"}}},
		"text":                   {pngChunk("tEXt", "Author\x00somebody"), texts("tEXt", "Author\x00somebody")},
		"compressed text":        {pngChunk("zTXt", "Author\x00\x00"+deflated([]byte("somebody"))), texts("zTXt", "Author\x00\x00"+deflated([]byte("somebody")))},
		"international text":     {pngChunk("iTXt", "Author\x00\x00\x00\x00\x00somebody"), texts("iTXt", "Author\x00\x00\x00\x00\x00somebody")},
		"two texts":              {slices.Concat(pngChunk("tEXt", "A\x00b"), pngChunk("tEXt", "C\x00d")), texts("tEXt", "A\x00b", "tEXt", "C\x00d")},
		"physical size":          {pngChunk("pHYs", "\x00\x00\x0b\x13\x00\x00\x0b\x14\x01"), meta.Data{Density: meta.Density{X: 2835, Y: 2836, Unit: meta.Metre}}},
		"shape of pixels":        {pngChunk("pHYs", "\x00\x00\x00\x02\x00\x00\x00\x01\x00"), meta.Data{Density: meta.Density{X: 2, Y: 1}}},
		"square pixels":          {pngChunk("pHYs", "\x00\x00\x00\x02\x00\x00\x00\x02\x00"), meta.Data{}},
		"raw EXIF":               {pngChunk("tEXt", "Raw profile type exif\x00\nexif\n      10\n457869660000\n49492a00\n"), meta.Data{EXIF: []byte("II*\x00")}},
		"raw EXIF by exiftool":   {pngChunk("zTXt", "Raw profile type APP1\x00\x00"+deflated([]byte("\ngeneric profile\n      10\n45786966000049492a00\n"))), meta.Data{EXIF: []byte("II*\x00")}},
		"raw XMP":                {pngChunk("tEXt", "Raw profile type xmp\x00\nxmp\n 3\n3c612f\n"), meta.Data{XMP: []byte("<a/")}},
		"raw profile":            {pngChunk("tEXt", "Raw profile type icc\x00\nicc\n 2\n0102\n"), meta.Data{ICC: []byte{1, 2}}},
		"raw resources":          {pngChunk("tEXt", "Raw profile type 8bim\x00\n8bim\n 4\n3842494d\n"), meta.Data{IPTC: []byte("8BIM")}},
		"raw datasets":           {pngChunk("tEXt", "Raw profile type iptc\x00\niptc\n 5\n1c02000000\n"), meta.Data{IPTC: meta.JoinIPTC(nil, []byte("\x1c\x02\x00\x00\x00"))}},
		"raw of another length":  {pngChunk("tEXt", "Raw profile type xmp\x00\nxmp\n 4\n3c612f\n"), texts("tEXt", "Raw profile type xmp\x00\nxmp\n 4\n3c612f\n")},
		"EXIF twice":             {slices.Concat(pngChunk("eXIf", "a"), pngChunk("eXIf", "b")), meta.Data{EXIF: []byte("a"), Other: []string{"second EXIF"}}},
		"colours":                {pngChunk("gAMA", "\x00\x01\x86\xa0"), meta.Data{Color: []meta.Chunk{{Name: "gAMA", Data: []byte("\x00\x01\x86\xa0")}}}},
		"colours of a length":    {pngChunk("gAMA", "\x00\x01"), meta.Data{Other: []string{"chunk gAMA"}}},
		"what only paper needs":  {pngChunk("tIME", "1234567"), meta.Data{}},
		"another chunk":          {pngChunk("caBX", "jumb"), meta.Data{Other: []string{"chunk caBX"}}},
		"a chunk of odd letters": {pngChunk("\x00a\xffB", "x"), meta.Data{Other: []string{"chunk ?a?B"}}},
	} {
		for place, at := range map[string]int{"before": behindIHDR, "behind": beforeIEND(png)} {
			if diff := cmp.Diff(c.want, decoded(t, insert(png, at, c.chunk)).Metadata); diff != "" {
				t.Errorf("%s, %s the picture (-want +got):\n%s", what, place, diff)
			}
		}
	}
}

func TestWebPMetadata(t *testing.T) {
	vp8l := riffPart(t, fixture(t, "webp_lossless.webp"), "VP8L")
	exif, icc := exifWith(binary.BigEndian, tiffShort, 5), profile("RGB ", 401)
	data := riff(riffChunk("VP8X", vp8x(0x2c, 75, 50)), riffChunk("ICCP", icc), riffChunk("VP8L", vp8l),
		riffChunk("EXIF", append([]byte(exifPrefix), exif...)), riffChunk("XMP ", []byte("xmp")))
	p := decoded(t, data)
	if diff := cmp.Diff(meta.Data{EXIF: exif, ICC: icc, XMP: []byte("xmp")}, p.Metadata); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	out, notes := encoded(t, p.Image, Options{Format: PNG, Metadata: p.Metadata})
	if got := decoded(t, out).Metadata; !bytes.Equal(got.ICC, icc) || string(got.XMP) != "xmp" || len(notes) > 0 {
		t.Errorf("as PNG: %d bytes of profile, XMP %q, notes %q", len(got.ICC), got.XMP, notes)
	}
}

func TestMetadataOfTheFixtures(t *testing.T) {
	m := decoded(t, fixture(t, "jpeg_metadata.jpg")).Metadata
	if m.EXIF == nil || m.XMP == nil || profileSpace(m.ICC) != "RGB " || len(m.Comments) != 1 || len(m.Other) != 0 {
		t.Errorf("jpeg_metadata.jpg: EXIF %d, XMP %d, ICC %d bytes, %d comments, %q", len(m.EXIF), len(m.XMP), len(m.ICC), len(m.Comments), m.Other)
	}
	for _, name := range []string{"png_icc.png", "webp_lossless_icc.webp"} {
		if m := decoded(t, fixture(t, name)).Metadata; profileSpace(m.ICC) != "RGB " {
			t.Errorf("%s: %d bytes of profile", name, len(m.ICC))
		}
	}
}
