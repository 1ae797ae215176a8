package codec

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/imgpar/imgpar/codec/meta"
)

func TestMetadataOfWebP(t *testing.T) {
	m := meta.Data{EXIF: photoEXIF(1), XMP: []byte(photoXMP), ICC: profile("RGB ", 201)}
	vp8l := riffChunk("VP8L", riffPart(t, fixture(t, "webp_lossless.webp"), "VP8L"))
	data := riff(riffChunk("VP8X", vp8x(0x2c, 75, 50)), riffChunk("ICCP", m.ICC), vp8l, riffChunk("EXIF", m.EXIF), riffChunk("XMP ", m.XMP))
	p := decoded(t, data)
	if diff := cmp.Diff(m, p.Metadata); diff != "" || p.Width != 75 || p.Height != 50 {
		t.Errorf("%dx%d (-want +got):\n%s", p.Width, p.Height, diff)
	}
}

func TestOddChunksOfWebP(t *testing.T) {
	vp8l := riffChunk("VP8L", riffPart(t, fixture(t, "webp_lossless.webp"), "VP8L"))
	data := riff(riffChunk("VP8X", vp8x(0x04, 75, 50)), vp8l, riffChunk("XMP ", []byte("a")), riffChunk("XMP ", []byte("b")), riffChunk("c2pa", []byte("x")))
	want := meta.Data{XMP: []byte("a"), Other: []string{"second chunk XMP ", "chunk c2pa"}}
	if diff := cmp.Diff(want, decoded(t, data).Metadata); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestWhatEachFormatHolds(t *testing.T) {
	m := meta.Data{EXIF: photoEXIF(1), XMP: []byte("x"), ICC: profile("RGB ", 200), IPTC: []byte("8BIM"), Comments: [][]byte{[]byte("c")},
		Density: meta.Density{X: 72, Y: 72, Unit: meta.Inch}, Text: chunks("tEXt", "Title\x00x"), Other: []string{"APP3"}}
	for f, want := range map[Format][]string{
		JPEG: {"APP3", "text"},
		PNG:  {"APP3"},
		TIFF: {"APP3", "text", "comment"},
		WebP: {"APP3", "IPTC", "text", "comment", "density"},
		GIF:  {"APP3", "EXIF", "XMP", "RGB ICC profile", "IPTC", "text", "comment", "density"},
		BMP:  {"APP3", "EXIF", "XMP", "RGB ICC profile", "IPTC", "text", "comment", "density"},
	} {
		if _, lost := fitMetadata(m, f, false); !slices.Equal(lost, want) {
			t.Errorf("%s: %q, want %q", f, lost, want)
		}
	}
	m.ICC = profile("GRAY", 200)
	if _, lost := fitMetadata(m, WebP, true); !slices.Contains(lost, "GRAY ICC profile") {
		t.Errorf("a WebP has a profile for gray: %q", lost)
	}
}
