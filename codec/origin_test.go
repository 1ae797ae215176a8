package codec

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/imgpar/imgpar/codec/ifd"
	"github.com/imgpar/imgpar/codec/meta"
)

// tagsOf returns which of YCbCrPositioning, ExifVersion and PixelXDimension a block has.
func tagsOf(t *testing.T, block []byte) (out [3]bool) {
	t.Helper()
	tags, err := readEXIF(block)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range tags.page {
		out[0] = out[0] || e.Tag == 531
	}
	for _, e := range tags.exif {
		out[1], out[2] = out[1] || e.Tag == 0x9000, out[2] || e.Tag == 0xa002
	}
	return out
}

// A JPEG's EXIF stays as it is, and that of others gets what JPEG and TIFF ask for.
func TestEXIFIsCompletedForItsFormat(t *testing.T) {
	sparse := (&tiffTags{page: []ifd.Entry{text(ifd.TagArtist, "Ann")}, exif: []ifd.Entry{text(36867, "2026:02:03 04:05:06")}}).block(binary.LittleEndian)
	for _, c := range []struct {
		from, to Format
		want     [3]bool
	}{
		{"", JPEG, [3]bool{}}, {JPEG, JPEG, [3]bool{}}, {JPEG, TIFF, [3]bool{}}, {JPEG, PNG, [3]bool{}},
		{PNG, JPEG, [3]bool{true, true, true}}, {TIFF, JPEG, [3]bool{true, true, true}}, {WebP, JPEG, [3]bool{true, true, true}},
		{PNG, TIFF, [3]bool{false, true, false}}, {WebP, TIFF, [3]bool{false, true, false}}, {TIFF, TIFF, [3]bool{}},
		{PNG, PNG, [3]bool{}}, {TIFF, PNG, [3]bool{}}, {TIFF, WebP, [3]bool{}},
	} {
		data, notes := encoded(t, colours(16, 8), Options{Format: c.to, Origin: c.from, Metadata: meta.Data{EXIF: sparse}})
		if got := tagsOf(t, decoded(t, data).Metadata.EXIF); got != c.want || len(notes) > 0 {
			t.Errorf("%q to %s: %v, notes %q; want %v", c.from, c.to, got, notes, c.want)
		}
	}
}

// EXIF that fits into a JPEG as it is, but not with more in it, stays.
func TestEXIFThatFillsAJPEGStays(t *testing.T) {
	const most = maxSegment - len(exifPrefix)
	small := (&tiffTags{page: []ifd.Entry{text(ifd.TagArtist, "Ann")}}).block(binary.LittleEndian)
	block := append(small, make([]byte, most-len(small))...)
	for cut, want := range map[int]bool{0: false, 500: true} {
		block := block[:most-cut]
		data, notes := encoded(t, colours(16, 8), Options{Format: JPEG, Origin: PNG, Metadata: meta.Data{EXIF: block}})
		got := decoded(t, data).Metadata.EXIF
		if tagsOf(t, got)[0] != want || bytes.Equal(got, block) == want || len(notes) > 0 {
			t.Errorf("%d bytes became %d, notes %q", len(block), len(got), notes)
		}
	}
	// The same with more tags than are read of a TIFF's.
	var many []ifd.Entry
	for i := range maxTags {
		many = append(many, ifd.Entry{Tag: uint16(50000 + i), Type: ifd.Short, Value: []byte{1, 0}})
	}
	full := (&tiffTags{page: []ifd.Entry{text(ifd.TagArtist, "Ann")}, exif: many}).block(binary.LittleEndian)
	data, notes := encoded(t, colours(16, 8), Options{Format: TIFF, Origin: PNG, Metadata: meta.Data{EXIF: full}})
	if got := tagsOf(t, decoded(t, data).Metadata.EXIF); got != ([3]bool{}) || len(notes) > 0 {
		t.Errorf("%v, notes %q", got, notes)
	}
}
