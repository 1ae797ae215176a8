package main

import (
	"encoding/binary"
	"slices"
)

const profileName = "imgpar wide gamut"

// wideGamut returns an ICC profile, version 2.4: an RGB display with the
// primaries of Display P3, adapted to D50, and a gamma of 2.2.
func wideGamut() []byte {
	curve := append([]byte("curv\x00\x00\x00\x00"), 0, 0, 0, 1, 0x02, 0x33) // one u8Fixed8: 2.2
	tags := []struct {
		name string
		data []byte
	}{
		{"desc", description(profileName)},
		{"cprt", []byte("text\x00\x00\x00\x00public domain\x00")},
		{"wtpt", xyz(63190, 65536, 54061)},
		{"rXYZ", xyz(33759, 15807, -69)},
		{"gXYZ", xyz(19135, 45367, 2745)},
		{"bXYZ", xyz(10296, 4362, 51385)},
		{"rTRC", curve},
		{"gTRC", curve},
		{"bTRC", curve},
	}
	table := be32(len(tags))
	var data []byte
	for _, t := range tags {
		offset := 128 + 4 + 12*len(tags) + len(data)
		table = slices.Concat(table, []byte(t.name), be32(offset), be32(len(t.data)))
		data = append(data, t.data...)
		data = append(data, make([]byte, -len(data)&3)...)
	}
	return slices.Concat(profileHeader(128+len(table)+len(data)), table, data)
}

// profileHeader is ICC.1:2001-04, section 6.1.
func profileHeader(size int) []byte {
	h := make([]byte, 128)
	copy(h, be32(size))
	copy(h[8:], "\x02\x40\x00\x00mntrRGB XYZ ")
	copy(h[24:], []byte{0x07, 0xe9, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0}) // 1 January 2025
	copy(h[36:], "acsp")
	copy(h[68:], slices.Concat(be32(63190), be32(65536), be32(54061))) // D50
	return h
}

// description is a textDescriptionType: ASCII, no Unicode, no ScriptCode.
func description(s string) []byte {
	return slices.Concat([]byte("desc\x00\x00\x00\x00"), be32(len(s)+1), []byte(s), make([]byte, 1+8+3+67))
}

// xyz is an XYZType of numbers with 16 fractional bits.
func xyz(x, y, z int) []byte {
	return slices.Concat([]byte("XYZ \x00\x00\x00\x00"), be32(x), be32(y), be32(z))
}

func be32(v int) []byte { return binary.BigEndian.AppendUint32(nil, uint32(v)) }

// iccSegments splits a profile over n APP2 segments.
func iccSegments(profile []byte, n int) []segment {
	var out []segment
	part := ceilDiv(len(profile), n)
	for i := range n {
		head := append([]byte("ICC_PROFILE\x00"), byte(i+1), byte(n))
		out = append(out, segment{app2, append(head, profile[i*part:min((i+1)*part, len(profile))]...)})
	}
	return out
}

func exifSegment(orientation int) segment {
	return segment{app1, append([]byte("Exif\x00\x00"), exif(orientation)...)}
}

// xmpPacket is the metadata that some fixtures carry next to EXIF.
const xmpPacket = `<?xpacket begin="` + "\ufeff" + `" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>image/jpeg</dc:format></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`

var xmpSegment = segment{app1, []byte("http://ns.adobe.com/xap/1.0/\x00" + xmpPacket)}
