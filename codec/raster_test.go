package codec

import (
	"bytes"
	"encoding/binary"
	"image"
	"slices"
	"strings"
	"testing"
)

func TestVariantsOfBMP(t *testing.T) {
	for name, want := range map[string]Header{
		"pal8rle.bmp":              {Width: 127, Height: 64, Bits: 8, Channels: 1, Color: ColorPalette, Variant: "palette of 252, RLE8"},
		"pal4rle.bmp":              {Width: 127, Height: 64, Bits: 4, Channels: 1, Color: ColorPalette, Variant: "palette of 12, RLE4"},
		"rgb24rle24.bmp":           {Width: 127, Height: 64, Bits: 8, Channels: 3, Color: ColorRGB, Variant: "OS/2, RLE24"},
		"pal8os2sp.bmp":            {Width: 127, Height: 64, Bits: 8, Channels: 1, Color: ColorPalette, Variant: "OS/2, palette of 252"},
		"pal2.bmp":                 {Width: 127, Height: 64, Bits: 2, Channels: 1, Color: ColorPalette, Variant: "palette of 4"},
		"rgb16.bmp":                {Width: 127, Height: 64, Bits: 5, Channels: 3, Color: ColorRGB, Variant: "5-5-5"},
		"rgb16-565.bmp":            {Width: 127, Height: 64, Bits: 6, Channels: 3, Color: ColorRGB, Variant: "5-6-5"},
		"rgb24prof2.bmp":           {Width: 127, Height: 64, Bits: 8, Channels: 3, Color: ColorRGB},
		"V4_A8_R8_G8_B8.bmp":       {Width: 16, Height: 16, Bits: 8, Channels: 4, Color: ColorRGB, Alpha: true, Variant: "8-8-8-8, top-down"},
		"V3_R5_G6_B5_Top_Down.bmp": {Width: 6, Height: 6, Bits: 6, Channels: 3, Color: ColorRGB, Variant: "5-6-5, top-down"},
	} {
		got, err := header(suiteFiles(t, "bmp", name)[name])
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got.decodeBytes, got.perByte = 0, 0
		want.Format, want.Orientation, want.Frames = BMP, 1, 1
		if got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

// A profile that is not in the file, or not where it should be, is said.
func TestProfilesOfBMP(t *testing.T) {
	data := suiteFiles(t, "bmp", "rgb24prof2.bmp")["rgb24prof2.bmp"]
	const kind, size = 14 + 56, 14 + 116
	linked, damaged := bytes.Clone(data), bytes.Clone(data)
	copy(linked[kind:], "KNIL")
	damaged[size+2] = 0x7f
	for _, c := range []struct {
		data    []byte
		profile int
		other   []string
	}{{data, 540, nil}, {linked, 0, []string{"linked ICC profile"}}, {damaged, 0, []string{"damaged ICC profile"}}} {
		m := decoded(t, c.data).Metadata
		if len(m.ICC) != c.profile || !slices.Equal(m.Other, c.other) {
			t.Errorf("a profile of %d bytes, other %q; want %d, %q", len(m.ICC), m.Other, c.profile, c.other)
		}
	}
}

func TestHeadersOfPNG(t *testing.T) {
	png, _ := encoded(t, colours(16, 8), Options{Format: PNG})
	gray, _ := encoded(t, image.NewGray(image.Rect(0, 0, 16, 8)), Options{Format: PNG})
	anim := func(frames, plays uint32) []byte {
		b := binary.BigEndian.AppendUint32(nil, frames)
		return insert(png, behindIHDR, pngChunk("acTL", string(binary.BigEndian.AppendUint32(b, plays))))
	}
	for what, c := range map[string]struct {
		data     []byte
		frames   int
		animated bool
		loop     int
		alpha    bool
		variant  string
	}{
		"still":                  {png, 1, false, 0, false, ""},
		"APNG of one frame":      {anim(1, 7), 1, false, 0, false, ""},
		"APNG":                   {anim(20, 0), 20, true, 0, false, ""},
		"APNG that ends":         {anim(2, 3), 2, true, 3, false, ""},
		"APNG of no frame":       {anim(0, 3), 1, false, 0, false, ""},
		"APNG of too many":       {anim(1<<32-1, 1<<32-1), MaxFrames, true, 1<<31 - 1, false, ""},
		"a second acTL":          {insert(anim(2, 3), behindIHDR+20, pngChunk("acTL", "\x00\x00\x00\x09\x00\x00\x00\x00")), 2, true, 3, false, ""},
		"a transparent colour":   {insert(png, behindIHDR, pngChunk("tRNS", "\x00\x01\x00\x02\x00\x03")), 1, false, 0, true, ""},
		"a transparent gray":     {insert(gray, behindIHDR, pngChunk("tRNS", "\x00\x01")), 1, false, 0, true, ""},
		"alpha":                  {fixture(t, "png_rgba8.png"), 1, false, 0, true, ""},
		"palette":                {fixture(t, "png_palette4.png"), 1, false, 0, false, "palette of 16"},
		"palette with tRNS":      {fixture(t, "png_palette_trns.png"), 1, false, 0, true, "palette of 201"},
		"interlaced":             {fixture(t, "png_interlaced.png"), 1, false, 0, false, "interlaced"},
		"interlaced and palette": {suiteFiles(t, "pngsuite", "basi3p01.png")["basi3p01.png"], 1, false, 0, false, "palette of 2, interlaced"},
	} {
		h, err := header(c.data)
		if err != nil || h.Frames != c.frames || h.Animated != c.animated || h.Loop != c.loop || h.Alpha != c.alpha || h.Variant != c.variant {
			t.Errorf("%s: %+v, %v", what, h, err)
		}
	}
	for want, ihdr := range map[string]string{
		"corrupt: the PNG has 3 bits of colour type 0":                  "\x03\x00\x00\x00\x00",
		"corrupt: the PNG has 4 bits of colour type 2":                  "\x04\x02\x00\x00\x00",
		"corrupt: the PNG has 16 bits of colour type 3":                 "\x10\x03\x00\x00\x00",
		"corrupt: the PNG has compression 1, filters 0, interlacing 0":  "\x08\x02\x01\x00\x00",
		"corrupt: the PNG has compression 0, filters 64, interlacing 0": "\x08\x02\x00\x40\x00",
		"corrupt: the PNG has compression 0, filters 0, interlacing 2":  "\x08\x02\x00\x00\x02",
		"unsupported: PNG with the unknown chunk \"CODE\"":              "\x08\x02\x00\x00\x00",
	} {
		data := insert(png[:8], 8, pngChunk("IHDR", "\x00\x00\x00\x10\x00\x00\x00\x08"+ihdr), png[behindIHDR:])
		if strings.Contains(want, "CODE") {
			data = insert(data, behindIHDR, pngChunk("CODE", "x"))
		}
		if _, err := header(data); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// A damaged PNG fails, in a way that says that salvage may help, and then it
// does.
func TestSalvageOfPNG(t *testing.T) {
	data := fixture(t, "png_rgba8.png")
	for what, c := range map[string]struct {
		data  []byte
		want  string
		whole bool
	}{
		"no IEND":       {data[:len(data)-12], "damaged at offset 5905: the file ends without IEND", true},
		"half a chunk":  {data[:len(data)-5], "damaged at offset 5905: the file ends within a chunk", true},
		"half the file": {data[:len(data)/2], "damaged at offset 33: the chunk IDAT breaks off", false},
	} {
		o := DecodeOptions{MaxPixels: MaxPixels}
		if _, err := Decode(t.Context(), c.data, o); !IsDamaged(err) || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", what, err, c.want)
		}
		o.Salvage = true
		p, err := Decode(t.Context(), c.data, o)
		if err != nil || len(p.Notes) != 1 || p.Notes[0] != "salvaged: "+c.want {
			t.Errorf("%s, salvaged: %v", what, err)
			continue
		}
		if same := goldenOf(p.Image) == goldenOf(decoded(t, data).Image); same != c.whole {
			t.Errorf("%s, salvaged: the picture is the same: %v", what, same)
		}
	}
	p := decoded(t, fixture(t, "broken/palette_index.png"))
	if want := []string{"colours that the palette lacks became black"}; !slices.Equal(p.Notes, want) {
		t.Errorf("an index beyond the palette: notes %q, want %q", p.Notes, want)
	}
	for _, name := range []string{"broken/bad_crc.png", "broken/header_only.png"} {
		if _, err := Decode(t.Context(), fixture(t, name), DecodeOptions{MaxPixels: MaxPixels, Salvage: true}); err == nil || IsDamaged(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
