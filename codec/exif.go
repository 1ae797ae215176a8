package codec

import "bytes"

// exifPrefix begins the APP1 segment of a JPEG that holds EXIF (Exif 2.32,
// section 4.7.2).
const exifPrefix = "Exif\x00\x00"

// trimExifPrefix takes away the prefix, which some writers put in other
// containers as well.
func trimExifPrefix(b []byte) []byte { return bytes.TrimPrefix(b, []byte(exifPrefix)) }
