package bmp

import (
	"encoding/binary"
	"errors"
	"image/color"
	"io"
)

// Sizes of the information headers, bytes. What else lies between 16 and 64
// is a header of OS/2 2.x, of which any number of bytes may be left out.
const (
	fileHeader = 14  // BITMAPFILEHEADER
	coreHeader = 12  // OS/2 1.x, Windows 2
	infoHeader = 40  // Windows 3
	masked     = 52  // with masks
	alphaMask  = 56  // and one for alpha
	os22Least  = 16  // OS/2 2.x
	os22Header = 64  // OS/2 2.x, whole
	v4Header   = 108 // Windows 95
	v5Header   = 124 // Windows 98
)

// File is the header of a BMP.
type File struct {
	Width, Height int // pixels; what the file claims: they may be 0 or negative
	TopDown       bool
	OS2           bool
	PixelBits     int           // of one pixel: 1, 2, 4, 8, 16, 24 or 32
	Palette       color.Palette // opaque colours; nil where pixels are colours themselves
	Alpha         bool
	LinkedProfile bool // the colour profile is in another file

	coding                coding
	fields                [4]field // red, green, blue, alpha
	pixels                int64    // offset of the first row
	profileAt, profileLen int64
}

// header is the information header, with the fields that all have in one
// place and zeros for those that are not there.
type header struct {
	b    [v5Header]byte
	size int64
}

func (h *header) u16(at int) int    { return int(binary.LittleEndian.Uint16(h.b[at:])) }
func (h *header) u32(at int) uint32 { return binary.LittleEndian.Uint32(h.b[at:]) }

// Parse reads the header of a file of size bytes. Its errors are *FormatError,
// UnsupportedError, or those of r.
func Parse(r io.ReaderAt, size int64) (*File, error) {
	b, err := readAt(r, 0, fileHeader+4)
	if err != nil {
		return nil, err
	}
	h := header{size: int64(binary.LittleEndian.Uint32(b[fileHeader:]))}
	os22 := h.size >= os22Least && h.size <= os22Header && h.size != infoHeader && h.size != masked && h.size != alphaMask
	if h.size != coreHeader && h.size != infoHeader && h.size != masked && h.size != alphaMask && h.size != v4Header && h.size != v5Header && !os22 {
		return nil, formatf(fileHeader, "has an information header of %d bytes", h.size)
	}
	info, err := readAt(r, fileHeader, int(h.size))
	if err != nil {
		return nil, err
	}
	copy(h.b[:], info)
	f := &File{OS2: os22 || h.size == coreHeader, pixels: int64(binary.LittleEndian.Uint32(b[10:]))}
	if h.size == coreHeader {
		h.widen()
	}
	if err := f.frame(&h); err != nil {
		return nil, err
	}
	return f, f.rest(r, &h, size)
}

// widen moves the fields of the oldest header to where the others have them.
func (h *header) widen() {
	old := h.b
	h.b = [v5Header]byte{}
	copy(h.b[4:], old[4:6])
	copy(h.b[8:], old[6:8])
	copy(h.b[12:], old[8:12])
}

// frame reads what all headers have.
func (f *File) frame(h *header) error {
	f.Width, f.Height = int(int32(h.u32(4))), int(int32(h.u32(8)))
	if f.Height < 0 {
		f.Height, f.TopDown = -f.Height, true
	}
	if n := h.u16(12); n != 1 {
		return formatf(fileHeader+12, "has %d planes", n)
	}
	f.PixelBits = h.u16(14)
	compression := h.u32(16)
	if err := unread(f.OS2, f.PixelBits, compression); err != nil {
		return err
	}
	if f.coding = codings[compression]; f.coding == rle24 && f.PixelBits != 24 || compression > maxCompression {
		return formatf(fileHeader+16, "has compression %d", compression)
	}
	if !f.coding.fits(f.PixelBits) {
		return formatf(fileHeader+14, "has %d bits a pixel with compression %d", f.PixelBits, compression)
	}
	if f.TopDown && f.coding.rle() {
		return formatf(fileHeader+8, "has run-length encoded rows from the top")
	}
	return nil
}

// rest reads what follows the header, and of the header what is about colours.
func (f *File) rest(r io.ReaderAt, h *header, size int64) error {
	at, err := f.masks(r, h)
	if err != nil {
		return err
	}
	if f.pixels < at {
		return formatf(10, "has its pixels at %d, within its header", f.pixels)
	}
	if f.pixels > size {
		return formatf(10, "has its pixels at %d, behind its end", f.pixels)
	}
	if h.size == v5Header {
		f.profile(h)
	}
	if f.PixelBits > 8 {
		return nil
	}
	return f.palette(r, at, h)
}

// palette reads the colours, which begin at a given offset. There are as many
// as the header says, or else as the pixels can have; and of those, where it
// does not say, no more than there is room for.
func (f *File) palette(r io.ReaderAt, at int64, h *header) error {
	each := int64(4) // blue, green, red, nothing
	if h.size == coreHeader {
		each = 3
	}
	room := (f.pixels - at) / each
	n := int64(1) << f.PixelBits
	if used := int64(h.u32(32)); used > room {
		return formatf(fileHeader+32, "has a palette of %d colours where %d fit", used, room)
	} else if used > 0 {
		n = min(n, used)
	}
	if n = min(n, room); n == 0 {
		return formatf(at, "has no palette")
	}
	b, err := readAt(r, at, int(n*each))
	if err != nil {
		return err
	}
	f.Palette = make(color.Palette, n)
	for i := range f.Palette {
		c := b[i*int(each):]
		f.Palette[i] = color.RGBA{c[2], c[1], c[0], 255}
	}
	return nil
}

// Profile reads the colour profile in the file of at most most bytes: nil where
// there is none, or LinkedProfile. The error is a *FormatError where it does not
// stand where the header has it, or is larger.
func (f *File) Profile(r io.ReaderAt, most int64) ([]byte, error) {
	if f.profileLen == 0 {
		return nil, nil
	}
	if f.profileLen > most {
		return nil, formatf(f.profileAt, "has a profile of %d bytes, at most %d are read", f.profileLen, most)
	}
	b := make([]byte, f.profileLen)
	if n, err := r.ReadAt(b, f.profileAt); n < len(b) {
		return nil, formatf(f.profileAt, "ends before its profile of %d bytes: %v", len(b), err)
	}
	return b, nil
}

// profile finds the colour profile of a header of version 5: bV5CSType,
// bV5ProfileData, which counts from the information header, bV5ProfileSize.
func (f *File) profile(h *header) {
	switch string(h.b[56:60]) {
	case "DEBM": // the bytes of 'MBED'
		f.profileAt, f.profileLen = fileHeader+int64(h.u32(112)), int64(h.u32(116))
	case "KNIL":
		f.LinkedProfile = true
	}
}

// readAt reads exactly n bytes at off.
func readAt(r io.ReaderAt, off int64, n int) ([]byte, error) {
	b := make([]byte, n)
	k, err := r.ReadAt(b, off)
	switch {
	case k == n:
		return b, nil
	case errors.Is(err, io.EOF):
		return nil, formatf(off+int64(k), "ends too early")
	}
	return nil, err
}
