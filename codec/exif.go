package codec

import "bytes"

// exifPrefix begins the APP1 segment of a JPEG that holds EXIF (Exif 2.32,
// section 4.7.2).
const exifPrefix = "Exif\x00\x00"

// trimExifPrefix takes away the prefix, which some writers put in other
// containers as well.
func trimExifPrefix(b []byte) []byte { return bytes.TrimPrefix(b, []byte(exifPrefix)) }

// exifOrientation returns the orientation in a block of EXIF, 1 to 8, or 1 if
// it says nothing that can be understood.
func exifOrientation(exif []byte) int {
	r := bytes.NewReader(exif)
	d, err := readDirectory(r)
	if err != nil {
		return 1
	}
	v, ok := d.uint(r, tagOrientation)
	if !ok || v < 1 || v > 8 {
		return 1
	}
	return int(v)
}

// uprightExif returns a copy of a block of EXIF whose orientation is 1, for a
// picture that was turned upright.
func uprightExif(exif []byte) []byte {
	out := bytes.Clone(exif)
	d, err := readDirectory(bytes.NewReader(exif))
	if err != nil {
		return out
	}
	f, ok := d.find(tagOrientation)
	if !ok || f.at+int64(f.size) > int64(len(out)) {
		return out
	}
	switch at := out[f.at:]; f.size {
	case 1:
		at[0] = 1
	case 2:
		d.order.PutUint16(at, 1)
	case 4:
		d.order.PutUint32(at, 1)
	}
	return out
}
