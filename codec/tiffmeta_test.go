package codec

import (
	"bytes"
	"encoding/binary"
	"image"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/imgpar/imgpar/codec/ifd"
	"github.com/imgpar/imgpar/codec/meta"
)

// value is an entry of a test, in a byte order.
func value(o binary.ByteOrder, tag uint16, kind ifd.Type, numbers ...uint32) ifd.Entry {
	e := ifd.Entry{Tag: tag, Type: kind}
	for _, n := range numbers {
		switch kind.Size() {
		case 1:
			e.Value = append(e.Value, byte(n))
		case 2:
			e.Value = append(e.Value, 0, 0)
			o.PutUint16(e.Value[len(e.Value)-2:], uint16(n))
		default:
			e.Value = append(e.Value, 0, 0, 0, 0)
			o.PutUint32(e.Value[len(e.Value)-4:], n)
		}
	}
	return e
}

func text(tag uint16, s string) ifd.Entry {
	return ifd.Entry{Tag: tag, Type: ifd.ASCII, Value: append([]byte(s), 0)}
}

// fullEXIF is a block with values of all kinds in all directories.
func fullEXIF(o binary.ByteOrder) []byte {
	t := &tiffTags{
		page: []ifd.Entry{
			text(ifd.TagArtist, "somebody"), value(o, ifd.TagOrientation, ifd.Short, 1), value(o, ifd.TagXResolution, ifd.Rational, 300, 1),
			value(o, ifd.TagYResolution, ifd.Rational, 300, 1), value(o, ifd.TagResolutionUnit, ifd.Short, 2),
		},
		exif: []ifd.Entry{
			value(o, 33434, ifd.Rational, 1, 250), text(36867, "2026:02:03 04:05:06"), value(o, 37380, ifd.SRational, 1<<32-1, 3),
			{Tag: 37500, Type: ifd.Undefined, Value: []byte("maker's own\x00\x01\x02")}, value(o, 40962, ifd.Long, 40),
		},
		gps:     []ifd.Entry{value(o, 0, ifd.Byte, 2, 3, 0, 0), text(1, "N"), value(o, 2, ifd.Rational, 48, 1, 8, 1, 0, 1)},
		interop: []ifd.Entry{text(1, "R98")},
	}
	return t.block(o)
}

// listed names the tags of a block with their values, in little-endian order.
func listed(t *testing.T, block []byte) map[string][]string {
	t.Helper()
	tags, err := readEXIF(block)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for name, entries := range map[string][]ifd.Entry{"page": tags.page, "exif": tags.exif, "gps": tags.gps, "interop": tags.interop} {
		for _, e := range entries {
			out[name] = append(out[name], strings.Join([]string{string(rune('A' + e.Type)), string(binary.BigEndian.AppendUint16(nil, e.Tag)), string(e.Value)}, " "))
		}
		slices.Sort(out[name])
	}
	return out
}

func iptcBlocks(iptc string, others ...string) []byte {
	return meta.JoinIPTC([]byte(strings.Join(others, "")), []byte(iptc))
}

const otherResource = "8BIM\x03\xed\x03abc\x00\x00\x00\x03xyz\x00"

func TestTIFFCarriesMetadata(t *testing.T) {
	for _, o := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		want := meta.Data{EXIF: fullEXIF(o), ICC: profile("RGB ", 3000), XMP: []byte("<x:xmpmeta/>"), IPTC: iptcBlocks("\x1c\x02\x50\x00\x02Me", otherResource)}
		for _, from := range []Format{JPEG, TIFF} {
			first, notes := encoded(t, colours(40, 30), Options{Format: from, Metadata: want})
			if len(notes) > 0 {
				t.Errorf("%s: notes %q", from, notes)
			}
			for _, to := range []Format{TIFF, JPEG} {
				p := decoded(t, first)
				data, notes := encoded(t, p.Image, Options{Format: to, Metadata: p.Metadata})
				got := decoded(t, data).Metadata
				if diff := cmp.Diff(listed(t, want.EXIF), listed(t, got.EXIF)); diff != "" {
					t.Errorf("%s to %s: EXIF (-want +got):\n%s", from, to, diff)
				}
				got.EXIF = want.EXIF
				if diff := cmp.Diff(want, got); diff != "" || len(notes) > 0 {
					t.Errorf("%s to %s (-want +got):\n%s%q", from, to, diff, notes)
				}
			}
		}
	}
}

// A block that was made of a page has its first directory at its start, and all others behind.
func TestBlocksAreWhole(t *testing.T) {
	block := fullEXIF(binary.BigEndian)
	if string(block[:8]) != "MM\x00*\x00\x00\x00\x08" {
		t.Errorf("it begins with %x", block[:8])
	}
	for n := range len(block) - 4 { // the offset of the next directory may be missing in the last one
		if _, err := readEXIF(block[:n]); err == nil {
			t.Errorf("%d bytes of %d are a whole block", n, len(block))
		}
	}
}

func TestAPlainTIFFHasNoEXIF(t *testing.T) {
	data, _ := encoded(t, colours(8, 8), Options{Format: TIFF})
	if m := decoded(t, data).Metadata; m.EXIF != nil || len(m.Other) > 0 {
		t.Errorf("%d bytes of EXIF, %q", len(m.EXIF), m.Other)
	}
	r := bytes.NewReader(data)
	head, err := ifd.ReadFile(r)
	if err != nil {
		t.Fatal(err)
	}
	d, err := head.ReadDirectory(r, head.First)
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range []uint16{ifd.TagXResolution, ifd.TagYResolution, ifd.TagResolutionUnit} { // which a TIFF must have
		if _, ok := d.Find(tag); !ok {
			t.Errorf("no tag %d", tag)
		}
	}
}

func TestTheWrittenPageIsUpright(t *testing.T) {
	data, _ := encoded(t, colours(8, 4), Options{Format: TIFF, Metadata: meta.Data{EXIF: exifWith(binary.BigEndian, tiffShort, 6)}})
	if p := decoded(t, data); p.Orientation != 1 || p.Width != 8 {
		t.Errorf("orientation %d, width %d", p.Orientation, p.Width)
	}
}

func TestBrokenEXIFIsNotCarriedIntoTIFF(t *testing.T) {
	for _, exif := range []string{"no TIFF at all", "II*\x00\xff\xff\xff\xff", "II*\x00\x08\x00\x00\x00\x01\x00\x0e\x01\x02\x00\xff\x00\x00\x00\xf0\xff\xff\xff\x00\x00\x00\x00"} {
		data, notes := encoded(t, colours(8, 8), Options{Format: TIFF, Metadata: meta.Data{EXIF: []byte(exif)}})
		if got := decoded(t, data).Metadata.EXIF; got != nil || !slices.Equal(notes, []string{"not kept: EXIF"}) {
			t.Errorf("%q became %q, notes %q", exif, got, notes)
		}
	}
}

// withEntries puts entries into the directory of a little-endian TIFF of one page.
func withEntries(t *testing.T, tif []byte, entries ...ifd.Entry) []byte {
	t.Helper()
	r := bytes.NewReader(tif)
	head, err := ifd.ReadFile(r)
	if err != nil {
		t.Fatal(err)
	}
	d, err := head.ReadDirectory(r, head.First)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range d.Entries {
		if d.Entries[i].Value, err = e.Load(r, 1<<20); err != nil {
			t.Fatal(err)
		}
	}
	out, at := ifd.Append(bytes.Clone(tif), 0, binary.LittleEndian, append(d.Entries, entries...), 0)
	binary.LittleEndian.PutUint32(out[4:], uint32(at))
	return out
}

func TestWhatOfATIFFIsNotCarried(t *testing.T) {
	tif, _ := encoded(t, colours(16, 8), Options{Format: TIFF})
	le := binary.LittleEndian
	iptc := []byte("\x1c\x02\x50\x00\x03Me!")
	raw := func(tag uint16, b []byte) ifd.Entry { return ifd.Entry{Tag: tag, Type: ifd.Undefined, Value: b} }
	for what, c := range map[string]struct {
		entries []ifd.Entry
		want    meta.Data
	}{
		"GeoTIFF":            {[]ifd.Entry{value(le, 33550, ifd.Long, 1, 2), value(le, 34735, ifd.Short, 1, 1, 0, 0, 7)}, meta.Data{Other: []string{"GeoTIFF tags"}}},
		"private":            {[]ifd.Entry{text(50000, "x"), text(60000, "y")}, meta.Data{Other: []string{"private tags"}}},
		"SubIFDs":            {[]ifd.Entry{value(le, 330, ifd.Long, 8)}, meta.Data{Other: []string{"SubIFDs"}}},
		"structure":          {[]ifd.Entry{value(le, 263, ifd.Short, 1), value(le, 280, ifd.Short, 0, 0, 0)}, meta.Data{}},
		"EXIF out of reach":  {[]ifd.Entry{value(le, ifd.TagExif, ifd.Long, 1<<30)}, meta.Data{Other: []string{"damaged EXIF"}}},
		"profile":            {[]ifd.Entry{{Tag: ifd.TagICC, Type: ifd.Undefined, Value: make([]byte, 8)}}, meta.Data{ICC: make([]byte, 8)}},
		"IPTC by itself":     {[]ifd.Entry{raw(ifd.TagIPTC, iptc)}, meta.Data{IPTC: iptcBlocks(string(iptc))}},
		"resources":          {[]ifd.Entry{raw(ifd.TagPhotoshop, []byte(otherResource))}, meta.Data{IPTC: []byte(otherResource)}},
		"IPTC and resources": {[]ifd.Entry{raw(ifd.TagIPTC, iptc), raw(ifd.TagPhotoshop, append(iptcBlocks("older"), otherResource...))}, meta.Data{IPTC: iptcBlocks(string(iptc), otherResource)}},
	} {
		got := decoded(t, withEntries(t, tif, c.entries...)).Metadata
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
}

func TestPagesOfTIFF(t *testing.T) {
	first, second := colours(40, 30), paint16(image.NewGray16(image.Rect(0, 0, 20, 10)))
	frames := func(yield func(Frame, error) bool) {
		_ = yield(Frame{Image: first, Metadata: meta.Data{EXIF: fullEXIF(binary.BigEndian), ICC: profile("RGB ", 300)}}, nil) &&
			yield(Frame{Image: second, Metadata: meta.Data{XMP: []byte("xmp"), ICC: profile("RGB ", 300), Comments: [][]byte{{'c'}}}}, nil) &&
			yield(Frame{Image: second, Metadata: meta.Data{Comments: [][]byte{{'c'}}}}, nil)
	}
	var buf bytes.Buffer
	notes, err := EncodeFrames(&buf, frames, Options{Format: TIFF})
	if want := []string{"not kept: RGB ICC profile", "not kept: comment"}; err != nil || !slices.Equal(notes, want) {
		t.Fatalf("%q, %v; want %q", notes, err, want)
	}
	h, err := header(buf.Bytes())
	if err != nil || h.Frames != 3 || h.Animated || h.Variant != "LZW" {
		t.Errorf("%+v, %v", h, err)
	}
	var got []Frame
	for f, err := range Frames(t.Context(), buf.Bytes(), DecodeOptions{MaxPixels: 1200}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, f)
	}
	if len(got) != 3 {
		t.Fatalf("%d pages", len(got))
	}
	comparePixels(t, "page 1", first, got[0].Image, false)
	comparePixels(t, "page 2", second, got[1].Image, true)
	if m := got[0].Metadata; m.ICC == nil || m.EXIF == nil || m.XMP != nil {
		t.Errorf("page 1: %d, %d, %d bytes", len(m.ICC), len(m.EXIF), len(m.XMP))
	}
	if m := got[1].Metadata; m.ICC != nil || string(m.XMP) != "xmp" {
		t.Errorf("page 2: %d bytes of profile, XMP %q", len(m.ICC), m.XMP)
	}
	for _, f := range got {
		if f.Orientation != 1 || len(f.Notes) > 0 || f.Delay != 0 {
			t.Errorf("%+v", f)
		}
	}
}

// Limits hold for every page, and errors say which one it is.
func TestEachPageIsHeldAgainstTheLimits(t *testing.T) {
	pages := func(yield func(Frame, error) bool) {
		_ = yield(Frame{Image: colours(10, 10)}, nil) && yield(Frame{Image: colours(30, 30)}, nil)
	}
	var buf bytes.Buffer
	if _, err := EncodeFrames(&buf, pages, Options{Format: TIFF}); err != nil {
		t.Fatal(err)
	}
	want := "too-large: page 2: 30x30 is 900 pixels; --max-pixels is 899"
	n := 0
	for f, err := range Frames(t.Context(), buf.Bytes(), DecodeOptions{MaxPixels: 899}) {
		if n++; n == 1 && (err != nil || f.Image == nil) || n == 2 && (err == nil || err.Error() != want) {
			t.Errorf("page %d: %v", n, err)
		}
	}
	if n != 2 {
		t.Errorf("%d pages", n)
	}
	none := iter.Seq2[Frame, error](func(func(Frame, error) bool) {})
	if _, err := EncodeFrames(&buf, none, Options{Format: TIFF}); err == nil {
		t.Error("a TIFF without pages")
	}
}

// Gray with alpha stays so, with a profile for grays made of one for colours.
func TestGrayWithAlphaStaysGray(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 20, 10))
	for i := range m.Pix {
		m.Pix[i] = uint8(i / 4)
		if i%4 == 3 {
			m.Pix[i] = uint8(i)
		}
	}
	data, _ := encoded(t, m, Options{Format: TIFF})
	if h, err := header(data); err != nil || h.Channels != 2 || !h.Alpha {
		t.Errorf("%+v, %v", h, err)
	}
	comparePixels(t, "gray and alpha", m, decoded(t, data).Image, false)
	var buf bytes.Buffer
	page := func(yield func(Frame, error) bool) {
		yield(Frame{Image: m, Metadata: meta.Data{ICC: profile("GRAY", 300)}}, nil)
	}
	if notes, err := EncodeFrames(&buf, page, Options{Format: TIFF}); err != nil || len(notes) > 0 || decoded(t, buf.Bytes()).Metadata.ICC == nil {
		t.Errorf("with a profile for grays: %q, %v", notes, err)
	}
	wide := decoded(t, fixture(t, "jpeg_metadata.jpg")).Metadata.ICC
	for _, f := range []Format{TIFF, PNG} {
		data, notes := encoded(t, m, Options{Format: f, Metadata: meta.Data{ICC: wide}})
		h, err := header(data)
		if got := profileSpace(decoded(t, data).Metadata.ICC); err != nil || h.Channels != 2 || got != "GRAY" || !slices.Equal(notes, []string{"profile for gray made of imgpar wide gamut"}) {
			t.Errorf("%s with a profile for colours: %+v, %v, a profile for %q, %q", f, h, err, got, notes)
		}
	}
}

// A MakerNote stays at its offset, from format to format: in front of the other directories, or behind them.
func TestMakerNoteKeepsItsPlace(t *testing.T) {
	place := func(block []byte) (int64, string) {
		tags, err := readEXIF(block)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range tags.exif {
			if e.Tag == ifd.TagMakerNote {
				return e.At, string(e.Value)
			}
		}
		return 0, ""
	}
	note := "offsets of the maker's own"
	for _, at := range []int64{8, 150, 5000, maxMakerNote - int64(len(note)), maxMakerNote - 1} {
		tags := &tiffTags{page: []ifd.Entry{text(ifd.TagArtist, "somebody")}, exif: []ifd.Entry{
			{Tag: ifd.TagMakerNote, Type: ifd.Undefined, Value: []byte(note), At: at}, text(36867, "2026:02:03 04:05:06"),
		}}
		block := tags.block(binary.BigEndian)
		held := at+int64(len(note)) <= maxMakerNote
		for i, to := range []Format{JPEG, TIFF, TIFF, JPEG, PNG} {
			if got, value := place(block); value != note || (got == at) != held {
				t.Errorf("step %d: %q at %d, want at %d", i, value, got, at)
			}
			data, notes := encoded(t, colours(40, 30), Options{Format: to, Metadata: meta.Data{EXIF: block}})
			if block = decoded(t, data).Metadata.EXIF; block == nil || len(notes) > 0 {
				t.Fatalf("step %d: notes %q", i, notes)
			}
		}
	}
}

// The density of a JPEG or PNG without EXIF is no tag yet.
func TestDensityGoesIntoTIFF(t *testing.T) {
	for _, c := range []struct {
		d    meta.Density
		want []byte // the values of XResolution, YResolution and ResolutionUnit
	}{
		{meta.Density{}, []byte{72, 0, 0, 0, 1, 0, 0, 0, 72, 0, 0, 0, 1, 0, 0, 0, 2, 0}},
		{meta.Density{X: 250, Y: 200, Unit: meta.Inch}, []byte{250, 0, 0, 0, 1, 0, 0, 0, 200, 0, 0, 0, 1, 0, 0, 0, 2, 0}},
		{meta.Density{X: 9843, Y: 9843, Unit: meta.Metre}, []byte{250, 0, 0, 0, 1, 0, 0, 0, 250, 0, 0, 0, 1, 0, 0, 0, 2, 0}},
		{meta.Density{X: 255, Y: 254, Unit: meta.Metre}, []byte{255, 0, 0, 0, 100, 0, 0, 0, 254, 0, 0, 0, 100, 0, 0, 0, 3, 0}},
		{meta.Density{X: 30, Y: 30, Unit: meta.Centimetre}, []byte{30, 0, 0, 0, 1, 0, 0, 0, 30, 0, 0, 0, 1, 0, 0, 0, 3, 0}},
		{meta.Density{X: 2, Y: 1, Unit: meta.Aspect}, []byte{2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0}},
	} {
		d, err := tiffDescription(meta.Data{Density: c.d})
		if err != nil {
			t.Fatal(err)
		}
		var got []byte
		for _, e := range d.Tags {
			got = append(got, e.Value...)
		}
		if !bytes.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.d, got, c.want)
		}
	}
}

// EXIF has its own resolution, and the unit of that.
func TestResolutionOfEXIFGoesFirst(t *testing.T) {
	exif := withResolution(nil, meta.Density{X: 90, Y: 90, Unit: meta.Centimetre})
	for _, tags := range [][]ifd.Entry{exif, exif[:2]} {
		out := withResolution(slices.Clone(tags), meta.Density{X: 300, Y: 300, Unit: meta.Inch})
		unit := byte(3)
		if len(tags) == 2 {
			unit = 2 // which is what none means
		}
		if len(out) != 3 || out[0].Value[0] != 90 || out[2].Value[0] != unit {
			t.Errorf("%v became %v", tags, out)
		}
	}
}
