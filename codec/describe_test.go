package codec

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/imgpar/imgpar/codec/meta"
)

func described(t *testing.T, data []byte) Description {
	t.Helper()
	d, err := Describe(bytes.NewReader(data), int64(len(data)), MaxPixels)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestColorsOfEveryFormat(t *testing.T) {
	for name, want := range map[string]Color{
		"jpeg_420.jpg": ColorYCbCr, "jpeg_grayscale.jpg": ColorGray, "jpeg_adobe_rgb.jpg": ColorRGB,
		"jpeg_cmyk.jpg": ColorCMYK, "jpeg_ycck.jpg": ColorYCCK,
		"png_rgb8.png": ColorRGB, "png_rgba16.png": ColorRGB, "png_gray1.png": ColorGray, "png_gray_alpha8.png": ColorGray, "png_palette4.png": ColorPalette,
		"gif_still.gif": ColorPalette, "gif_animated.gif": ColorPalette,
		"bmp_24.bmp": ColorRGB, "bmp_palette8.bmp": ColorPalette, "bmp_rgba32.bmp": ColorRGB,
		"tiff_rgb.tif": ColorRGB, "tiff_gray16.tif": ColorGray, "tiff_palette.tif": ColorPalette, "tiff_big_endian.tif": ColorRGB,
		"webp_lossy.webp": ColorYCbCr, "webp_lossy_alpha.webp": ColorYCbCr, "webp_lossless.webp": ColorRGB, "webp_lossless_alpha.webp": ColorRGB,
	} {
		h, err := header(fixture(t, name))
		if err != nil || h.Color != want {
			t.Errorf("%s: %q, %v; want %q", name, h.Color, err, want)
		}
	}
}

// What a header says of its colours is what the decoder takes them for.
func TestColorsAreThoseThatAreDecoded(t *testing.T) {
	jfif := seg(markAPP0, "JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00")
	adobe := func(transform string) []byte { return seg(markAPP14, "Adobe\x00\x64\x00\x00\x00\x00"+transform) }
	ids := func(names string) []byte {
		data := bytes.Clone(withSegments(t))
		frame, scan := bytes.Index(data, []byte{0xff, markSOF0}), bytes.Index(data, []byte{0xff, markSOS})
		for i := range 3 {
			data[frame+10+3*i], data[scan+5+2*i] = names[i], names[i]
		}
		return data
	}
	for name, c := range map[string]struct {
		data []byte
		want Color
	}{
		"nothing said":               {ids("\x01\x02\x03"), ColorYCbCr},
		"named RGB":                  {ids("RGB"), ColorRGB},
		"named RGX":                  {ids("RGX"), ColorYCbCr},
		"Adobe 0":                    {insert(ids("\x01\x02\x03"), 2, adobe("\x00")), ColorRGB},
		"Adobe 1":                    {insert(ids("RGB"), 2, adobe("\x01")), ColorYCbCr},
		"Adobe 0 and JFIF":           {insert(ids("\x01\x02\x03"), 2, jfif, adobe("\x00")), ColorYCbCr},
		"named RGB and JFIF":         {insert(ids("RGB"), 2, jfif), ColorYCbCr},
		"named RGB, a short Adobe":   {insert(ids("RGB"), 2, seg(markAPP14, "Adobe\x00\x64")), ColorRGB},
		"RGB, a short JFIF segment ": {insert(ids("RGB"), 2, seg(markAPP0, "JFIF\x00")), ColorRGB},
	} {
		h, err := header(c.data)
		if err != nil || h.Color != c.want || h.Luma != (c.want == ColorYCbCr) {
			t.Errorf("%s: %q, luma %v, %v; want %q", name, h.Color, h.Luma, err, c.want)
			continue
		}
		var needs *NeedsPixelsError
		_, err = OpenPlanes(c.data, DecodeOptions{MaxPixels: MaxPixels})
		if planar := err == nil; planar != h.Planar() || !planar && !errors.As(err, &needs) {
			t.Errorf("%s: planar %v, and opened: %v", name, h.Planar(), err)
		}
	}
}

func TestJPEGVariants(t *testing.T) {
	for name, want := range map[string]string{
		"jpeg_444.jpg":                     "baseline, 4:4:4",
		"jpeg_422.jpg":                     "baseline, 4:2:2",
		"jpeg_420.jpg":                     "baseline, 4:2:0",
		"jpeg_440.jpg":                     "baseline, 4:4:0",
		"jpeg_411.jpg":                     "baseline, 4:1:1",
		"jpeg_grayscale.jpg":               "baseline",
		"jpeg_progressive_420.jpg":         "progressive, 4:2:0",
		"jpeg_progressive_restart_444.jpg": "progressive, 4:4:4, restart markers",
		"jpeg_restart_420.jpg":             "baseline, 4:2:0, restart markers",
		"jpeg_adobe_rgb.jpg":               "baseline, 4:4:4, Adobe RGB",
		"jpeg_cmyk.jpg":                    "baseline, 4:4:4, Adobe CMYK",
		"jpeg_ycck.jpg":                    "baseline, 4:4:4, Adobe YCCK",
	} {
		if got := described(t, fixture(t, name)).Variant; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for factors, want := range map[string]string{
		"\x41\x11\x11":     "4:1:1",
		"\x42\x11\x11":     "4:1:0",
		"\x22\x22\x22":     "4:4:4",
		"\x42\x21\x21":     "4:2:0",
		"\x22\x21\x11":     "sampled 2x2, 2x1, 1x1",
		"\x11\x21\x21":     "sampled 1x1, 2x1, 2x1",
		"\x31\x11\x11":     "sampled 3x1, 1x1, 1x1",
		"\x22\x11\x11\x22": "4:2:0",
		"\x22\x11\x11\x11": "sampled 2x2, 1x1, 1x1, 1x1",
		"\x11\x00\x00":     "sampled 1x1, 0x0, 0x0", // against the rules, which the decoder says
	} {
		if got := subsampling([]byte(factors)); got != want {
			t.Errorf("%x: %q, want %q", factors, got, want)
		}
	}
}

// A Description has the metadata that decoding finds.
func TestDescribedMetadataAreTheDecoded(t *testing.T) {
	for _, name := range goodFixtures(t) {
		data := fixture(t, name)
		want, got := decoded(t, data), described(t, data)
		for what, pair := range map[string][2][]byte{
			"EXIF": {want.Metadata.EXIF, got.Metadata.EXIF}, "XMP": {want.Metadata.XMP, got.Metadata.XMP},
			"ICC": {want.Metadata.ICC, got.Metadata.ICC}, "IPTC": {want.Metadata.IPTC, got.Metadata.IPTC},
			"comments": {bytes.Join(want.Metadata.Comments, []byte{0}), bytes.Join(got.Metadata.Comments, []byte{0})},
		} {
			if !bytes.Equal(pair[0], pair[1]) {
				t.Errorf("%s: decoded with %d bytes of %s, described with %d", name, len(pair[0]), what, len(pair[1]))
			}
		}
		if (got.Profile != nil) != (got.Metadata.ICC != nil) {
			t.Errorf("%s: profile %v", name, got.Profile)
		}
	}
}

func TestDescribedProfiles(t *testing.T) {
	got := described(t, fixture(t, "jpeg_metadata.jpg"))
	if p := got.Profile; p == nil || p.Space != "RGB" || p.SRGB || p.Fault != "" {
		t.Errorf("%+v", p)
	}
	short, _ := encoded(t, colours(16, 16), Options{Format: JPEG, Metadata: meta.Data{ICC: profile("RGB ", 140)}})
	at := bytes.Index(short, []byte(iccPrefix))
	short = withSegments(t, seg(markAPP2, iccPrefix+"\x01\x01"+string(short[at+14:at+14+60])))
	if p := described(t, short).Profile; p == nil || !strings.HasPrefix(p.Fault, "icc: ") {
		t.Errorf("a profile of 60 bytes: %+v", p)
	}
}

// countingReader counts the bytes that are read.
type countingReader struct {
	io.ReaderAt
	n int64
}

func (c *countingReader) ReadAt(p []byte, off int64) (int, error) {
	c.n += int64(len(p))
	return c.ReaderAt.ReadAt(p, off)
}

// The size of the picture is of no weight.
func TestDescribeReadsLittle(t *testing.T) {
	for _, f := range []Format{JPEG, PNG} {
		data, _ := encoded(t, colours(900, 700), Options{Format: f, Quality: 100, Metadata: all()})
		r := &countingReader{ReaderAt: bytes.NewReader(data)}
		d, err := Describe(r, int64(len(data)), MaxPixels)
		if err != nil || d.Metadata.EXIF == nil {
			t.Fatalf("%s: %v", f, err)
		}
		m := d.Metadata
		if most := 3*int64(len(m.EXIF)+len(m.XMP)+len(m.ICC)+len(m.IPTC)) + 8<<10; r.n > most {
			t.Errorf("%s: %d bytes of %d were read, at most %d are wanted", f, r.n, len(data), most)
		}
	}
}

func TestDescribeFailures(t *testing.T) {
	for name, want := range map[string]string{
		"broken/empty.jpg":             "corrupt: the file is empty",
		"broken/not_an_image.jpg":      "unsupported: not a picture in a format that is read",
		"broken/jpeg_12bit.jpg":        "unsupported: 12-bit JPEG",
		"broken/claim_65535x65535.png": "too-large: 65535x65535 is",
	} {
		data := fixture(t, name)
		if _, err := Describe(bytes.NewReader(data), int64(len(data)), MaxPixels); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	// It ends behind the frame header, so that there is nothing to decode.
	data := fixture(t, "jpeg_444.jpg")
	data = data[:bytes.Index(data, []byte{0xff, markSOS})]
	if _, err := Describe(bytes.NewReader(data), int64(len(data)), MaxPixels); err == nil || err.Error() != "corrupt: the jpeg ends too early" {
		t.Errorf("cut before its scan: %v", err)
	}
}

func TestTooMuchMetadata(t *testing.T) {
	comment := seg(markCOM, strings.Repeat("c", maxSegment))
	n := maxMetadata/maxSegment + 1
	data := insert(withSegments(t), 2, bytes.Repeat(comment, n-1))
	if got := described(t, data); len(got.Metadata.Comments) != n-1 {
		t.Errorf("%d comments of %d", len(got.Metadata.Comments), n-1)
	}
	data = insert(data, 2, comment)
	if _, err := Describe(bytes.NewReader(data), int64(len(data)), MaxPixels); err == nil || err.Error() != "too-large: more than 64 MiB of metadata" {
		t.Errorf("%d comments: %v", n, err)
	}
}

// What converting a file carries, its description knows.
func TestDescriptionsKnowWhatIsCarried(t *testing.T) {
	bmp := suiteFiles(t, "bmp", "rgb24prof2.bmp")["rgb24prof2.bmp"]
	gif := fixture(t, "gif_still.gif")
	comment := "!\xfe\x05hello\x00" // an extension: label, sub-block, end
	at := 13 + 3<<(1+gif[10]&7)     // behind the colours
	for name, data := range map[string][]byte{"BMP": bmp, "GIF": insert(gif, at, []byte(comment))} {
		want := decoded(t, data).Metadata
		got := described(t, data).Metadata
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if len(got.ICC) == 0 && len(got.Comments) == 0 {
			t.Errorf("%s: nothing is known", name)
		}
	}
}
