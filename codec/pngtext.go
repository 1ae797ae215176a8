package codec

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/imgpar/imgpar/codec/meta"
)

// textOf returns the text in a chunk, or nil where it is damaged: keyword, 0,
// and in tEXt the text, in zTXt the method and the deflated text, in iTXt
// whether it is deflated, method, language, 0, translated keyword, 0, text (PNG
// specification, third edition, 11.3.3).
func textOf(c meta.Chunk, unpack func([]byte) []byte) []byte {
	_, b, ok := bytes.Cut(c.Data, []byte{0})
	switch {
	case !ok:
		return nil
	case c.Name == "tEXt":
		return b
	case c.Name == "zTXt":
		if len(b) == 0 || b[0] != 0 {
			return nil
		}
		return unpack(b[1:])
	case len(b) < 2:
		return nil
	}
	part := bytes.SplitN(b[2:], []byte{0}, 3)
	switch {
	case len(part) < 3:
		return nil
	case b[0] != 0:
		return unpack(part[2])
	}
	return part[2]
}

// rawBytes returns the block in the text of a raw profile, as ImageMagick
// writes it: a line end, a name, a line end, the length in decimal digits, a
// line end, the bytes in hexadecimal digits with line ends among them. It
// returns nil for another text.
func rawBytes(text []byte) []byte {
	part := bytes.SplitN(text, []byte{'\n'}, 4)
	if len(part) < 4 || len(part[0]) > 0 {
		return nil
	}
	n, err := strconv.Atoi(string(bytes.TrimSpace(part[2])))
	if err != nil {
		return nil
	}
	digits := make([]byte, 0, len(part[3]))
	for _, c := range part[3] {
		if !slices.Contains([]byte(" \t\r\n\v\f"), c) {
			digits = append(digits, c)
		}
	}
	out := make([]byte, len(digits)/2)
	if _, err := hex.Decode(out, digits); err != nil || len(out) != n {
		return nil
	}
	return out
}

// rawText is the inverse of rawBytes, with lines of 72 digits.
func rawText(name string, data []byte) []byte {
	out := fmt.Appendf(nil, "\n%s\n%8d\n", name, len(data))
	for len(data) > 0 {
		n := min(36, len(data))
		out = append(hex.AppendEncode(out, data[:n]), '\n')
		data = data[n:]
	}
	return out
}

// textComment returns the text of a PNG's comment as a JPEG's, in UTF-8. It is
// not ok for other texts, damaged ones and what no segment holds.
func textComment(c meta.Chunk) (comment []byte, ok bool) {
	if c.Keyword() != commentKeyword {
		return nil, false
	}
	text := textOf(c, func(z []byte) []byte { return inflateMost(z, maxSegment) })
	if c.Name != "iTXt" { // Latin-1
		runes := make([]rune, len(text))
		for i, b := range text {
			runes[i] = rune(b)
		}
		text = []byte(string(runes))
	}
	return text, len(text) > 0 && len(text) <= maxSegment
}

// commentText returns a JPEG's comment as a PNG's text: UTF-8 in an iTXt, what
// is ASCII or of an unknown code in a tEXt. It is not ok where there are zeros
// within, which end a text.
func commentText(comment []byte) (c meta.Chunk, ok bool) {
	comment = bytes.TrimRight(comment, "\x00")
	c = meta.Chunk{Name: "tEXt", Data: []byte(commentKeyword + "\x00")}
	if ascii := len(comment) == utf8.RuneCount(comment); !ascii && utf8.Valid(comment) {
		c = meta.Chunk{Name: "iTXt", Data: []byte(commentKeyword + "\x00\x00\x00\x00\x00")}
	}
	c.Data = append(c.Data, comment...)
	return c, bytes.IndexByte(comment, 0) < 0
}
