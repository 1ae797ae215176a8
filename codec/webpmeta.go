package codec

import (
	"encoding/binary"
	"io"

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

// sized is a file whose end is known.
type sized interface {
	io.ReaderAt
	Size() int64
}

func webpMetadata(r sized) meta.Data {
	var m meta.Data
	_ = eachRIFFChunk(io.NewSectionReader(r, 0, r.Size()), func(c chunk) error { // see pngMetadata
		into := map[string]*[]byte{"ICCP": &m.ICC, "EXIF": &m.EXIF, "XMP ": &m.XMP}[c.name]
		switch {
		case into == nil:
			if !isWebPPicture(c.name) {
				m.Omit("chunk " + chunkName(c.name))
			}
			return nil
		case *into != nil: // "readers may ignore all except the first one"
			m.Omit("second chunk " + chunkName(c.name))
			return nil
		case c.length > maxTextChunk:
			m.Omit("large chunk " + chunkName(c.name))
			return nil
		}
		b, err := readAt(r, c.off, int(c.length))
		*into = b
		return err
	})
	m.EXIF = trimExifPrefix(m.EXIF)
	return m
}

func isWebPPicture(name string) bool {
	switch name {
	case "VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF":
		return true
	}
	return false
}

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
