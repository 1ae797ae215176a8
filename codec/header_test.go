package codec

import (
	"encoding/binary"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/imgpar/imgpar/codec/meta"
)

var ignoreMemory = cmpopts.IgnoreUnexported(Header{})

// ignoreVariant leaves what each format's own tests look at.
var ignoreVariant = cmpopts.IgnoreFields(Header{}, "Alpha", "Color", "Variant", "Animated", "Loop")

func TestHeaderOfEveryFormat(t *testing.T) {
	for name, want := range map[string]Header{
		"jpeg_420.jpg":             {Format: JPEG, Width: 123, Height: 81, Bits: 8, Channels: 3, Color: ColorYCbCr, Orientation: 1, Frames: 1, Luma: true},
		"jpeg_grayscale.jpg":       {Format: JPEG, Width: 61, Height: 47, Bits: 8, Channels: 1, Color: ColorGray, Orientation: 1, Frames: 1, Luma: true},
		"jpeg_ycck.jpg":            {Format: JPEG, Width: 64, Height: 48, Bits: 8, Channels: 4, Color: ColorYCCK, Orientation: 1, Frames: 1},
		"jpeg_named.png":           {Format: JPEG, Width: 61, Height: 47, Bits: 8, Channels: 3, Color: ColorYCbCr, Orientation: 1, Frames: 1, Luma: true},
		"orientation/exif_6.jpg":   {Format: JPEG, Width: 47, Height: 61, Bits: 8, Channels: 3, Color: ColorYCbCr, Orientation: 6, Frames: 1, Luma: true},
		"png_rgba16.png":           {Format: PNG, Width: 61, Height: 47, Bits: 16, Channels: 4, Color: ColorRGB, Orientation: 1, Frames: 1},
		"png_gray1.png":            {Format: PNG, Width: 123, Height: 81, Bits: 1, Channels: 1, Color: ColorGray, Orientation: 1, Frames: 1},
		"png_gray_alpha8.png":      {Format: PNG, Width: 61, Height: 47, Bits: 8, Channels: 2, Color: ColorGray, Orientation: 1, Frames: 1},
		"png_palette4.png":         {Format: PNG, Width: 61, Height: 47, Bits: 4, Channels: 1, Color: ColorPalette, Orientation: 1, Frames: 1},
		"orientation/png_6.png":    {Format: PNG, Width: 47, Height: 61, Bits: 8, Channels: 3, Color: ColorRGB, Orientation: 6, Frames: 1},
		"gif_still.gif":            {Format: GIF, Width: 96, Height: 64, Bits: 8, Channels: 1, Color: ColorPalette, Orientation: 1, Frames: 1},
		"gif_animated.gif":         {Format: GIF, Width: 80, Height: 60, Bits: 8, Channels: 1, Color: ColorPalette, Orientation: 1, Frames: 3},
		"bmp_24.bmp":               {Format: BMP, Width: 61, Height: 47, Bits: 8, Channels: 3, Color: ColorRGB, Orientation: 1, Frames: 1},
		"bmp_rgba32.bmp":           {Format: BMP, Width: 50, Height: 37, Bits: 8, Channels: 4, Color: ColorRGB, Orientation: 1, Frames: 1},
		"bmp_palette8.bmp":         {Format: BMP, Width: 75, Height: 50, Bits: 8, Channels: 1, Color: ColorPalette, Orientation: 1, Frames: 1},
		"bmp_top_down.bmp":         {Format: BMP, Width: 61, Height: 47, Bits: 8, Channels: 3, Color: ColorRGB, Orientation: 1, Frames: 1},
		"tiff_rgb.tif":             {Format: TIFF, Width: 61, Height: 47, Bits: 8, Channels: 3, Color: ColorRGB, Orientation: 1, Frames: 1},
		"tiff_gray16.tif":          {Format: TIFF, Width: 61, Height: 47, Bits: 16, Channels: 1, Color: ColorGray, Orientation: 1, Frames: 1},
		"tiff_big_endian.tif":      {Format: TIFF, Width: 50, Height: 37, Bits: 16, Channels: 3, Color: ColorRGB, Orientation: 1, Frames: 1},
		"orientation/tiff_6.tif":   {Format: TIFF, Width: 47, Height: 61, Bits: 8, Channels: 3, Color: ColorRGB, Orientation: 6, Frames: 1},
		"webp_lossy.webp":          {Format: WebP, Width: 123, Height: 81, Bits: 8, Channels: 3, Color: ColorYCbCr, Orientation: 1, Frames: 1},
		"webp_lossless.webp":       {Format: WebP, Width: 75, Height: 50, Bits: 8, Channels: 4, Color: ColorRGB, Orientation: 1, Frames: 1},
		"webp_lossy_alpha.webp":    {Format: WebP, Width: 61, Height: 47, Bits: 8, Channels: 4, Color: ColorYCbCr, Orientation: 1, Frames: 1},
		"webp_animated.webp":       {Format: WebP, Width: 48, Height: 36, Bits: 8, Channels: 4, Color: ColorYCbCr, Orientation: 1, Frames: 2},
		"orientation/webp_6.webp":  {Format: WebP, Width: 47, Height: 61, Bits: 8, Channels: 3, Color: ColorYCbCr, Orientation: 6, Frames: 1},
		"broken/truncated.gif":     {Format: GIF, Width: 61, Height: 47, Bits: 8, Channels: 1, Color: ColorPalette, Orientation: 1, Frames: 1},
		"broken/palette_index.png": {Format: PNG, Width: 40, Height: 30, Bits: 8, Channels: 1, Color: ColorPalette, Orientation: 1, Frames: 1},
	} {
		got, err := header(fixture(t, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, got, ignoreMemory, ignoreVariant); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestDisplayedDimensions(t *testing.T) {
	for orientation := 1; orientation <= 8; orientation++ {
		h := Header{Width: 3, Height: 2, Orientation: orientation}
		wantW, wantH := 3, 2
		if orientation > 4 {
			wantW, wantH = 2, 3
		}
		if w, ht := h.Displayed(); w != wantW || ht != wantH {
			t.Errorf("orientation %d is displayed as %dx%d", orientation, w, ht)
		}
	}
}

var byteOrders = []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian}

// holders put a block of EXIF into a file of each format that can have one.
func holders(t *testing.T) map[string]func(exif []byte) []byte {
	png, _ := encoded(t, colours(16, 8), Options{Format: PNG})
	vp8 := riffPart(t, fixture(t, "webp_lossy.webp"), "VP8 ")
	return map[string]func(exif []byte) []byte{
		"JPEG":             func(e []byte) []byte { return withSegments(t, seg(markAPP1, exifPrefix+string(e))) },
		"PNG":              func(e []byte) []byte { return insert(png, behindIHDR, pngChunk("eXIf", string(e))) },
		"PNG, at its end":  func(e []byte) []byte { return insert(png, beforeIEND(png), pngChunk("eXIf", string(e))) },
		"PNG, with prefix": func(e []byte) []byte { return insert(png, behindIHDR, pngChunk("eXIf", exifPrefix+string(e))) },
		"WebP": func(e []byte) []byte {
			return riff(riffChunk("VP8X", vp8x(8, 123, 81)), riffChunk("VP8 ", vp8), riffChunk("EXIF", e))
		},
	}
}

func TestOrientationIsReadFromEveryPlace(t *testing.T) {
	for place, put := range holders(t) {
		for _, order := range byteOrders {
			for _, kind := range []uint16{tiffShort, tiffLong} {
				for want := 1; want <= 8; want++ {
					h, err := header(put(exifWith(order, kind, uint32(want))))
					if err != nil || h.Orientation != want {
						t.Errorf("%s, %v, type %d: orientation %d, %v; want %d", place, order, kind, h.Orientation, err, want)
					}
				}
			}
		}
	}
}

func TestBrokenEXIFMeansUpright(t *testing.T) {
	whole := exifWith(binary.LittleEndian, tiffShort, 6)
	broken := map[string][]byte{
		"0":             exifWith(binary.BigEndian, tiffShort, 0),
		"9":             exifWith(binary.BigEndian, tiffShort, 9),
		"huge":          exifWith(binary.BigEndian, tiffLong, 1<<32-1),
		"a fraction":    exifWith(binary.LittleEndian, 5, 6),
		"no entry":      []byte("II*\x00\x08\x00\x00\x00\x00\x00"),
		"no TIFF":       []byte("plain text, and rather long at that"),
		"far directory": []byte("II*\x00\xff\xff\xff\xff"),
		"empty":         {},
	}
	for n := range len(whole) - 4 - 12 { // the last entry and what follows may be lost
		broken[fmt.Sprintf("%d bytes", n)] = whole[:n]
	}
	for place, put := range holders(t) {
		for what, exif := range broken {
			if h, err := header(put(exif)); err != nil || h.Orientation != 1 {
				t.Errorf("%s, %s: orientation %d, %v", place, what, h.Orientation, err)
			}
		}
	}
}

// A file may have several blocks of EXIF. The orientation that is undone must
// come from the one that is carried on.
func TestTheFirstEXIFCounts(t *testing.T) {
	block := func(orientation uint32) []byte {
		return seg(markAPP1, exifPrefix+string(exifWith(binary.LittleEndian, tiffShort, orientation)))
	}
	p := decoded(t, withSegments(t, block(3), block(6)))
	if p.Orientation != 3 || meta.Orientation(p.Metadata.EXIF) != 3 {
		t.Errorf("orientation %d, that of the metadata %d; want 3", p.Orientation, meta.Orientation(p.Metadata.EXIF))
	}
}

func TestFramesAreCounted(t *testing.T) {
	png, _ := encoded(t, colours(16, 8), Options{Format: PNG})
	apng := func(frames string) []byte {
		return insert(png, behindIHDR, pngChunk("acTL", frames+"\x00\x00\x00\x00"))
	}
	tif, _ := encoded(t, colours(16, 8), Options{Format: TIFF})
	still, animated := fixture(t, "gif_still.gif"), fixture(t, "gif_animated.gif")
	for _, c := range []struct {
		what string
		data []byte
		want int
	}{
		{"PNG", png, 1},
		{"APNG of three frames", apng("\x00\x00\x00\x03"), 3},
		{"APNG of one frame", apng("\x00\x00\x00\x01"), 1},
		{"TIFF", tif, 1},
		{"TIFF of two pages", twoPages(tif), 2},
		{"GIF", still, 1},
		{"GIF without a trailer", still[:len(still)-1], 1},
		{"GIF of three frames", animated, 3},
		{"GIF with a long comment", insert(still, len(still)-1, longComment()), 1},
	} {
		if h, err := header(c.data); err != nil || h.Frames != c.want {
			t.Errorf("%s: %d frames, %v; want %d", c.what, h.Frames, err, c.want)
		}
	}
}

// twoPages links the directory of a little-endian TIFF to a copy of itself.
func twoPages(tif []byte) []byte {
	out := append([]byte(nil), tif...)
	start := binary.LittleEndian.Uint32(out[4:])
	n := uint32(binary.LittleEndian.Uint16(out[start:]))
	page := append([]byte(nil), out[start:start+2+12*n+4]...)
	binary.LittleEndian.PutUint32(out[start+2+12*n:], uint32(len(out)))
	return append(out, page...)
}

// longComment is a GIF comment of many small blocks.
func longComment() []byte {
	out := []byte{0x21, 0xfe}
	for range 300_000 {
		out = append(out, 1, 'x')
	}
	return append(out, 0)
}

// Valid files of these kinds are refused by name, not called corrupt.
func TestUnsupportedVariants(t *testing.T) {
	jpg := withSegments(t)
	frame := func(marker byte, change func(f []byte)) []byte {
		out := append([]byte(nil), jpg...)
		for i := range out {
			if out[i] == 0xff && out[i+1] == markSOF0 {
				out[i+1] = marker
				change(out[i+4:])
				return out
			}
		}
		t.Fatal("no frame")
		return nil
	}
	nothing := func([]byte) {}
	png, _ := encoded(t, colours(16, 8), Options{Format: PNG})
	bmp, _ := encoded(t, colours(16, 8), Options{Format: BMP})
	tif, _ := encoded(t, colours(16, 8), Options{Format: TIFF})
	poke := func(data []byte, at int, b byte) []byte {
		out := append([]byte(nil), data...)
		out[at] = b
		return out
	}
	for want, data := range map[string][]byte{
		"lossless JPEG":                                            frame(0xc3, nothing),
		"hierarchical JPEG":                                        frame(0xc5, nothing),
		"arithmetic-coded JPEG":                                    frame(0xc9, nothing),
		"lossless arithmetic-coded JPEG":                           frame(0xcb, nothing),
		"12-bit JPEG":                                              frame(markSOF0, func(f []byte) { f[0] = 12 }),
		"JPEG of 2 components":                                     frame(markSOF0, func(f []byte) { f[5] = 2 }),
		"JPEG whose height follows its first scan (DNL)":           frame(markSOF0, func(f []byte) { f[1], f[2] = 0, 0 }),
		"PNG as Apple's tools rewrite it for apps (CgBI)":          insert(png, 8, pngChunk("CgBI", "\x50\x00\x20\x06")),
		"BMP with JPEG compression":                                poke(poke(bmp, 30, 4), 28, 0),
		"BMP with PNG compression":                                 poke(poke(bmp, 30, 5), 28, 0),
		"BMP with Huffman compression (OS/2)":                      poke(poke(bmp, 30, 3), 28, 1),
		"TIFF with signed samples, whose black is defined nowhere": setTag(tif, 317, 2, 339),
		"TIFF with WebP compression":                               setTag(tif, 259, 50001),
		"TIFF with CIELab colours":                                 setTag(tif, 262, 8),
	} {
		_, err := header(data)
		if want := "unsupported: " + want; err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// setTag changes the value of a tag of a little-endian TIFF, and, if asked for,
// the tag itself.
func setTag(tif []byte, tag, value uint16, rename ...uint16) []byte {
	out := append([]byte(nil), tif...)
	le := binary.LittleEndian
	start := le.Uint32(out[4:])
	for i := range uint32(le.Uint16(out[start:])) {
		e := out[start+2+12*i:]
		if le.Uint16(e) != tag {
			continue
		}
		le.PutUint32(e[4:], 1)
		le.PutUint16(e[2:], tiffShort)
		le.PutUint16(e[8:], value)
		if len(rename) > 0 {
			le.PutUint16(e, rename[0])
		}
		return out
	}
	panic("no such tag")
}

func TestCorruptHeaders(t *testing.T) {
	png, _ := encoded(t, colours(16, 8), Options{Format: PNG})
	bmp, _ := encoded(t, colours(16, 8), Options{Format: BMP})
	jpg := withSegments(t)
	for want, data := range map[string][]byte{
		"the file is empty":                                          {},
		"the JPEG ends before its first scan":                        []byte("\xff\xd8\xff\xd9"),
		"JPEG segment at offset 2 has length 1":                      insert(jpg, 2, []byte("\xff\xe1\x00\x01")),
		"the JPEG has a scan before its frame header":                insert(jpg, 2, seg(markSOS, "")),
		"the JPEG frame header has 6 bytes":                          insert(jpg, 2, seg(markSOF0, "\x08\x00\x01\x00\x01\x03")),
		"the PNG has chunk \"IHDR\" where another belongs":           insert(png, behindIHDR, png[8:behindIHDR]),
		"the PNG has chunk \"gAMA\" where another belongs":           insert(png, 8, pngChunk("gAMA", "\x00\x00\xb1\x8f")),
		"the PNG header has 12 bytes":                                insert(png[:8], 8, pngChunk("IHDR", "\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00")),
		"the PNG has colour type 1":                                  insert(png[:8], 8, pngChunk("IHDR", "\x00\x00\x00\x01\x00\x00\x00\x01\x08\x01\x00\x00\x00"), png[behindIHDR:]),
		"the PNG has no header":                                      insert(png[:8], 8, pngChunk("IEND", "")),
		"the BMP has an information header of 13 bytes at offset 14": append(append(append([]byte(nil), bmp[:14]...), 13), bmp[15:]...),
		"the BMP has compression 7 at offset 30":                     append(append(append([]byte(nil), bmp[:30]...), 7), bmp[31:]...),
		"the WebP holds no picture":                                  riff(riffChunk("VP8X", vp8x(0, 16, 16))),
		"the WebP has two VP8X chunks":                               riff(riffChunk("VP8X", vp8x(0, 16, 16)), riffChunk("VP8X", vp8x(0, 16, 16))),
		"the png ends too early":                                     png[:40],
	} {
		_, err := header(data)
		if want := "corrupt: " + want; err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// Stray bytes between segments are damage, behind which the rest is as it is;
// the header passes over them. Fill bytes (T.81, B.1.1.2) and TEM are none.
func TestStrayBytesBetweenSegments(t *testing.T) {
	for _, stray := range []string{"\xff", "\xff\xff\xff\xff", "xyz", "\x00", "\xff\x00", "\xff\xd3", "a\xff\x00b\xff\xff", "\xff\x01", "\xff\x45\x00\x04ab"} {
		data := withSegments(t, seg(markCOM, "c"), []byte(stray), seg(markAPP1, exifPrefix+string(exifWith(binary.BigEndian, tiffShort, 8))), []byte(stray))
		fill := strings.ReplaceAll(stray, "\xff", "") == "" || stray == "\xff\x01"
		o := DecodeOptions{MaxPixels: MaxPixels}
		if _, err := Decode(t.Context(), data, o); IsDamaged(err) == fill || fill && err != nil {
			t.Errorf("%q: %v", stray, err)
		}
		o.Salvage = true
		p, err := Decode(t.Context(), data, o)
		if err != nil {
			t.Errorf("%q: %v", stray, err)
			continue
		}
		if p.Width != 16 || p.Height != 8 || p.Orientation != 8 || p.Metadata.EXIF == nil || len(p.Notes) == 0 != fill {
			t.Errorf("%q: %dx%d, orientation %d, notes %q", stray, p.Width, p.Height, p.Orientation, p.Notes)
		}
	}
}

// A header that was read before is not read again, and gives the same picture.
func TestHeaderThatIsKnown(t *testing.T) {
	for _, name := range []string{"jpeg_420.jpg", "png_rgba16.png", "gif_animated.gif", "bmp_24.bmp", "tiff_rgb.tif", "webp_lossy.webp"} {
		data := fixture(t, name)
		h, err := header(data)
		if err != nil {
			t.Fatal(err)
		}
		want := decoded(t, data)
		got, err := Decode(t.Context(), data, DecodeOptions{MaxPixels: 1, Header: &h}) // it would not be read with this limit
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !reflect.DeepEqual(want.Image, got.Image) || got.Header != want.Header {
			t.Errorf("%s: another picture, or %+v, want %+v", name, got.Header, want.Header)
		}
	}
}
