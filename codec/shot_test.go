package codec

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/imgpar/imgpar/codec/ifd"
)

func ascii(tag uint16, text string) ifd.Entry {
	return ifd.Entry{Tag: tag, Type: ifd.ASCII, Value: []byte(text + "\x00")}
}

// exifOf makes a block of EXIF with these entries in its three directories; an
// empty one is left out.
func exifOf(order binary.ByteOrder, main, shot, gps []ifd.Entry) []byte {
	head := "II*\x00"
	if order == binary.BigEndian {
		head = "MM\x00*"
	}
	out := append([]byte(head), 0, 0, 0, 0)
	pointer := func(at int64) []byte {
		b := make([]byte, 4)
		order.PutUint32(b, uint32(at))
		return b
	}
	for tag, entries := range map[uint16][]ifd.Entry{ifd.TagExif: shot, ifd.TagGPS: gps} {
		if len(entries) > 0 {
			var at int64
			out, at = ifd.Append(out, 0, order, entries, 0)
			main = append(main[:len(main):len(main)], ifd.Entry{Tag: tag, Type: ifd.Long, Value: pointer(at)})
		}
	}
	out, at := ifd.Append(out, 0, order, main, 0)
	copy(out[4:], pointer(at))
	return out
}

func TestShot(t *testing.T) {
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		exif := exifOf(order, []ifd.Entry{
			ascii(ifd.TagMake, "Canon"), ascii(ifd.TagModel, "Canon EOS 5D Mark IV  "),
			ascii(ifd.TagArtist, "Zoë Ångström"), ascii(ifd.TagCopyright, "Z. Ångström\x00The Paper"),
		}, []ifd.Entry{
			ascii(tagDateTimeOriginal, "2024:02:29 13:14:15"), ascii(tagOffsetTimeOriginal, "+02:00"), ascii(tagLensModel, "EF24-70mm f/2.8L II USM"),
		}, []ifd.Entry{
			{Tag: tagGPSVersionID, Type: ifd.Byte, Value: []byte{2, 3, 0, 0}}, ascii(1, "N"),
		})
		want := Shot{
			Camera: "Canon EOS 5D Mark IV", Lens: "EF24-70mm f/2.8L II USM", Taken: "2024-02-29T13:14:15+02:00",
			Artist: "Zoë Ångström", Copyright: "Z. Ångström, The Paper", GPS: true,
		}
		if diff := cmp.Diff(want, readShot(exif)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", order, diff)
		}
		// Whatever it breaks off at, what is before is read, and nothing else happens.
		for n := range exif {
			readShot(exif[:n])
		}
	}
}

func TestPlaceAndDate(t *testing.T) {
	version := []ifd.Entry{{Tag: tagGPSVersionID, Type: ifd.Byte, Value: []byte{2, 3, 0, 0}}}
	if readShot(exifOf(binary.LittleEndian, nil, nil, version)).GPS {
		t.Error("a GPS directory without a place is taken for one")
	}
	for date, want := range map[string]string{
		"2024:02:29 13:14:15": "2024-02-29T13:14:15", "2023:02:29 13:14:15": "", "0000:00:00 00:00:00": "",
		"    :  :     :  :  ": "", "2024:02:29": "", "\x1b[2J": "",
	} {
		if got := taken(date, ""); got != want {
			t.Errorf("%q: %q, want %q", date, got, want)
		}
	}
	for zone, want := range map[string]string{"-09:30": "-09:30", "   :  ": "", "+2": "", "Z": ""} {
		if got := taken("2024:02:29 13:14:15", zone); got != "2024-02-29T13:14:15"+want {
			t.Errorf("zone %q: %q", zone, got)
		}
	}
}

func TestCamera(t *testing.T) {
	for _, c := range [][3]string{
		{"Canon", "Canon EOS 5D", "Canon EOS 5D"},
		{"NIKON CORPORATION", "NIKON D70", "NIKON D70"},
		{"SONY", "ILCE-7M3", "SONY ILCE-7M3"},
		{"Apple", "iPhone 15", "Apple iPhone 15"},
		{"", "X", "X"}, {"X", "", "X"}, {"", "", ""},
	} {
		if got := camera(c[0], c[1]); got != c[2] {
			t.Errorf("%q by %q: %q, want %q", c[1], c[0], got, c[2])
		}
	}
}

// A text that is no text, or longer than anybody would read, is none.
func TestTextsThatAreNone(t *testing.T) {
	for name, e := range map[string]ifd.Entry{
		"numbers":  {Tag: ifd.TagArtist, Type: ifd.Short, Value: []byte("abcd")},
		"too long": ascii(ifd.TagArtist, strings.Repeat("a", maxShotText)),
		"blanks":   ascii(ifd.TagArtist, "  \x00 "),
	} {
		if got := readShot(exifOf(binary.BigEndian, []ifd.Entry{e}, nil, nil)).Artist; got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := readShot(exifOf(binary.BigEndian, []ifd.Entry{ascii(ifd.TagArtist, strings.Repeat("a", maxShotText-1))}, nil, nil)).Artist; len(got) != maxShotText-1 {
		t.Errorf("a text of %d bytes came out with %d", maxShotText-1, len(got))
	}
	// A directory that points at itself is no loop: only three are read.
	loop := exifOf(binary.LittleEndian, []ifd.Entry{{Tag: ifd.TagExif, Type: ifd.Long, Value: []byte{8, 0, 0, 0}}}, nil, nil)
	if got := readShot(loop); got != (Shot{}) {
		t.Errorf("%+v", got)
	}
}
