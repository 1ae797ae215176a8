package meta

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/imgpar/imgpar/codec/ifd"
)

// sparse is a block with directories that lack what they must have in a JPEG. The maker's note is the 20 bytes at 8.
func sparse(order byteOrder) []byte {
	long := func(tag uint16, v int64) ifd.Entry {
		return ifd.Entry{Tag: tag, Type: ifd.Long, Value: order.AppendUint32(nil, uint32(v))}
	}
	b := []byte("II*\x00\x00\x00\x00\x00maker note at byte 8")
	if order == byteOrder(binary.BigEndian) {
		copy(b, "MM\x00*")
	}
	b, exif := ifd.Append(b, 0, order, []ifd.Entry{
		{Tag: ifd.TagMakerNote, Type: ifd.Undefined, Count: 20, At: 8},
		{Tag: 0x9003, Type: ifd.ASCII, Value: []byte("2024:05:06 07:08:09\x00")},
	}, 0)
	b, gps := ifd.Append(b, 0, order, []ifd.Entry{{Tag: 1, Type: ifd.ASCII, Value: []byte("N\x00")}}, 0)
	b, main := ifd.Append(b, 0, order, []ifd.Entry{
		{Tag: ifd.TagMake, Type: ifd.ASCII, Value: []byte("Maker\x00")}, {Tag: ifd.TagArtist, Type: ifd.ASCII, Value: []byte("Ann\x00")},
		long(ifd.TagExif, exif), long(ifd.TagGPS, gps),
	}, 0)
	order.PutUint32(b[4:], uint32(main))
	return append(b, 'x') // so that what follows does not begin on a word by itself
}

// exiftool -validate 12.57 has no complaint of these blocks in a JPEG; of sparse it names eleven tags that are missing.
func TestComplete(t *testing.T) {
	for _, order := range orders {
		short := func(v uint16) string { return fmt.Sprintf("3 %x", order.AppendUint16(nil, v)) }
		longs := func(kind ifd.Type, v ...uint32) string {
			var b []byte
			for _, n := range v {
				b = order.AppendUint32(b, n)
			}
			return fmt.Sprintf("%d %x", kind, b)
		}
		rational, version, flashpix := ifd.Rational, "7 30323332", "7 30313030"
		both := map[string]string{"Exif/36864": version, "Exif/40960": flashpix, "GPS/0": "1 02030000"}
		page := map[string]string{"IFD0/282": longs(rational, 72, 1), "IFD0/283": longs(rational, 72, 1), "IFD0/296": short(2), "IFD0/531": short(1)}
		size := map[string]string{"Exif/40962": longs(ifd.Long, 70000), "Exif/40963": longs(ifd.Long, 5), "Exif/37121": "7 01020300"}
		dense := maps.Clone(page)
		dense["IFD0/282"], dense["IFD0/283"], dense["IFD0/296"] = longs(rational, 30, 1), longs(rational, 40, 1), short(3)
		for name, c := range map[string]struct {
			facts Facts
			want  []map[string]string
		}{
			"JPEG":     {Facts{}, []map[string]string{both, page, size, {"Exif/40961": short(1)}}},
			"gray":     {Facts{Gray: true}, []map[string]string{both, page, size, {"Exif/40961": short(1), "Exif/37121": "7 01000000"}}},
			"profile":  {Facts{Profiled: true}, []map[string]string{both, page, size, {"Exif/40961": short(65535)}}},
			"density":  {Facts{Density: Density{30, 40, Centimetre}}, []map[string]string{both, dense, size, {"Exif/40961": short(1)}}},
			"any unit": {Facts{Density: Density{3, 3, Aspect}}, []map[string]string{both, page, size, {"Exif/40961": short(1), "IFD0/282": longs(rational, 3, 1), "IFD0/283": longs(rational, 3, 1), "IFD0/296": short(1)}}},
			"TIFF":     {Facts{TIFF: true}, []map[string]string{both, {"Exif/40961": short(1)}}},
		} {
			block := sparse(order)
			c.facts.Width, c.facts.Height = 70000, 5
			out := Complete(block, c.facts)
			want := entries(t, block)
			for _, m := range c.want {
				maps.Copy(want, m)
			}
			if diff := cmp.Diff(want, entries(t, out)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
			if !bytes.Equal(block, sparse(order)) || string(out[8:28]) != "maker note at byte 8" {
				t.Errorf("%s: the caller's memory changed, or the maker's note moved", name)
			}
			if again := Complete(out, Facts{}); !c.facts.TIFF && !bytes.Equal(again, out) {
				t.Errorf("%s: twice is not once", name)
			}
			sorted(t, out)
		}
	}
}

// sorted checks that directories are in order, and begin on a word.
func sorted(t *testing.T, block []byte) {
	t.Helper()
	x, ok := openEXIF(block)
	if !ok {
		t.Fatal("cannot be read")
	}
	all, _ := x.directories()
	for _, at := range all {
		d, err := x.file.ReadDirectory(x.r, at)
		byTag := func(a, b ifd.Entry) int { return int(a.Tag) - int(b.Tag) }
		if err != nil || at%2 != 0 || !slices.IsSortedFunc(d.Entries, byTag) {
			t.Errorf("directory at %d: %v, %v", at, d.Entries, err)
		}
	}
}

func TestCompleteLeavesTheRest(t *testing.T) {
	for _, order := range orders {
		whole := camera(order, 1)
		for name, block := range map[string][]byte{"complete": whole, "none": nil, "no EXIF": []byte("none"), "broken": whole[:9], "BigTIFF": []byte("II+\x00\x08\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00")} {
			if out := Complete(block, Facts{Width: 1, Height: 1}); !bytes.Equal(out, block) {
				t.Errorf("%s: %d bytes became %d", name, len(block), len(out))
			}
		}
		// An EXIF directory out of reach, entries of types that there are not, and the one behind IFD0 stay.
		b, _ := ifd.Append([]byte("II*\x00\x08\x00\x00\x00"), 0, order, []ifd.Entry{
			{Tag: ifd.TagExif, Type: ifd.Long, Value: order.AppendUint32(nil, 1<<30)}, {Tag: 60000, Type: 99, Value: []byte("what")},
		}, 0)
		if order == byteOrder(binary.BigEndian) {
			copy(b, "MM\x00*\x00\x00\x00\x08")
		}
		order.PutUint32(b[8+2+24:], 77)
		out := Complete(b, Facts{})
		x, ok := openEXIF(out)
		if !ok || len(x.main.Entries) != 6 || x.main.Next != 77 {
			t.Fatalf("%v, %+v", ok, x.main)
		}
		last := x.main.Entries[5]
		if at, _ := x.main.Uint(x.r, ifd.TagExif); at != 1<<30 || last.Tag != 60000 || last.Type != 99 || string(out[last.At:][:4]) != "what" {
			t.Errorf("EXIF at %d, %+v", at, last)
		}
	}
}
