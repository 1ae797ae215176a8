package meta

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/imgpar/imgpar/codec/ifd"
	"github.com/imgpar/imgpar/internal/fuzztest"
)

type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// camera is a block of EXIF as a camera writes it: five directories, values, a
// maker's note, and a thumbnail at the end.
func camera(order byteOrder, orientation uint16) []byte {
	num := func(tag uint16, t ifd.Type, v uint32) ifd.Entry {
		b := make([]byte, t.Size())
		if t == ifd.Short {
			order.PutUint16(b, uint16(v))
		} else {
			order.PutUint32(b, v)
		}
		return ifd.Entry{Tag: tag, Type: t, Value: b}
	}
	text := func(tag uint16, s string) ifd.Entry {
		return ifd.Entry{Tag: tag, Type: ifd.ASCII, Value: []byte(s + "\x00")}
	}
	raw := func(tag uint16, t ifd.Type, v ...byte) ifd.Entry { return ifd.Entry{Tag: tag, Type: t, Value: v} }
	b := []byte("II*\x00\x00\x00\x00\x00")
	if order == byteOrder(binary.BigEndian) {
		b = []byte("MM\x00*\x00\x00\x00\x00")
	}
	b, interop := ifd.Append(b, 0, order, []ifd.Entry{text(1, "R98"), raw(2, ifd.Undefined, []byte("0100")...)}, 0)
	b, exif := ifd.Append(b, 0, order, []ifd.Entry{
		raw(0x9000, ifd.Undefined, []byte("0232")...),
		raw(0x927c, ifd.Undefined, bytes.Repeat([]byte("maker note "), 7)...),
		raw(0x9101, ifd.Undefined, 1, 2, 3, 0), raw(0xa000, ifd.Undefined, []byte("0100")...), num(0xa001, ifd.Short, 1),
		num(tagPixelX, ifd.Short, 4000), num(tagPixelY, ifd.Long, 3000),
		num(ifd.TagInterop, ifd.Long, uint32(interop)),
	}, 0)
	b, gps := ifd.Append(b, 0, order, []ifd.Entry{
		raw(0, ifd.Byte, 2, 3, 0, 0), text(1, "N"), raw(2, ifd.Rational, bytes.Repeat([]byte{0, 0, 0, 7}, 6)...),
		text(29, "2024:05:06"),
	}, 0)
	dots := order.AppendUint32(order.AppendUint32(nil, 72), 1)
	resolution := []ifd.Entry{raw(ifd.TagXResolution, ifd.Rational, dots...), raw(ifd.TagYResolution, ifd.Rational, dots...), num(ifd.TagResolutionUnit, ifd.Short, 2)}
	entries := append(resolution[:3:3],
		text(ifd.TagMake, "Maker"), num(ifd.TagOrientation, ifd.Short, uint32(orientation)),
		text(ifd.TagArtist, "Ann Artist"), text(ifd.TagCopyright, "(c) Ann"),
		num(ifd.TagExif, ifd.Long, uint32(exif)), num(ifd.TagGPS, ifd.Long, uint32(gps)),
		num(tagYCbCrPositioning, ifd.Short, 1), raw(40091, ifd.Byte, 'T', 0), // behind the GPS
	)
	b, main := ifd.Append(b, 0, order, entries, 0)
	order.PutUint32(b[4:], uint32(main))
	at := uint32(len(b) + cameraIFD1)
	b, second := ifd.Append(b, 0, order, append(resolution, num(259, ifd.Short, 6), num(tagThumbnail, ifd.Long, at), num(tagThumbnailLength, ifd.Long, 30)), 0)
	order.PutUint32(b[int(main)+2+12*len(entries):], uint32(second))
	return append(b, bytes.Repeat([]byte("thumb."), 5)...)
}

// cameraIFD1 is the size of the second directory of camera with its values, bytes.
const cameraIFD1 = 2 + 6*12 + 4 + 2*8

// entries returns the values in a block by "directory/tag", offsets of
// directories left out.
func entries(t testing.TB, block []byte) map[string]string {
	t.Helper()
	out := map[string]string{}
	r := bytes.NewReader(block)
	f, err := ifd.ReadFile(r)
	if err != nil {
		t.Fatal(err)
	}
	var walk func(name string, at int64)
	walk = func(name string, at int64) {
		d, err := f.ReadDirectory(r, at)
		if err != nil {
			t.Fatalf("%s at %d: %v", name, at, err)
		}
		for _, e := range d.Entries {
			sub := map[uint16]string{ifd.TagExif: "Exif", ifd.TagGPS: "GPS", ifd.TagInterop: "Interop"}[e.Tag]
			v, err := e.Load(r, int64(len(block)))
			if err != nil {
				t.Fatalf("%s, tag %d: %v", name, e.Tag, err)
			}
			if sub != "" {
				walk(sub, int64(f.Order.Uint32(v)))
				continue
			}
			if e.Tag == tagThumbnail {
				n, _ := d.Uint(r, tagThumbnailLength)
				at := f.Order.Uint32(v)
				v = block[at : at+uint32(n)]
			}
			out[fmt.Sprintf("%s/%d", name, e.Tag)] = fmt.Sprintf("%d %x", e.Type, v)
		}
		if d.Next != 0 {
			walk("next", d.Next)
		}
	}
	walk("IFD0", f.First)
	return out
}

func dropped(m map[string]string, directory string) {
	for k := range m {
		if k[:len(directory)] == directory {
			delete(m, k)
		}
	}
}

var orders = []byteOrder{binary.LittleEndian, binary.BigEndian}

// What is named changes, and nothing else.
func TestEXIF(t *testing.T) {
	for _, order := range orders {
		number := func(t ifd.Type, v uint32) string {
			b := make([]byte, t.Size())
			if t == ifd.Short {
				order.PutUint16(b, uint16(v))
			} else {
				order.PutUint32(b, v)
			}
			return fmt.Sprintf("%d %x", t, b)
		}
		block := camera(order, 6)
		for name, c := range map[string]struct {
			edit Edit
			want func(map[string]string)
		}{
			"nothing":   {Edit{}, func(map[string]string) {}},
			"upright":   {Edit{Upright: true}, func(m map[string]string) { m["IFD0/274"] = number(ifd.Short, 1) }},
			"repainted": {Edit{Repainted: true}, func(m map[string]string) { dropped(m, "next") }},
			"resized": {Edit{Width: 70000, Height: 33}, func(m map[string]string) {
				dropped(m, "next")
				m[fmt.Sprint("Exif/", tagPixelX)], m[fmt.Sprint("Exif/", tagPixelY)] = number(ifd.Long, 70000), number(ifd.Long, 33)
			}},
			"without GPS": {Edit{StripGPS: true}, func(m map[string]string) { dropped(m, "GPS") }},
			"all": {Edit{StripGPS: true, Upright: true, Width: 65535, Height: 1}, func(m map[string]string) {
				dropped(m, "next")
				dropped(m, "GPS")
				m["IFD0/274"] = number(ifd.Short, 1)
				m[fmt.Sprint("Exif/", tagPixelX)], m[fmt.Sprint("Exif/", tagPixelY)] = number(ifd.Short, 65535), number(ifd.Long, 1)
			}},
		} {
			want := entries(t, block)
			c.want(want)
			before := bytes.Clone(block)
			out, notes := c.edit.Apply(Data{EXIF: block})
			if !bytes.Equal(block, before) || len(notes) > 0 {
				t.Errorf("%s: the caller's block changed, or notes %q", name, notes)
			}
			if diff := cmp.Diff(want, entries(t, out.EXIF)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
			thumbnail, place := bytes.Contains(out.EXIF, []byte("thumb.")), bytes.Contains(out.EXIF, []byte("2024:05:06"))
			if thumbnail == c.edit.repainted() || place == c.edit.StripGPS {
				t.Errorf("%s: bytes of the thumbnail: %v, of GPS: %v", name, thumbnail, place)
			}
			const cut = cameraIFD1 + 30
			if got := len(block) - len(out.EXIF); (got == cut) != c.edit.repainted() || got != 0 && got != cut {
				t.Errorf("%s: %d bytes shorter", name, got)
			}
		}
	}
}

// Values that other entries share stay, and what stands within a block is zeroed and not cut.
func TestWhatIsGoneWithinTheBlock(t *testing.T) {
	order := byteOrder(binary.LittleEndian)
	block := append(camera(order, 1), "something behind"...)
	r := bytes.NewReader(block)
	f, _ := ifd.ReadFile(r)
	main, _ := f.ReadDirectory(r, f.First)
	// Make says what the thumbnail's bytes say.
	order.PutUint32(block[main.At+2+4:], 12)
	order.PutUint32(block[main.At+2+8:], uint32(bytes.Index(block, []byte("thumb."))+6))
	want := entries(t, block)
	dropped(want, "next")
	out, _ := Edit{Width: 4000, Height: 3000}.Apply(Data{EXIF: block})
	if diff := cmp.Diff(want, entries(t, out.EXIF)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if n := bytes.Count(out.EXIF, []byte("thumb.")); n != 2 || len(out.EXIF) != len(block) || !bytes.HasSuffix(out.EXIF, []byte("\x00\x00something behind")) {
		t.Errorf("%d pieces of the thumbnail in %d bytes of %d", n, len(out.EXIF), len(block))
	}
}

func TestOrientationOfOtherTypes(t *testing.T) {
	block := camera(binary.BigEndian, 6)
	at := bytes.Index(block, []byte("\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06"))
	for name, entry := range map[string]string{
		"ASCII":    "\x01\x12\x00\x02\x00\x00\x00\x026\x00\x00\x00",
		"rational": "\x01\x12\x00\x05\x00\x00\x00\x01\x00\x00\x00\x08",
		"byte":     "\x01\x12\x00\x01\x00\x00\x00\x01\x06\x00\x00\x00",
		"long":     "\x01\x12\x00\x04\x00\x00\x00\x01\x00\x00\x00\x06",
	} {
		copy(block[at:], entry)
		out, _ := Edit{Upright: true}.Apply(Data{EXIF: block})
		if got := Orientation(out.EXIF); got != 1 || len(out.EXIF) != len(block) {
			t.Errorf("%s: orientation %d", name, got)
		}
		r := bytes.NewReader(out.EXIF)
		f, _ := ifd.ReadFile(r)
		d, _ := f.ReadDirectory(r, f.First)
		if v, ok := d.Uint(r, ifd.TagOrientation); !ok || v != 1 {
			t.Errorf("%s: the tag is %d, %v", name, v, ok)
		}
	}
}

func TestDamagedEXIF(t *testing.T) {
	whole := camera(binary.LittleEndian, 6)
	gps := bytes.Clone(whole)
	r := bytes.NewReader(gps)
	f, _ := ifd.ReadFile(r)
	main, _ := f.ReadDirectory(r, f.First)
	at, _ := main.Uint(r, ifd.TagGPS)
	binary.LittleEndian.PutUint16(gps[at:], 60000) // entries
	for name, block := range map[string][]byte{
		"no TIFF": []byte("no TIFF"), "no directory": whole[:12], "BigTIFF": []byte("II+\x00\x08\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00"), "GPS": gps,
	} {
		out, notes := Edit{StripGPS: true}.Apply(Data{EXIF: block})
		if out.EXIF != nil || !slices.Equal(notes, []string{"not kept: damaged EXIF"}) {
			t.Errorf("%s: %d bytes, notes %q", name, len(out.EXIF), notes)
		}
		if name == "GPS" {
			continue
		}
		out, notes = Edit{Upright: true, Width: 1, Height: 2}.Apply(Data{EXIF: block})
		if !bytes.Equal(out.EXIF, block) || len(notes) > 0 {
			t.Errorf("%s: %d bytes, notes %q", name, len(out.EXIF), notes)
		}
		if out, notes = (Edit{Keep: Copyright}).Apply(Data{EXIF: block}); out.EXIF != nil || len(notes) != 1 {
			t.Errorf("%s: %d bytes on rights, notes %q", name, len(out.EXIF), notes)
		}
	}
}

// A block may say that it has more directories than can be looked at, in a
// circle or not: work and memory end somewhere.
func TestManyDirectories(t *testing.T) {
	var b []byte
	b = append(b, "II*\x00\x08\x00\x00\x00"...)
	for i := range uint32(3000) {
		b = append(b, 1, 0)
		b = binary.LittleEndian.AppendUint16(b, ifd.TagExif)
		b = binary.LittleEndian.AppendUint16(b, uint16(ifd.Long))
		b = binary.LittleEndian.AppendUint32(b, 1)
		b = binary.LittleEndian.AppendUint32(b, 8+18*(i+1))
		b = binary.LittleEndian.AppendUint32(b, 8+18*(i+7))
	}
	out, notes := Edit{StripGPS: true, Width: 3, Height: 4}.Apply(Data{EXIF: b})
	if out.EXIF != nil || len(notes) != 1 {
		t.Errorf("%d bytes, notes %q", len(out.EXIF), notes)
	}
	binary.LittleEndian.PutUint32(b[8+2+12:], 8)
	if out, _ = (Edit{Repainted: true}).Apply(Data{EXIF: b[:8+18]}); len(out.EXIF) != 8+18 {
		t.Errorf("a circle: %d bytes", len(out.EXIF))
	}
}

func TestReduced(t *testing.T) {
	for _, order := range orders {
		block := camera(order, 6)
		d := Data{EXIF: block, ICC: []byte("profile"), XMP: []byte(packet), IPTC: resources(), Comments: [][]byte{[]byte("c")},
			Density: Density{72, 36, Inch}, Other: []string{"APP3", DataBehind}, Text: []Chunk{{"tEXt", []byte("Author\x00Ann")}, {"tEXt", []byte("Title\x00T")}}}
		out, notes := Edit{Keep: None}.Apply(d)
		dots := order.AppendUint32(order.AppendUint32(nil, 72), 1)
		unit, centred := []byte{2, 0}, []byte{1, 0}
		if order == byteOrder(binary.BigEndian) {
			unit, centred = []byte{0, 2}, []byte{0, 1}
		}
		want := entries(t, out.EXIF)
		for k, v := range map[string][]byte{"282": dots, "296": unit, "531": centred} {
			if got := want["IFD0/"+k]; got[len(got)-2*len(v):] != fmt.Sprintf("%x", v) {
				t.Errorf("strip: tag %s is %s", k, got)
			}
		}
		if len(notes) > 0 || Orientation(out.EXIF) != 6 || len(want) != 5 {
			t.Errorf("strip: orientation %d, notes %q", Orientation(out.EXIF), notes)
		}
		out.EXIF = nil
		if diff := cmp.Diff(Data{ICC: d.ICC, Density: d.Density, Other: []string{DataBehind}}, out); diff != "" {
			t.Errorf("strip (-want +got):\n%s", diff)
		}
		if out, _ = (Edit{Keep: None, Upright: true, Turned: true}).Apply(d); out.EXIF != nil || out.Density != (Density{36, 72, Inch}) {
			t.Errorf("strip, upright: %d bytes, %v", len(out.EXIF), out.Density)
		}
		out, notes = Edit{Keep: Copyright, Upright: true}.Apply(d)
		delete(want, "IFD0/274")
		want["IFD0/315"], want["IFD0/33432"] = fmt.Sprintf("2 %x", "Ann Artist\x00"), fmt.Sprintf("2 %x", "(c) Ann\x00")
		if diff := cmp.Diff(want, entries(t, out.EXIF)); diff != "" || len(notes) > 0 {
			t.Errorf("copyright (-want +got):\n%s, notes %q", diff, notes)
		}
		if len(out.Text) != 1 || out.Text[0].Keyword() != "Author" || out.Comments != nil {
			t.Errorf("copyright: texts %q, comments %q", out.Text, out.Comments)
		}
		if out, _ = (Edit{Keep: Copyright}).Apply(d); Orientation(out.EXIF) != 6 || len(entries(t, out.EXIF)) != 7 {
			t.Errorf("copyright: orientation %d", Orientation(out.EXIF))
		}
	}
}

func FuzzApply(f *testing.F) {
	for _, order := range orders {
		f.Add(camera(order, 6), []byte(packet), resources(), true, byte(1))
	}
	f.Fuzz(func(t *testing.T, exif, xmp, iptc []byte, gps bool, mode byte) {
		defer fuzztest.Bound(t, exif, 8<<20+64*int64(len(exif)+len(xmp)+len(iptc)))()
		d := Data{EXIF: bytes.Clone(exif), XMP: bytes.Clone(xmp), IPTC: bytes.Clone(iptc)}
		e := Edit{Keep: []Keep{All, None, Copyright}[mode%3], StripGPS: gps, Upright: mode&4 != 0, Repainted: mode&8 != 0, Width: int(mode >> 4), Height: 70000}
		Complete(d.EXIF, Facts{Width: 3, Height: 4, TIFF: gps})
		out, _ := e.Apply(d)
		if !bytes.Equal(d.EXIF, exif) || !bytes.Equal(d.XMP, xmp) || !bytes.Equal(d.IPTC, iptc) {
			t.Fatal("the caller's memory changed")
		}
		if e.Keep == All && (len(out.EXIF) > len(exif) || len(out.IPTC) > len(iptc)) {
			t.Fatalf("EXIF of %d bytes became %d, IPTC of %d %d", len(exif), len(out.EXIF), len(iptc), len(out.IPTC))
		}
		if again, _ := e.Apply(out); !bytes.Equal(again.XMP, out.XMP) || !bytes.Equal(again.IPTC, out.IPTC) {
			t.Errorf("twice: %q, once: %q", again.XMP, out.XMP)
		}
		if x, ok := openEXIF(out.EXIF); gps && ok {
			all, _ := x.directories()
			for _, at := range all {
				if d, err := x.file.ReadDirectory(x.r, at); err == nil && slices.ContainsFunc(d.Entries, func(e ifd.Entry) bool { return e.Tag == ifd.TagGPS }) {
					t.Fatal("a GPS directory is left")
				}
			}
		}
	})
}

// exiftoolsView is what `exiftool -a -D -G1 -n -u` 12.57 lists of the camera's block in a JPEG, in either byte order, with
// an orientation of 6, after it was turned upright, resized to 70000x33 and lost its GPS: group, tag and value, but for
// tags of type UNDEFINED. -validate had no complaint, before and afterwards.
const exiftoolsView = `IFD0 271 Maker
IFD0 274 1
IFD0 282 72
IFD0 283 72
IFD0 296 2
IFD0 315 Ann Artist
IFD0 531 1
IFD0 33432 (c) Ann
IFD0 40091 84 0
ExifIFD 40961 1
ExifIFD 40962 70000
ExifIFD 40963 33
InteropIFD 1 R98
`

func TestExiftoolsView(t *testing.T) {
	for _, order := range orders {
		out, _ := Edit{Upright: true, Width: 70000, Height: 33, StripGPS: true}.Apply(Data{EXIF: camera(order, 6)})
		x, ok := openEXIF(out.EXIF)
		if !ok {
			t.Fatal("cannot be read")
		}
		var got string
		list := func(group string, at uint64) (d ifd.Directory) {
			d, err := x.file.ReadDirectory(x.r, int64(at))
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range d.Entries {
				v, ok := x.load(e)
				switch {
				case !ok:
					t.Errorf("%s %d cannot be read", group, e.Tag)
				case e.Tag == ifd.TagExif, e.Tag == ifd.TagInterop, e.Type == ifd.Undefined:
				case e.Type == ifd.ASCII:
					got += fmt.Sprintf("%s %d %s\n", group, e.Tag, bytes.TrimRight(v, "\x00"))
				case e.Type == ifd.Rational:
					got += fmt.Sprintf("%s %d %d\n", group, e.Tag, order.Uint32(v)/order.Uint32(v[4:]))
				default:
					got += fmt.Sprintf("%s %d %s\n", group, e.Tag, strings.Trim(fmt.Sprint(d.Uints(x.r, e.Tag, 9)), "[]"))
				}
			}
			return d
		}
		at, _ := list("IFD0", uint64(x.file.First)).Uint(x.r, ifd.TagExif)
		at, _ = list("ExifIFD", at).Uint(x.r, ifd.TagInterop)
		list("InteropIFD", at)
		if diff := cmp.Diff(exiftoolsView, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}

// A directory may have 65,535 entries, each of which points at it, or at another of that length. What all of them take
// from the block would be 69 GB to note.
func TestManyGPSDirectories(t *testing.T) {
	const entries = 60_000
	le := binary.LittleEndian
	block := le.AppendUint16([]byte("II*\x00\x08\x00\x00\x00"), entries)
	for range entries {
		block = le.AppendUint16(le.AppendUint16(block, ifd.TagGPS), uint16(ifd.Long))
		block = le.AppendUint32(le.AppendUint32(block, 1), 8)
	}
	block = le.AppendUint32(block, 0)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	out, notes := Edit{StripGPS: true}.Apply(Data{EXIF: block})
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<30 {
		t.Errorf("%d bytes of memory for %d of EXIF", n, len(block))
	}
	if out.EXIF != nil || fmt.Sprint(notes) != "[not kept: damaged EXIF]" {
		t.Errorf("%d bytes of EXIF, %q", len(out.EXIF), notes)
	}
}
