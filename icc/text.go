package icc

import (
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf16"
)

// maxName is the most characters of a name.
const maxName = 100

// Name returns the description that the profile gives of itself, such as "Display P3", or "" if there is none. It is
// one line of at most 100 characters.
func (p *Profile) Name() string {
	b := p.tags["desc"]
	if len(b) < 12 {
		return ""
	}
	switch string(b[:4]) {
	case "desc": // version 2, 6.5.17: length, then ASCII
		n := min(int64(binary.BigEndian.Uint32(b[8:])), int64(len(b)-12))
		return line(string(b[12 : 12+n]))
	case "text":
		return line(string(b[8:]))
	case "mluc":
		return line(localized(b))
	}
	return ""
}

// localized returns the text in English, or the first one (multiLocalizedUnicodeType, 10.15).
func localized(b []byte) string {
	if len(b) < 28 {
		return ""
	}
	count, size := int64(binary.BigEndian.Uint32(b[8:])), int64(binary.BigEndian.Uint32(b[12:]))
	if size < 12 {
		return ""
	}
	first := ""
	for i := int64(0); i < min(count, maxTags) && 16+i*size+12 <= int64(len(b)); i++ {
		record := b[16+i*size:]
		n, off := int64(binary.BigEndian.Uint32(record[4:])), int64(binary.BigEndian.Uint32(record[8:]))
		if off+n > int64(len(b)) {
			continue
		}
		text := utf16Text(b[off : off+n])
		if string(record[:2]) == "en" {
			return text
		}
		if first == "" {
			first = text
		}
	}
	return first
}

func utf16Text(b []byte) string {
	var units []uint16
	for ; len(b) >= 2 && len(units) < 2*maxName; b = b[2:] {
		units = append(units, binary.BigEndian.Uint16(b))
	}
	return string(utf16.Decode(units))
}

// line makes one line of what may be anything: up to the first NUL, without what cannot be printed.
func line(s string) string {
	s, _, _ = strings.Cut(s, "\x00")
	var out []rune
	for _, r := range strings.Join(strings.Fields(strings.ToValidUTF8(s, "?")), " ") {
		if unicode.IsPrint(r) && len(out) < maxName {
			out = append(out, r)
		}
	}
	return strings.TrimSpace(string(out))
}
