package codec

import (
	"bytes"
	"encoding/binary"
)

// Photoshop's image resources are blocks: "8BIM", an id, a name as a Pascal string, and data, name and data padded to an
// even length (Adobe Photoshop File Formats Specification, "Image Resource Blocks"). A JPEG has IPTC in one of them, a TIFF
// by itself.

const (
	resourceSignature = "8BIM"
	resourceIPTC      = 0x0404
)

// nextResource cuts the first block off. It reports false where there is none.
func nextResource(b []byte) (id uint16, data, block, rest []byte, ok bool) {
	if len(b) < 7 || string(b[:4]) != resourceSignature {
		return 0, nil, nil, b, false
	}
	at := 6 + (int(b[6])+2)&^1
	if len(b) < at+4 {
		return 0, nil, nil, b, false
	}
	n := int64(binary.BigEndian.Uint32(b[at:]))
	if at += 4; n > int64(len(b)-at) {
		return 0, nil, nil, b, false
	}
	end := at + int(n)
	padded := min(end+end&1, len(b))
	return binary.BigEndian.Uint16(b[4:]), b[at:end], b[:padded], b[padded:], true
}

// splitResources returns the IPTC among Photoshop's resources, and the others.
func splitResources(b []byte) (iptc, others []byte) {
	for {
		id, data, block, rest, ok := nextResource(b)
		if !ok {
			return iptc, others
		}
		if id == resourceIPTC && iptc == nil {
			iptc = data
		} else {
			others = append(others, block...)
		}
		b = rest
	}
}

// resourcesWith returns Photoshop's resources with IPTC among them. That which is there already gives way.
func resourcesWith(resources, iptc []byte) []byte {
	if len(iptc) == 0 {
		return resources
	}
	_, others := splitResources(resources)
	out := append([]byte(resourceSignature), resourceIPTC>>8, resourceIPTC&0xff, 0, 0)
	out = binary.BigEndian.AppendUint32(out, uint32(len(iptc)))
	out = append(out, iptc...)
	if len(out)%2 == 1 {
		out = append(out, 0)
	}
	return bytes.Join([][]byte{out, others}, nil)
}

// withoutPadding returns IPTC without the zeros, at most three, that fill it up to a multiple of four bytes (IPTC-NAA
// Information Interchange Model 4.2, 1.6: each dataset begins with 0x1c, and has its length in its fourth and fifth byte).
func withoutPadding(iptc []byte) []byte {
	rest := iptc
	for len(rest) >= 5 && rest[0] == 0x1c {
		n := 5 + int(binary.BigEndian.Uint16(rest[3:]))
		if n >= 5+0x8000 || n > len(rest) {
			break
		}
		rest = rest[n:]
	}
	if len(rest) < 4 && len(bytes.Trim(rest, "\x00")) == 0 {
		return iptc[:len(iptc)-len(rest)]
	}
	return iptc
}
