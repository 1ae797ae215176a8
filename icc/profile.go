package icc

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// Limits of what is read.
const (
	maxSize = 16 << 20 // bytes of a profile
	maxTags = 256
)

// Profile is a colour profile.
type Profile struct {
	data    []byte
	version byte   // major version of the format
	class   string // device class (7.2.5)
	space   string
	pcs     string // "XYZ" or "Lab", for profiles that are read
	tags    map[string][]byte
}

// Parse reads the header and the table of tags of a profile of at most 16 MiB and 256 tags, which it keeps but never
// changes. The error is a *FormatError.
func Parse(data []byte) (*Profile, error) {
	switch {
	case len(data) < 132:
		return nil, &FormatError{fmt.Sprintf("a profile of %d bytes", len(data))}
	case len(data) > maxSize:
		return nil, &FormatError{fmt.Sprintf("a profile of %d bytes; at most %d are read", len(data), maxSize)}
	case string(data[36:40]) != "acsp": // 7.2.9
		return nil, &FormatError{"the profile has no signature"}
	}
	p := &Profile{
		data: data, version: data[8], tags: map[string][]byte{},
		class: name4(data[12:]), space: name4(data[16:]), pcs: name4(data[20:]),
	}
	return p, p.readTags()
}

// name4 is a signature of four characters, without the spaces at its end.
func name4(b []byte) string { return strings.TrimRight(string(b[:4]), " \x00") }

// readTags reads the tag table (7.3). Tags may share their data.
func (p *Profile) readTags() error {
	count := int64(binary.BigEndian.Uint32(p.data[128:]))
	if count > maxTags || 132+12*count > int64(len(p.data)) {
		return &FormatError{fmt.Sprintf("%d tags in %d bytes; at most %d are read", count, len(p.data), maxTags)}
	}
	for i := range count {
		entry := p.data[132+12*i:]
		tag := string(entry[:4])
		off, size := int64(binary.BigEndian.Uint32(entry[4:])), int64(binary.BigEndian.Uint32(entry[8:]))
		if size < 8 || off+size > int64(len(p.data)) {
			return &FormatError{fmt.Sprintf("tag %q of %d bytes at offset %d of %d", tag, size, off, len(p.data))}
		}
		if _, twice := p.tags[tag]; !twice {
			p.tags[tag] = p.data[off : off+size : off+size]
		}
	}
	return nil
}

// Space returns the colour space of the picture's side: "RGB", "GRAY", "CMYK", or another of ICC.1:2022, table 19,
// without spaces at its end.
func (p *Profile) Space() string { return p.space }

// channels by colour space, of those that are read.
var channels = map[string]int{"GRAY": 1, "RGB": 3, "CMYK": 4}

// has tells whether all of these tags are there.
func (p *Profile) has(tags ...string) bool {
	for _, t := range tags {
		if p.tags[t] == nil {
			return false
		}
	}
	return true
}

// isShaper tells whether p has curves, and for RGB a matrix, whatever tables it has besides.
func (p *Profile) isShaper() bool {
	return p.space == "GRAY" && p.has("kTRC") ||
		p.space == "RGB" && p.has("rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC")
}

// s15Fixed16 reads a number (4.6).
func s15Fixed16(b []byte) float64 {
	return float64(int32(binary.BigEndian.Uint32(b))) / 65536
}

// xyz reads a tag of XYZType with one number (10.31).
func (p *Profile) xyz(tag string) (v [3]float64, err error) {
	b := p.tags[tag]
	if len(b) < 20 || string(b[:4]) != "XYZ " {
		return v, &FormatError{fmt.Sprintf("tag %q is no XYZ number", tag)}
	}
	for i := range v {
		v[i] = s15Fixed16(b[8+4*i:])
	}
	return v, nil
}
