package codec

import "io"

// Header is what a file says of its picture before any pixel is decoded.
type Header struct {
	Format        Format
	Width, Height int    // as stored, pixels
	Bits          int    // of one channel
	Channels      int    // colour and alpha; of a palette picture 1
	Orientation   int    // EXIF orientation, 1 to 8; 1 where the file does not say
	Frames        int    // frames of an animation, or pages; at most MaxFrames are counted
	Animated      bool   // Frames are those of an animation
	Loop          int    // how often an animation is played; 0: for ever
	Alpha         bool   // some pixels may be transparent
	Variant       string // how the picture is coded, for people: "progressive, 4:2:0"
	Color         Color  // what the channels mean
	Luma          bool   // a JPEG whose first component is luma of full size

	pageBytes   int64   // memory that Decode takes for the largest page of a TIFF
	page        [2]int  // width and height of that with the most pixels
	framePixels int64   // of the largest frame of a GIF, which may be larger than the canvas
	decodeBytes float64 // memory that Decode takes for one pixel, bytes
	groups      int     // of a WebP, the most sets of prefix codes that a picture in it has
	samples     float64 // of a JPEG, for one pixel
	perByte     float64 // of a BMP, the most pixels that one byte can stand for
}

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

// Pixels returns how many pixels a picture has, of several the first.
func (h Header) Pixels() int64 { return int64(h.Width) * int64(h.Height) }

// Depth returns the bits of a channel of the colours that the picture shows.
func (h Header) Depth() int {
	if h.Color == ColorPalette {
		return 8
	}
	return h.Bits
}

// Displayed returns the picture's dimensions after its orientation is undone.
func (h Header) Displayed() (width, height int) {
	if h.Orientation >= 5 {
		return h.Height, h.Width
	}
	return h.Width, h.Height
}

// LargestPage returns the dimensions of the page of a TIFF that has the most pixels, as stored, and the memory that
// decoding the page takes that takes the most, without the file. Of another format that is the picture itself.
func (h Header) LargestPage() (width, height int, decodeBytes int64) {
	if h.pageBytes == 0 {
		return h.Width, h.Height, h.DecodeBytes(0)
	}
	return h.page[0], h.page[1], h.pageBytes
}

// DecodeBytes estimates the memory that Decode takes, the file included.
func (h Header) DecodeBytes(size int64) int64 {
	return size + int64(h.decodeBytes*float64(h.Width)*float64(h.Height))
}

// TableBytes returns the most memory that the prefix codes of a lossless WebP of size bytes take while it is decoded,
// beside what DecodeBytes says. Of a photo they take 1 or 2 MB. Of other formats it is 0: their tables are small.
//
// A set of codes is made of at most 2,328 symbols of green, 256 of red, blue and alpha, and 40 of distances, each of
// which takes two nodes of 8 bytes, and of five look-up tables. For its size in the file most is a code for green of 2,048
// symbols that all have the same length, with four of a single symbol: 82 bits for 35,480 bytes.
func (h Header) TableBytes(size int64) int64 {
	const setBytes, perByte = 57_000, 3_500
	return min(int64(h.groups)*setBytes, size*perByte)
}

// CodedBytes estimates the memory that work on a JPEG in its coded form takes,
// the file and the result included: two bytes for each coefficient, before and
// after.
func (h Header) CodedBytes(size int64) int64 {
	return 3*size + int64(4*h.samples*float64(h.Width)*float64(h.Height))
}

// PlaneBytes estimates the memory that the planes of a JPEG take that are
// decoded at a scale, with the file and the copy without stuffing that is made
// of it. At a scale of 8 a DC of two bytes is held beside each sample. Else, of
// a progressive file all coefficients are, which is what Decode takes beside the
// samples.
func (h Header) PlaneBytes(size int64, scale int) int64 {
	each := h.samples / float64(scale*scale)
	if scale == 8 {
		each *= 3
	} else {
		each += h.decodeBytes - h.samples
	}
	return 2*size + int64(each*float64(h.Width)*float64(h.Height))
}

// Planar tells whether the components of a JPEG mean something each by itself:
// they are luma, and chroma if there is any.
func (h Header) Planar() bool {
	return h.Format == JPEG && (h.Color == ColorGray || h.Color == ColorYCbCr)
}

// ReadHeader reads the header of a file of size bytes and holds it against
// the limits. Its errors are *Error, or those of r.
func ReadHeader(r io.ReaderAt, size, maxPixels int64) (Header, error) {
	if size == 0 {
		return Header{}, corruptf("the file is empty")
	}
	return throughWindow(r, size, func(r io.ReaderAt) (Header, error) { return readHeader(r, size, maxPixels) })
}

func readHeader(r io.ReaderAt, size, maxPixels int64) (Header, error) {
	head := make([]byte, min(sniffLen, size))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		return Header{}, readErr("file", err)
	}
	f, ok := Sniff(head)
	if !ok {
		if name := foreign(head); name != "" {
			return Header{}, unsupportedf("%s", name)
		}
		return Header{}, unsupportedf("not a picture in a format that is read")
	}
	h, err := parsers[f](io.NewSectionReader(r, 0, size))
	if err != nil {
		return Header{}, readErr(f, err)
	}
	h.Format = f
	if h.Orientation < 1 || h.Orientation > 8 {
		h.Orientation = 1
	}
	if err := checkSize(h, maxPixels); err != nil {
		return h, err
	}
	return h, checkClaim(h, size)
}

// parsers read the header of each format, whose signature was seen already.
var parsers = map[Format]func(*io.SectionReader) (Header, error){
	JPEG: jpegHeader,
	PNG:  pngHeader,
	GIF:  gifHeader,
	BMP:  bmpHeader,
	TIFF: tiffHeader,
	WebP: webpHeader,
}

// readAt reads exactly n bytes at off. Where they are many, it looks first whether
// they are there: n is the word of a file.
func readAt(r io.ReaderAt, off int64, n int) ([]byte, error) {
	const many = 64 << 10
	var last [1]byte
	if n > many {
		if k, err := r.ReadAt(last[:], off+int64(n)-1); k < len(last) {
			return nil, err
		}
	}
	b := make([]byte, n)
	if k, err := r.ReadAt(b, off); k < n {
		return nil, err
	}
	return b, nil
}
