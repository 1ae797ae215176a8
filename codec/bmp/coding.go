package bmp

import (
	"fmt"
	"strings"
)

// coding is how pixels stand in the file.
type coding int

const (
	plain coding = iota
	rle8
	rle4
	bitFields
	rle24
	alphaBitFields
)

// codings are those of the field biCompression. Value 4 is RLE24 where pixels
// have 24 bits; unread sees to what else it is.
var codings = map[uint32]coding{0: plain, 1: rle8, 2: rle4, 3: bitFields, 4: rle24, 6: alphaBitFields}

const maxCompression = 6

// unread names what is within the rules but not read: 3 is a run-length
// encoding of fax machines in OS/2, 4 and 5 are whole files for a printer.
func unread(os2 bool, bits int, compression uint32) error {
	switch {
	case compression == 3 && (os2 || bits == 1):
		return UnsupportedError("BMP with Huffman compression (OS/2)")
	case compression == 4 && !os2 && bits != 24:
		return UnsupportedError("BMP with JPEG compression")
	case compression == 5:
		return UnsupportedError("BMP with PNG compression")
	case compression >= 11 && compression <= 13: // [MS-WMF] 2.1.1.7
		return UnsupportedError("BMP with CMYK colours")
	}
	return nil
}

func (c coding) rle() bool { return c == rle8 || c == rle4 || c == rle24 }

// fits tells whether pixels of a number of bits are coded so.
func (c coding) fits(bits int) bool {
	switch c {
	case rle8:
		return bits == 8
	case rle4:
		return bits == 4
	case rle24:
		return bits == 24
	case bitFields, alphaBitFields:
		return bits == 16 || bits == 32
	}
	switch bits {
	case 1, 2, 4, 8, 16, 24, 32:
		return true
	}
	return false
}

// Bits returns the bits of one channel, and of a palette picture those of an
// index; of channels of several widths the most.
func (f *File) Bits() int {
	if f.Palette != nil {
		return f.PixelBits
	}
	most := 0
	for _, m := range f.fields {
		most = max(most, m.bits)
	}
	return most
}

// Variant says how the pixels are coded, for people: "OS/2, RLE8", "5-6-5,
// top-down". It is empty for 24 bits from the bottom.
func (f *File) Variant() string {
	var parts []string
	if f.OS2 {
		parts = append(parts, "OS/2")
	}
	if f.Palette != nil {
		parts = append(parts, fmt.Sprintf("palette of %d", len(f.Palette)))
	} else if s := f.widths(); s != "8-8-8" {
		parts = append(parts, s)
	}
	if name, ok := map[coding]string{rle8: "RLE8", rle4: "RLE4", rle24: "RLE24"}[f.coding]; ok {
		parts = append(parts, name)
	}
	if f.TopDown {
		parts = append(parts, "top-down")
	}
	return strings.Join(parts, ", ")
}

// widths are the bits of the channels: "5-6-5".
func (f *File) widths() string {
	s := fmt.Sprintf("%d-%d-%d", f.fields[0].bits, f.fields[1].bits, f.fields[2].bits)
	if f.Alpha {
		s += fmt.Sprintf("-%d", f.fields[3].bits)
	}
	return s
}

// PixelsPerByte returns the most pixels that a byte of the file can stand for.
// Run-length encoded, a delta of four bytes passes over at most 255x255.
func (f *File) PixelsPerByte() float64 {
	if f.coding.rle() {
		return 255 * 255 / 4.0
	}
	return 8 / float64(f.PixelBits)
}
