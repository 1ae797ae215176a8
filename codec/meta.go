package codec

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"

	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/codec/meta"
)

// profileSpace returns the colour space of an ICC profile's device side, such
// as "RGB " (ICC.1:2022, 7.2.6).
func profileSpace(icc []byte) string {
	if len(icc) < 20 {
		return ""
	}
	return string(icc[16:20])
}

// profileName is what people call a profile.
func profileName(icc []byte) string {
	return strings.TrimSpace(strings.TrimSpace(profileSpace(icc)) + " ICC profile")
}

// notKept is the note on what was lost, if anything was.
func notKept(lost []string) []string {
	if len(lost) == 0 {
		return nil
	}
	return []string{"not kept: " + strings.Join(lost, ", ")}
}

// Prefixes of JPEG segments, and the name that PNG gives XMP.
const (
	xmpPrefix  = "http://ns.adobe.com/xap/1.0/\x00"
	iccPrefix  = "ICC_PROFILE\x00"
	iptcPrefix = "Photoshop 3.0\x00"
	xmpKeyword = "XML:com.adobe.xmp"
)

func jpegMetadata(segments []jpeg.Segment) meta.Data {
	var m meta.Data
	parts := map[byte][]byte{} // of the ICC profile, by number from 1
	count := byte(0)
	for _, s := range segments {
		has := func(marker byte, prefix string) bool {
			return s.Marker == marker && bytes.HasPrefix(s.Data, []byte(prefix))
		}
		switch {
		case has(markAPP1, exifPrefix) && m.EXIF == nil:
			m.EXIF = s.Data[len(exifPrefix):]
		case has(markAPP1, xmpPrefix) && m.XMP == nil:
			m.XMP = s.Data[len(xmpPrefix):]
		case isProfile(s) && len(s.Data) > len(iccPrefix)+2:
			parts[s.Data[len(iccPrefix)]] = s.Data[len(iccPrefix)+2:]
			count = max(count, 1, s.Data[len(iccPrefix)+1])
		case has(markAPP13, iptcPrefix) && m.IPTC == nil:
			m.IPTC = s.Data[len(iptcPrefix):]
		case s.Marker == markCOM:
			m.Comments = append(m.Comments, s.Data)
		}
	}
	for i := byte(1); i != 0 && i <= count; i++ { // ICC.1:2022, annex B.4
		if parts[i] == nil {
			return without(m, "damaged ICC profile")
		}
		m.ICC = append(m.ICC, parts[i]...)
	}
	return m
}

// isProfile tells whether a segment holds a part of an ICC profile (ICC.1:2022,
// annex B.4).
func isProfile(s jpeg.Segment) bool {
	return s.Marker == markAPP2 && bytes.HasPrefix(s.Data, []byte(iccPrefix))
}

// without returns m with no profile, and with a word on it.
func without(m meta.Data, what string) meta.Data {
	m.ICC = nil
	m.Other = append(m.Other, what)
	return m
}

// pngMetadata, webpMetadata and tiffMetadata leave out what is damaged: it does
// not make the picture unreadable.
func pngMetadata(r io.ReaderAt) meta.Data {
	var m meta.Data
	// The header was read before: what breaks off here has no metadata.
	_ = eachChunk(r, func(c chunk) error {
		if c.length > maxTextChunk || !slices.Contains([]string{"eXIf", "iCCP", "iTXt", "tEXt", "zTXt"}, c.name) {
			return nil
		}
		b, err := readAt(r, c.off, int(c.length))
		if err != nil {
			return err
		}
		switch c.name {
		case "eXIf":
			if m.EXIF == nil {
				m.EXIF = trimExifPrefix(b)
			}
		case "iCCP": // name, 0, method 0, deflated profile (11.3.2.3)
			if _, z, ok := bytes.Cut(b, []byte{0}); ok && len(z) > 1 {
				if m.ICC = inflate(z[1:]); m.ICC == nil {
					m = without(m, "damaged ICC profile")
				}
			}
		case "iTXt":
			if xmp := pngXMP(b); xmp != nil {
				m.XMP = xmp
				break
			}
			fallthrough
		default:
			if !slices.Contains(m.Other, "text") {
				m.Other = append(m.Other, "text")
			}
		}
		return nil
	})
	return m
}

// pngXMP returns the XMP in an iTXt chunk: keyword, 0, compressed?, method,
// language, 0, translated keyword, 0, text (11.3.3.4). It returns nil where
// there is none.
func pngXMP(b []byte) []byte {
	rest, ok := bytes.CutPrefix(b, []byte(xmpKeyword+"\x00"))
	if !ok || len(rest) < 2 {
		return nil
	}
	part := bytes.SplitN(rest[2:], []byte{0}, 3)
	switch {
	case len(part) < 3:
		return nil
	case rest[0] != 0:
		return inflate(part[2])
	}
	return part[2]
}

// inflate returns what z unpacks to, or nil if that is damaged or larger than
// maxTextChunk.
func inflate(z []byte) []byte {
	zr, err := zlib.NewReader(bytes.NewReader(z))
	if err != nil {
		return nil
	}
	out, err := io.ReadAll(io.LimitReader(zr, maxTextChunk+1))
	if err != nil || len(out) > maxTextChunk {
		return nil
	}
	return out
}

func webpMetadata(r *bytes.Reader) meta.Data {
	var m meta.Data
	_ = eachRIFFChunk(io.NewSectionReader(r, 0, r.Size()), func(c chunk) error { // see pngMetadata
		into := map[string]*[]byte{"ICCP": &m.ICC, "EXIF": &m.EXIF, "XMP ": &m.XMP}[c.name]
		if into == nil || c.length > maxTextChunk {
			return nil
		}
		b, err := readAt(r, c.off, int(c.length))
		*into = b
		return err
	})
	m.EXIF = trimExifPrefix(m.EXIF)
	return m
}

// fitMetadata takes away from m what a file of format f with a gray or coloured
// picture cannot hold, and returns the names of that.
func fitMetadata(m meta.Data, f Format, gray bool) (kept meta.Data, lost []string) {
	kept, lost = m, slices.Clone(m.Other)
	drop := func(item *[]byte, name string, keep bool) {
		if *item != nil && !keep {
			*item = nil
			lost = append(lost, name)
		}
	}
	holds := f == JPEG || f == PNG || f == TIFF
	space := "RGB "
	if gray {
		space = "GRAY"
	}
	drop(&kept.EXIF, "EXIF", f == PNG || f == TIFF && isEXIF(m.EXIF) || f == JPEG && len(m.EXIF) <= maxSegment-len(exifPrefix))
	drop(&kept.XMP, "XMP", f == PNG || f == TIFF || f == JPEG && len(m.XMP) <= maxSegment-len(xmpPrefix))
	drop(&kept.ICC, profileName(m.ICC), holds && profileSpace(m.ICC) == space && len(m.ICC) <= 255*maxProfilePart)
	drop(&kept.IPTC, "IPTC", f == TIFF || f == JPEG && len(m.IPTC) <= maxSegment-len(iptcPrefix))
	tooLong := func(c []byte) bool { return f != JPEG || len(c) > maxSegment }
	if slices.ContainsFunc(kept.Comments, tooLong) {
		kept.Comments = slices.DeleteFunc(slices.Clone(kept.Comments), tooLong)
		lost = append(lost, "comment")
	}
	return kept, lost
}

// Sizes of a JPEG segment's payload, and of the part of a profile in one.
const (
	maxSegment     = 65533
	maxProfilePart = maxSegment - len(iccPrefix) - 2
)

// jpegSegments returns m as the segments of a JPEG.
func jpegSegments(m meta.Data) []jpeg.Segment {
	var out []jpeg.Segment
	put := func(marker byte, prefix string, data []byte) {
		if data != nil {
			out = append(out, jpeg.Segment{Marker: marker, Data: append([]byte(prefix), data...)})
		}
	}
	if m.EXIF != nil {
		put(markAPP1, exifPrefix, uprightExif(m.EXIF))
	}
	put(markAPP1, xmpPrefix, m.XMP)
	count := (len(m.ICC) + maxProfilePart - 1) / maxProfilePart
	for i := range count {
		part := m.ICC[i*maxProfilePart : min((i+1)*maxProfilePart, len(m.ICC))]
		put(markAPP2, iccPrefix+string([]byte{byte(i + 1), byte(count)}), part)
	}
	put(markAPP13, iptcPrefix, m.IPTC)
	for _, c := range m.Comments {
		put(markCOM, "", c)
	}
	return out
}

// pngChunks returns m as chunks to stand behind IHDR.
func pngChunks(m meta.Data) []byte {
	var out []byte
	put := func(name string, data []byte) {
		out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
		start := len(out)
		out = append(append(out, name...), data...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[start:]))
	}
	if m.ICC != nil {
		var b bytes.Buffer
		fmt.Fprintf(&b, "ICC profile\x00\x00")
		zw := zlib.NewWriter(&b) // writing to memory cannot fail
		_, _ = zw.Write(m.ICC)
		_ = zw.Close()
		put("iCCP", b.Bytes())
	}
	if m.EXIF != nil {
		put("eXIf", uprightExif(m.EXIF))
	}
	if m.XMP != nil {
		put("iTXt", append([]byte(xmpKeyword+"\x00\x00\x00\x00\x00"), m.XMP...))
	}
	return out
}
