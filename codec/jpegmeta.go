package codec

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/codec/meta"
)

// Prefixes of JPEG segments.
const (
	jfifPrefix     = "JFIF\x00"
	jfxxPrefix     = "JFXX\x00"     // a thumbnail
	exifPrefix     = "Exif\x00\x00" // Exif 2.32, section 4.7.2
	xmpPrefix      = "http://ns.adobe.com/xap/1.0/\x00"
	extendedPrefix = "http://ns.adobe.com/xmp/extension/\x00"
	iccPrefix      = "ICC_PROFILE\x00"
	mpfPrefix      = "MPF\x00" // Multi-Picture Format, CIPA DC-007
	iptcPrefix     = "Photoshop 3.0\x00"
	duckyPrefix    = "Ducky" // the quality that Photoshop was asked for
)

// trimExifPrefix takes away the prefix of a JPEG's EXIF, which some writers put in
// other containers as well.
func trimExifPrefix(b []byte) []byte { return bytes.TrimPrefix(b, []byte(exifPrefix)) }

// Sizes of a JPEG segment's payload, of the part of a profile in one, and of
// the part of an extended packet of XMP, which stands behind its name, its
// length and the part's offset (XMP part 3, 1.1.3.1).
const (
	maxSegment      = 65533
	maxProfilePart  = maxSegment - len(iccPrefix) - 2
	extendedHead    = len(extendedPrefix) + 32 + 4 + 4
	maxExtendedPart = maxSegment - extendedHead
	maxResourcePart = maxSegment - len(iptcPrefix)
)

func has(s jpeg.Segment, marker byte, prefix string) bool {
	return s.Marker == marker && bytes.HasPrefix(s.Data, []byte(prefix))
}

// isProfile tells whether a segment holds a part of an ICC profile (ICC.1:2022,
// annex B.4).
func isProfile(s jpeg.Segment) bool { return has(s, markAPP2, iccPrefix) }

// jpegMetadata returns what a JPEG says beside its picture. What only serves
// the coding of its pixels, JFIF's and Adobe's segments and the quality that
// Photoshop notes, is passed over, and so is a thumbnail in JFIF.
func jpegMetadata(f *jpeg.File) meta.Data {
	var m meta.Data
	var extended []jpeg.Segment
	iptc := 0 // bytes
	once := func(item *[]byte, s jpeg.Segment, prefix, name string) {
		if *item != nil {
			m.Omit("second " + name)
			return
		}
		*item = s.Data[len(prefix):]
	}
	for _, s := range f.Segments {
		switch {
		case has(s, markAPP1, exifPrefix):
			once(&m.EXIF, s, exifPrefix, "EXIF")
		case has(s, markAPP1, xmpPrefix):
			once(&m.XMP, s, xmpPrefix, "XMP")
		case has(s, markAPP1, extendedPrefix):
			extended = append(extended, s)
		case has(s, markAPP13, iptcPrefix): // one block of resources may take several segments
			if iptc += len(s.Data); iptc <= maxTextChunk {
				m.IPTC = append(m.IPTC, s.Data[len(iptcPrefix):]...) // in memory of its own
			}
		case has(s, markAPP0, jfifPrefix):
			m.Density = jfifDensity(s.Data)
		case s.Marker == markCOM:
			m.Comments = append(m.Comments, s.Data)
		case has(s, markAPP2, mpfPrefix):
			m.Omit(meta.FurtherPictures)
		case isProfile(s), s.Marker == markAPP14, has(s, markAPP0, jfxxPrefix), has(s, markAPP12, duckyPrefix):
		default:
			m.Omit(segmentName(s))
		}
	}
	if iptc > maxTextChunk {
		m.IPTC = nil
		m.Omit("large IPTC")
	}
	ok := true
	if m.ICC, ok = joinedProfile(f.Segments); !ok {
		m.Other = append(m.Other, meta.DamagedProfile)
	}
	if m.ExtendedXMP, ok = joinedXMP(extended, meta.ExtendedID(m.XMP)); !ok {
		m.Other = append(m.Other, "damaged extended XMP")
	}
	if !slices.Contains(m.Other, meta.FurtherPictures) {
		m.Other = append(m.Other, dataBehind(f)...)
	}
	return m
}

// joinedProfile returns the ICC profile of some segments, each of which holds
// a part that it numbers from 1 (ICC.1:2022, annex B.4). It is not ok where
// parts are missing.
func joinedProfile(segments []jpeg.Segment) (icc []byte, ok bool) {
	parts := map[byte][]byte{}
	count := byte(0)
	for _, s := range segments {
		if isProfile(s) && len(s.Data) > len(iccPrefix)+2 {
			parts[s.Data[len(iccPrefix)]] = s.Data[len(iccPrefix)+2:]
			count = max(count, 1, s.Data[len(iccPrefix)+1])
		}
	}
	for i := byte(1); i != 0 && i <= count; i++ {
		if parts[i] == nil {
			return nil, false
		}
		icc = append(icc, parts[i]...)
	}
	return icc, true
}

// joinedXMP returns the extended packet that has a name, of whose parts each
// says where it belongs (XMP part 3, 1.1.3.1). It is not ok where there are
// parts, but not all, or none of that name.
func joinedXMP(segments []jpeg.Segment, id string) (packet []byte, ok bool) {
	parts := slices.DeleteFunc(slices.Clone(segments), func(s jpeg.Segment) bool {
		return id == "" || len(s.Data) < extendedHead || string(s.Data[len(extendedPrefix):][:32]) != id
	})
	number := func(s jpeg.Segment, at int) int64 { return int64(binary.BigEndian.Uint32(s.Data[extendedHead-at:])) }
	slices.SortStableFunc(parts, func(a, b jpeg.Segment) int { return cmp.Compare(number(a, 4), number(b, 4)) })
	for _, s := range parts {
		data := s.Data[extendedHead:]
		if number(s, 4) != int64(len(packet)) || len(packet)+len(data) > maxTextChunk {
			return nil, false
		}
		packet = append(packet, data...)
	}
	if len(parts) > 0 && number(parts[0], 8) != int64(len(packet)) {
		return nil, false
	}
	return packet, len(parts) > 0 || len(segments) == 0
}

// jfifDensity returns what a JFIF segment says (JFIF 1.02): pixels by the inch
// or the centimetre, or the shape of a pixel, of which a square needs no saying.
func jfifDensity(b []byte) meta.Density {
	if len(b) < 12 || b[7] > 2 {
		return meta.Density{}
	}
	d := meta.Density{X: uint32(binary.BigEndian.Uint16(b[8:])), Y: uint32(binary.BigEndian.Uint16(b[10:])), Unit: meta.Unit(b[7])}
	if d.X == 0 || d.Y == 0 || d.Unit == meta.Aspect && d.X == d.Y {
		return meta.Density{}
	}
	return d
}

// jfifSegment is JFIF with a density that Short gave.
func jfifSegment(d meta.Density) jpeg.Segment {
	b := []byte(jfifPrefix + "\x01\x01")
	b = append(b, byte(d.Unit))
	b = binary.BigEndian.AppendUint16(b, uint16(d.X))
	b = binary.BigEndian.AppendUint16(b, uint16(d.Y))
	return jpeg.Segment{Marker: markAPP0, Data: append(b, 0, 0)} // no thumbnail
}

// segmentName is what people call an APPn segment: its number and the
// identifier that it begins with.
func segmentName(s jpeg.Segment) string {
	const most = 16
	id := strings.TrimSpace(string(s.Data[:min(len(s.Data), most)]))
	if i := strings.IndexFunc(id, func(r rune) bool { return r <= ' ' || r > '~' }); i >= 0 {
		id = id[:i]
	}
	return strings.TrimSpace(fmt.Sprintf("APP%d %s", s.Marker-markAPP0, id))
}

// dataBehind names what follows a picture in its file and is left out.
func dataBehind(f *jpeg.File) []string {
	if len(bytes.Trim(f.Rest, "\x00")) == 0 {
		return nil
	}
	return []string{meta.DataBehind}
}

// jpegSegments returns m as the segments of a JPEG, but for what does not fit.
func jpegSegments(m meta.Data) []jpeg.Segment {
	var out []jpeg.Segment
	put := func(marker byte, prefix string, data []byte) {
		if data != nil {
			out = append(out, jpeg.Segment{Marker: marker, Data: append([]byte(prefix), data...)})
		}
	}
	if d, ok := m.Density.Short(); ok {
		out = append(out, jfifSegment(d))
	}
	put(markAPP1, exifPrefix, m.EXIF)
	put(markAPP1, xmpPrefix, m.XMP)
	if id := meta.ExtendedID(m.XMP); id != "" {
		length := string(binary.BigEndian.AppendUint32([]byte(id), uint32(len(m.ExtendedXMP))))
		for at := 0; at < len(m.ExtendedXMP); at += maxExtendedPart {
			part := m.ExtendedXMP[at:min(at+maxExtendedPart, len(m.ExtendedXMP))]
			put(markAPP1, extendedPrefix+length+string(binary.BigEndian.AppendUint32(nil, uint32(at))), part)
		}
	}
	out = append(out, profileSegments(m.ICC)...)
	for at := 0; at < len(m.IPTC); at += maxResourcePart {
		put(markAPP13, iptcPrefix, m.IPTC[at:min(at+maxResourcePart, len(m.IPTC))])
	}
	for _, c := range m.Comments {
		put(markCOM, "", c)
	}
	return out
}

// profileSegments divides a profile of at most 255 parts.
func profileSegments(icc []byte) []jpeg.Segment {
	var out []jpeg.Segment
	count := (len(icc) + maxProfilePart - 1) / maxProfilePart
	for i := range count {
		part := icc[i*maxProfilePart : min((i+1)*maxProfilePart, len(icc))]
		head := iccPrefix + string([]byte{byte(i + 1), byte(count)})
		out = append(out, jpeg.Segment{Marker: markAPP2, Data: append([]byte(head), part...)})
	}
	return out
}
