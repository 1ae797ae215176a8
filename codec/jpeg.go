package codec

import (
	"bytes"
	"encoding/binary"
	"io"
)

// Markers of ITU-T T.81, table B.1, and of JFIF and its extensions.
const (
	markSOF0  = 0xc0 // baseline; 0xc0 to 0xcf are frames but for the next three
	markSOF2  = 0xc2 // progressive
	markDHT   = 0xc4
	markJPG   = 0xc8
	markDAC   = 0xcc
	markRST0  = 0xd0
	markSOI   = 0xd8
	markEOI   = 0xd9
	markSOS   = 0xda
	markAPP0  = 0xe0
	markAPP1  = 0xe1 // EXIF, XMP
	markAPP2  = 0xe2 // ICC
	markAPP13 = 0xed // IPTC, in Photoshop's resources
	markAPP14 = 0xee // Adobe's colour transform
	markCOM   = 0xfe
)

// segment is one marker segment: its payload stands at off, behind the length.
type segment struct {
	marker byte
	off    int64
	length int
}

// eachSegment calls visit for the segments from the start of a JPEG to its
// first scan, that one included, until visit says that it has seen enough. It
// passes over what stands between segments exactly as the decoder does: one
// that saw other segments could be shown a small picture in place of a large
// one.
func eachSegment(r io.ReaderAt, visit func(segment) (enough bool, err error)) error {
	off := int64(2) // behind SOI
	for range maxSegments {
		b, err := readAt(r, off, 2)
		if err != nil {
			return err
		}
		m := b[1]
		switch {
		case b[0] != 0xff, m == 0xff: // stray byte, or fill byte (T.81 B.1.1.2)
			off++
			continue
		case m == 0, m >= markRST0 && m < markSOI: // stray data, or a marker without a length
			off += 2
			continue
		case m == markEOI:
			return corruptf("the JPEG ends before its first scan")
		case m < markSOF0, m == markSOI:
			return corruptf("JPEG marker 0x%02x at offset %d", m, off)
		}
		if b, err = readAt(r, off+2, 2); err != nil {
			return err
		}
		n := int(binary.BigEndian.Uint16(b))
		if n < 2 {
			return corruptf("JPEG segment at offset %d has length %d", off, n)
		}
		enough, err := visit(segment{m, off + 4, n - 2})
		if enough || err != nil {
			return err
		}
		if m == markSOS {
			return nil
		}
		off += 2 + int64(n)
	}
	return tooLargef("more than %d JPEG segments and stray bytes before the picture", maxSegments)
}

func isFrame(m byte) bool {
	return m >= markSOF0 && m <= 0xcf && m != markDHT && m != markJPG && m != markDAC
}

// variants names the frames that are not read (T.81, table B.1).
var variants = map[byte]string{
	0xc3: "lossless JPEG", 0xc5: "hierarchical JPEG", 0xc6: "hierarchical JPEG", 0xc7: "hierarchical JPEG",
	0xc9: "arithmetic-coded JPEG", 0xca: "arithmetic-coded JPEG", 0xcb: "lossless arithmetic-coded JPEG",
	0xcd: "hierarchical JPEG", 0xce: "hierarchical JPEG", 0xcf: "hierarchical JPEG",
}

func jpegHeader(r *io.SectionReader) (Header, error) {
	h := Header{Frames: 1}
	rgb := false
	err := eachSegment(r, func(s segment) (bool, error) {
		if s.marker == markSOS {
			return true, corruptf("the JPEG has a scan before its frame header")
		}
		if !isFrame(s.marker) && s.marker != markAPP1 && s.marker != markAPP14 {
			return false, nil
		}
		b, err := readAt(r, s.off, s.length)
		if err != nil {
			return true, err
		}
		switch exif, ok := bytes.CutPrefix(b, []byte(exifPrefix)); {
		case isFrame(s.marker):
			return true, jpegFrame(&h, s.marker, b, rgb)
		case ok && s.marker == markAPP1 && h.Orientation == 0: // the first counts
			h.Orientation = exifOrientation(exif)
		case s.marker == markAPP14 && bytes.HasPrefix(b, []byte("Adobe")) && len(b) >= 12:
			rgb = b[11] == 0
		}
		return false, nil
	})
	return h, err
}

// jpegFrame reads a frame header (T.81 B.2.2). Of a picture in RGB or CMYK,
// the planes are joined to pixels.
func jpegFrame(h *Header, marker byte, b []byte, rgb bool) error {
	if name, ok := variants[marker]; ok {
		return unsupportedf("%s", name)
	}
	if len(b) < 6 || len(b) < 6+3*int(b[5]) {
		return corruptf("the JPEG frame header has %d bytes", len(b))
	}
	h.Bits, h.Channels = int(b[0]), int(b[5])
	h.Height, h.Width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
	switch {
	case h.Bits != 8:
		return unsupportedf("%d-bit JPEG", h.Bits)
	case h.Channels != 1 && h.Channels != 3 && h.Channels != 4:
		return unsupportedf("JPEG of %d components", h.Channels)
	case h.Height == 0:
		return unsupportedf("JPEG whose height follows its first scan (DNL)")
	}
	samples, hmax, vmax := 0, 1, 1
	for c := range h.Channels {
		hv := b[6+3*c+1]
		hs, vs := int(hv>>4), int(hv&15)
		samples, hmax, vmax = samples+hs*vs, max(hmax, hs), max(vmax, vs)
	}
	h.decodeBytes = float64(samples) / float64(hmax*vmax)
	if marker == markSOF2 {
		h.decodeBytes *= 5 // a 4-byte coefficient beside each sample
	}
	if joined := rgb || b[6] == 'R'; h.Channels == 4 || h.Channels == 3 && joined {
		h.decodeBytes += 4
	} else {
		h.Luma = h.Channels == 1 || int(b[7]>>4) == hmax && int(b[7]&15) == vmax
	}
	return nil
}

// countScans returns the number of scans in a JPEG, reading on where a segment
// is broken: the decoder will say what is wrong.
func countScans(data []byte) int {
	scans := 0
	for i := 2; ; {
		k := bytes.IndexByte(data[min(i, len(data)):], 0xff)
		if k < 0 || i+k+3 >= len(data) {
			return scans
		}
		i += k
		m := data[i+1]
		switch {
		case m == 0xff:
			i++
		case m == 0 || m == 0x01 || m >= markRST0 && m <= markSOI:
			i += 2
		case m == markEOI:
			return scans
		default:
			if m == markSOS {
				scans++
			}
			i += 2 + int(binary.BigEndian.Uint16(data[i+2:]))
		}
	}
}
