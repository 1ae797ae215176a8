package codec

import (
	"bytes"

	"github.com/imgpar/imgpar/codec/meta"
)

// exifPrefix begins the APP1 segment of a JPEG that holds EXIF (Exif 2.32,
// section 4.7.2).
const exifPrefix = "Exif\x00\x00"

// trimExifPrefix takes away the prefix, which some writers put in other
// containers as well.
func trimExifPrefix(b []byte) []byte { return bytes.TrimPrefix(b, []byte(exifPrefix)) }

// exifOrientation returns the orientation in a block of EXIF, 1 to 8, or 1 if
// it says nothing that can be understood.
func exifOrientation(exif []byte) int { return meta.Orientation(exif) }
