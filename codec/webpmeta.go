package codec

import (
	"encoding/binary"

	"github.com/imgpar/imgpar/codec/meta"
)

// Flags of a VP8X chunk (WebP container specification, extended file format),
// beside webpAnimation.
const (
	webpICC   = 1 << 5
	webpAlpha = 1 << 4
	webpEXIF  = 1 << 3
	webpXMP   = 1 << 2
)

// webpContainer returns a WebP file around its chunks of pixels, of VP8L or,
// with webpAnimation in flags, ANIM and ANMF, each with its header and padding:
// with a VP8X chunk where there is an animation or metadata. Width and height,
// pixels, are at most 1<<24.
func webpContainer(picture []byte, width, height int, flags byte, m meta.Data) []byte {
	var icc, behind []byte
	if m.ICC != nil {
		flags, icc = flags|webpICC, appendRIFFChunk(nil, "ICCP", m.ICC)
	}
	if m.EXIF != nil {
		flags, behind = flags|webpEXIF, appendRIFFChunk(behind, "EXIF", m.EXIF)
	}
	if m.XMP != nil {
		flags, behind = flags|webpXMP, appendRIFFChunk(behind, "XMP ", m.XMP)
	}
	body := []byte("WEBP")
	if flags&^webpAlpha != 0 {
		size := binary.LittleEndian.AppendUint64(nil, uint64(width-1)|uint64(height-1)<<24)
		body = appendRIFFChunk(body, "VP8X", append([]byte{flags, 0, 0, 0}, size[:6]...))
	}
	body = append(append(append(body, icc...), picture...), behind...)
	return appendRIFFChunk(nil, "RIFF", body)
}

// appendRIFFChunk appends a chunk: name, length, data, padding to even length.
func appendRIFFChunk(out []byte, name string, data []byte) []byte {
	out = binary.LittleEndian.AppendUint32(append(out, name...), uint32(len(data)))
	out = append(out, data...)
	if len(data)%2 != 0 {
		out = append(out, 0)
	}
	return out
}
