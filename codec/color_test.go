package codec

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/imgpar/imgpar/codec/ifd"
)

// Colours that no fixture has, and files that break off before they say theirs.
func TestColorOf(t *testing.T) {
	photometric := func(v byte) []byte {
		out, _ := ifd.Append([]byte("II*\x00\x08\x00\x00\x00"), 0, binary.LittleEndian, []ifd.Entry{
			{Tag: tagPhotometricInterpretation, Type: ifd.Short, Value: []byte{v, 0}},
		}, 0)
		return out
	}
	bmp := func(header ...byte) []byte { return append(make([]byte, 14), append(header, make([]byte, 16)...)...) }
	frame := func(picture string) []byte {
		return riff(riffChunk("VP8X", vp8x(webpAnimation, 8, 8)), riffChunk("ANIM", make([]byte, 6)), riffChunk("ANMF", append(make([]byte, 16), picture+"\x00\x00\x00\x00"...)))
	}
	for name, c := range map[string]struct {
		format Format
		data   []byte
		want   Color
	}{
		"TIFF, white is 0":    {TIFF, photometric(0), ColorGray},
		"TIFF, CMYK":          {TIFF, photometric(5), ColorCMYK},
		"TIFF, YCbCr":         {TIFF, photometric(6), ColorYCbCr},
		"TIFF, CIELab":        {TIFF, photometric(8), ColorLab},
		"TIFF, ICCLab":        {TIFF, photometric(9), ColorLab},
		"TIFF, a mask":        {TIFF, photometric(4), ""},
		"TIFF, cut":           {TIFF, photometric(2)[:12], ""},
		"TIFF, no directory":  {TIFF, []byte("II*\x00\xff\xff\xff\xff"), ""},
		"BMP, core header, 4": {BMP, bmp(12, 0, 0, 0, 1, 0, 1, 0, 1, 0, 4, 0), ColorPalette},
		"BMP, core header 24": {BMP, bmp(12, 0, 0, 0, 1, 0, 1, 0, 1, 0, 24, 0), ColorRGB},
		"BMP, 16 bits":        {BMP, bmp(40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 16, 0), ColorRGB},
		"BMP, 1 bit":          {BMP, bmp(40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0), ColorPalette},
		"BMP, cut":            {BMP, make([]byte, 20), ""},
		"PNG, colour type 0":  {PNG, append([]byte(pngSignature+"\x00\x00\x00\x0dIHDR"), make([]byte, 10)...), ColorGray},
		"PNG, colour type 5":  {PNG, append([]byte(pngSignature+"\x00\x00\x00\x0dIHDR"), 0, 0, 0, 1, 0, 0, 0, 1, 8, 5), ""},
		"PNG, cut":            {PNG, []byte(pngSignature), ""},
		"WebP, lossy frames":  {WebP, frame("VP8 "), ColorYCbCr},
		"WebP, with alpha":    {WebP, frame("ALPH"), ColorYCbCr},
		"WebP, lossless":      {WebP, frame("VP8L"), ColorRGB},
		"WebP, a cut frame":   {WebP, frame("VP8L")[:12+18+14+8+10], ""},
		"WebP, no picture":    {WebP, riff(riffChunk("VP8X", vp8x(0, 8, 8))), ""},
	} {
		if got := colorOf(Header{Format: c.format}, bytes.NewReader(c.data)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
