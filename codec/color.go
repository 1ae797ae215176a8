package codec

import (
	"io"

	"github.com/imgpar/imgpar/codec/ifd"
)

// Color is what the channels of a picture mean, alpha left out: its usual name.
type Color string

const (
	ColorGray    Color = "gray"
	ColorRGB     Color = "RGB"
	ColorPalette Color = "palette" // of RGB colours
	ColorYCbCr   Color = "YCbCr"
	ColorCMYK    Color = "CMYK"
	ColorYCCK    Color = "YCCK" // CMYK with its first three turned into luma and chroma
	ColorLab     Color = "CIELab"
)

// Planar tells whether the components of a JPEG mean something each by itself:
// they are luma, and chroma if there is any.
func (h Header) Planar() bool {
	return h.Format == JPEG && (h.Color == ColorGray || h.Color == ColorYCbCr)
}

// colorOf finds the colours of a picture whose header's parser did not tell, or
// returns "" where the file has none of those known here.
func colorOf(h Header, r io.ReaderAt) Color {
	switch h.Format {
	case PNG:
		return pngColor(r)
	case GIF:
		return ColorPalette
	case BMP:
		return bmpColor(r)
	case TIFF:
		return tiffColor(r)
	case WebP:
		return webpColor(r)
	}
	return ""
}

// pngColor reads the colour type in IHDR, which comes first (PNG, third
// edition, 11.2.1).
func pngColor(r io.ReaderAt) Color {
	b, err := readAt(r, int64(len(pngSignature)+8), 10)
	if err != nil {
		return ""
	}
	return map[byte]Color{0: ColorGray, 2: ColorRGB, 3: ColorPalette, 4: ColorGray, 6: ColorRGB}[b[9]]
}

// bmpColor goes by the bits of a pixel (BITMAPINFOHEADER, or the core header of
// 12 bytes).
func bmpColor(r io.ReaderAt) Color {
	b, err := readAt(r, 14, 16)
	if err != nil {
		return ""
	}
	bits := b[14]
	if b[0] == 12 {
		bits = b[10]
	}
	if bits <= 8 {
		return ColorPalette
	}
	return ColorRGB
}

const tagPhotometricInterpretation = 262

// tiffColor reads PhotometricInterpretation of the first page (TIFF 6.0,
// section 8, and sections 16, 21 and 23).
func tiffColor(r io.ReaderAt) Color {
	f, err := ifd.ReadFile(r)
	if err != nil {
		return ""
	}
	d, err := f.ReadDirectory(r, f.First)
	if err != nil {
		return ""
	}
	v, ok := d.Uint(r, tagPhotometricInterpretation)
	if !ok {
		return ""
	}
	return map[uint64]Color{
		0: ColorGray, 1: ColorGray, 2: ColorRGB, 3: ColorPalette, 5: ColorCMYK, 6: ColorYCbCr, 8: ColorLab, 9: ColorLab, 10: ColorLab,
	}[v]
}

// webpColor goes by the first chunk that holds a picture, also within the first
// frame of an animation.
func webpColor(r io.ReaderAt) Color {
	color := Color("")
	section := io.NewSectionReader(r, 0, MaxFileSize)
	_ = eachRIFFChunk(section, func(c chunk) error { // one that breaks off has no colours
		name := c.name
		if name == "ANMF" { // sub-chunks behind 16 bytes, ALPH before VP8
			b, err := readAt(r, c.off+16, 4)
			if err != nil {
				return err
			}
			name = string(b)
		}
		switch name {
		case "VP8 ", "ALPH":
			color = ColorYCbCr
		case "VP8L":
			color = ColorRGB
		default:
			return nil
		}
		return io.EOF // seen enough
	})
	return color
}
