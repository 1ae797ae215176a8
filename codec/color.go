package codec

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
