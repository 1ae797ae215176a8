package png

import (
	"encoding/binary"
	"hash/crc32"
	"iter"
)

const signature = "\x89PNG\r\n\x1a\n"

// chunk is one chunk of a file (section 5.3).
type chunk struct {
	off   int64 // of its length
	name  string
	data  []byte
	wrong string // what is wrong with it
}

// chunks gives what stands in a file behind its signature, up to IEND. The
// last chunk may break off. Where there is none, it goes on at the next that
// makes a picture.
func chunks(file []byte) iter.Seq[chunk] {
	return func(yield func(chunk) bool) {
		for off := len(signature); off < len(file); {
			c, end := chunkAt(file, off)
			if !yield(c) || c.name == "IEND" {
				return
			}
			off = end
		}
	}
}

// chunkAt reads the chunk at off and returns the offset of the next.
func chunkAt(file []byte, off int) (c chunk, end int) {
	c = chunk{off: int64(off)}
	b := file[off:]
	if len(b) < 8 {
		c.wrong = "the file ends within a chunk"
		return c, len(file)
	}
	if !isName(b[4:8]) {
		c.wrong = "no chunk"
		return c, next(file, off+1)
	}
	c.name = string(b[4:8])
	length := uint64(binary.BigEndian.Uint32(b))
	if length+12 > uint64(len(b)) {
		c.wrong = "the chunk " + c.name + " breaks off"
		if at := next(file, off+8); at < len(file) && c.name != "IDAT" { // its length is wrong
			return c, at
		}
		c.data = b[8:min(8+length, uint64(len(b)))]
		return c, len(file)
	}
	c.data = b[8 : 8+length]
	if sum := b[8+length:]; crc32.ChecksumIEEE(b[4:8+length]) != binary.BigEndian.Uint32(sum) {
		c.wrong = "the chunk " + c.name + " has a wrong checksum"
	}
	return c, off + 12 + int(length)
}

// isName tells whether b may be the name of a chunk.
func isName(b []byte) bool {
	for _, c := range b {
		if (c|0x20) < 'a' || (c|0x20) > 'z' {
			return false
		}
	}
	return true
}

// next returns the offset of the next chunk, from off on, that makes a
// picture, or the end of the file.
func next(file []byte, off int) int {
	for at := off; at+8 <= len(file); at++ {
		switch string(file[at+4 : at+8]) {
		case "PLTE", "IDAT", "IEND":
			return at
		}
	}
	return len(file)
}
