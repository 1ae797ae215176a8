package webp

import (
	"encoding/binary"
	"io"
)

// Names of chunks (RFC 9649, 2.5 to 2.7).
const (
	chunkLossy    = "VP8 "
	chunkLossless = "VP8L"
	chunkAlpha    = "ALPH"
	chunkExtended = "VP8X"
	chunkAnim     = "ANIM"
	chunkFrame    = "ANMF"
	chunkICC      = "ICCP"
	chunkEXIF     = "EXIF"
	chunkXMP      = "XMP "
)

// Flags of a VP8X chunk (2.7).
const (
	flagICC       = 1 << 5
	flagAlpha     = 1 << 4
	flagEXIF      = 1 << 3
	flagXMP       = 1 << 2
	flagAnimation = 1 << 1
)

// chunk is a chunk of a RIFF file (2.3), whose data stands at off.
type chunk struct {
	name   string
	off    int64
	length int64
}

// eachChunk calls visit for every chunk from an offset on. What is said to be in the
// last one may lie beyond the end.
func eachChunk(r *io.SectionReader, off int64, visit func(chunk) error) error {
	for i := 0; off+8 <= r.Size(); i++ {
		if i == MaxChunks {
			return ErrChunks
		}
		b, err := readAt(r, off, 8)
		if err != nil {
			return err
		}
		n := int64(binary.LittleEndian.Uint32(b[4:]))
		if err := visit(chunk{string(b[:4]), off + 8, n}); err != nil {
			return err
		}
		off += 8 + n + n&1
	}
	return nil
}

// readAt reads exactly n bytes at off. Where they are many, it looks first whether
// they are there: n is the word of a file.
func readAt(r io.ReaderAt, off int64, n int) ([]byte, error) {
	const many = 64 << 10
	var last [1]byte
	if n > many {
		if k, err := r.ReadAt(last[:], off+int64(n)-1); k < len(last) {
			return nil, err
		}
	}
	b := make([]byte, n)
	if k, err := r.ReadAt(b, off); k < n {
		return nil, err
	}
	return b, nil
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

func appendUint24(out []byte, v int) []byte { return append(out, byte(v), byte(v>>8), byte(v>>16)) }

// appendChunk appends a chunk: name, length, data, padding to even length.
func appendChunk(out []byte, name string, data []byte) []byte {
	out = binary.LittleEndian.AppendUint32(append(out, name...), uint32(len(data)))
	out = append(out, data...)
	if len(data)%2 != 0 {
		out = append(out, 0)
	}
	return out
}

// extended returns the data of a VP8X chunk.
func extended(flags byte, width, height int) []byte {
	return appendUint24(appendUint24([]byte{flags, 0, 0, 0}, width-1), height-1)
}
