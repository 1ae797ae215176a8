package png

import (
	"encoding/binary"
	"hash/crc32"
	"iter"
)

// Signature begins every PNG (section 5.2).
const Signature = "\x89PNG\r\n\x1a\n"

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
		for off := len(Signature); off < len(file); {
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
	if c, end, ok := wholeChunk(file, off); ok {
		return c, end
	}
	c.name = string(b[4:8])
	c.wrong = "the chunk " + c.name + " breaks off"
	if at := next(file, off+8); at < len(file) && c.name != "IDAT" { // its length is wrong
		return c, at
	}
	c.data = b[8:min(8+uint64(binary.BigEndian.Uint32(b)), uint64(len(b)))]
	return c, len(file)
}

// wholeChunk is chunkAt for one that does not break off, whatever its name. It is
// not ok for others.
func wholeChunk(file []byte, off int) (c chunk, end int, ok bool) {
	b := file[min(off, len(file)):] // which may not even have a signature
	if len(b) < 12 || uint64(binary.BigEndian.Uint32(b)) > uint64(len(b)-12) {
		return chunk{}, 0, false
	}
	n := 8 + int(binary.BigEndian.Uint32(b))
	c = chunk{off: int64(off), name: string(b[4:8]), data: b[8:n:n]}
	if crc32.ChecksumIEEE(b[4:n]) != binary.BigEndian.Uint32(b[n:]) {
		c.wrong = "the chunk " + c.name + " has a wrong checksum"
	}
	return c, off + n + 4, true
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

// AppendChunk appends a chunk with its checksum (section 5.3).
func AppendChunk(out []byte, name string, data []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
	start := len(out)
	out = append(append(out, name...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[start:]))
}
