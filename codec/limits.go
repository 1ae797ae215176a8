package codec

// Limits of what is read, whatever --max-pixels allows. Packages of formats have some
// of their own: gif.MaxBlocks, webp.MaxChunks, tiff.MaxDirectories and others.
const (
	MaxSide      = 65535            // pixels of a picture's width or height
	MaxPixels    = 268_402_689      // default limit of width x height: 16,383 x 16,383
	maxTextChunk = 16 << 20         // bytes of one metadata item, decompressed
	maxUnpacked  = 4 * maxTextChunk // bytes of all that is decompressed of a file's metadata
	maxPageMeta  = 64 << 20         // bytes of the metadata of all pages of a TIFF, or those of the file: pages may share them
	maxComments  = 100              // of a PNG's texts that become comments of a JPEG
	maxSegments  = 100_000          // markers of a JPEG, or chunks of a PNG, looked at in its header
	MaxFileSize  = int64(4 << 30)   // bytes of an input, which is held in memory

	maxFramePixels = 16 // times --max-pixels: what all frames of an animation have together, each as large as the canvas
)

// checkSize refuses a picture by its header's claim.
func checkSize(h Header, maxPixels int64) error {
	if h.Width <= 0 || h.Height <= 0 {
		return corruptf("the header claims a width of %d and a height of %d pixels", h.Width, h.Height)
	}
	if h.Width > MaxSide || h.Height > MaxSide {
		return tooLargef("%dx%d pixels; a side is at most %d", h.Width, h.Height, MaxSide)
	}
	if n := int64(h.Width) * int64(h.Height); n > maxPixels {
		return tooLargef("%dx%d is %d pixels; --max-pixels is %d", h.Width, h.Height, n, maxPixels)
	}
	if h.framePixels > maxPixels {
		return tooLargef("a frame has %d pixels; --max-pixels is %d", h.framePixels, maxPixels)
	}
	return nil
}

// checkClaim refuses a header that claims more pixels than a file of its size
// can hold by the rules of its format, before memory is taken for them. The
// figures are upper bounds of the pixels that one byte can stand for.
func checkClaim(h Header, size int64) error {
	var perByte float64
	switch h.Format {
	case JPEG:
		// An 8x8 block takes at least one bit (the DC symbol; ITU-T T.81 F.1.2).
		perByte = 512
	case PNG:
		// Deflate expands at most 1,032 times (zlib technical details).
		perByte = 1032 * 8 / float64(max(h.Bits*h.Channels, 1))
	case BMP:
		perByte = h.perByte
	default:
		return nil // one bit may stand for a whole row, or the canvas be larger than its frames
	}
	if float64(h.Width)*float64(h.Height) > perByte*float64(size) {
		return corruptf("the header claims %dx%d pixels, which do not fit into %d bytes", h.Width, h.Height, size)
	}
	return nil
}
