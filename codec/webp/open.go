package webp

import (
	"encoding/binary"
	"io"

	"github.com/imgpar/imgpar/codec/meta"
)

// Coding is how a picture is coded.
type Coding string

const (
	Lossy    Coding = "lossy"    // YCbCr, with a plane of alpha or none
	Lossless Coding = "lossless" // RGB with alpha
)

// File is what the chunks of a WebP say.
type File struct {
	Width, Height int    // of the canvas, pixels
	Animated      bool   // it has frames, and no still
	Frames        int    // in the file; at most as many as Open was to look for
	Plays         int    // how often an animation is played; 0: for ever
	Alpha         bool   // some pixels may be transparent
	Coding        Coding // of the still, or of the first frame that tells

	r      *io.SectionReader
	frames []chunk
	other  []chunk // that make no picture
	flags  byte    // of VP8X
	still  picture
	err    error // what is wrong behind the first picture
}

// picture is what the chunks of one picture say, a still or a frame.
type picture struct {
	w, h   int // 0 before there is one
	alpha  bool
	coding Coding
}

// Open looks at the chunks of a WebP, whose signature was seen, and at most frames
// of it. A canvas may claim to be smaller than the still that it holds, and memory
// is taken for the still; that is an error. What is wrong behind the first picture
// does not keep it from being read: Err tells. The File keeps r.
func Open(r *io.SectionReader, frames int) (*File, error) {
	f := &File{r: r}
	err := eachChunk(r, 12, func(c chunk) error { return f.take(c, frames) })
	switch {
	case err != nil && !f.found():
		return nil, err
	case !f.found():
		return nil, formatf("the WebP holds no picture")
	case f.flags&flagAnimation != 0:
		f.err, f.Animated, f.Frames, f.Alpha = err, true, len(f.frames), f.flags&flagAlpha != 0
		return f, nil
	case f.still.w == 0:
		return nil, formatf("the WebP has frames but is no animation")
	case f.Width != 0 && (f.Width != f.still.w || f.Height != f.still.h):
		return nil, formatf("the WebP claims %dx%d pixels but holds %dx%d", f.Width, f.Height, f.still.w, f.still.h)
	}
	f.err, f.Width, f.Height, f.Alpha = err, f.still.w, f.still.h, f.still.alpha
	return f, nil
}

// Err returns what is wrong behind the first picture.
func (f *File) Err() error { return f.err }

func (f *File) found() bool { return f.still.w != 0 || len(f.frames) > 0 }

// take takes in what a chunk says; of several pictures the first counts.
func (f *File) take(c chunk, frames int) error {
	switch c.name {
	case chunkFrame:
		f.learnCoding(c)
		if len(f.frames) < frames {
			f.frames = append(f.frames, c)
		}
		return nil
	case chunkExtended, chunkAnim, chunkLossy, chunkLossless, chunkAlpha:
		if f.found() {
			return nil
		}
	default:
		f.other = append(f.other, c)
		return nil
	}
	switch c.name {
	case chunkExtended:
		return f.extended(c)
	case chunkAnim:
		b, err := readAt(f.r, c.off, 6)
		if err == nil {
			f.Plays = int(binary.LittleEndian.Uint16(b[4:]))
		}
		return err
	}
	err := f.still.take(f.r, c)
	if f.still.w != 0 {
		f.Coding = f.still.coding
	}
	return err
}

// extended takes in a VP8X chunk (2.7).
func (f *File) extended(c chunk) error {
	if f.Width != 0 {
		return formatf("the WebP has two VP8X chunks")
	}
	b, err := readAt(f.r, c.off, 10)
	if err == nil {
		f.flags, f.Width, f.Height = b[0], 1+uint24(b[4:]), 1+uint24(b[7:])
	}
	return err
}

// learnCoding looks at the first sub-chunk of a frame, which stands behind 16 bytes.
func (f *File) learnCoding(c chunk) {
	if f.Coding != "" {
		return
	}
	if b, err := readAt(f.r, c.off+16, 4); err == nil {
		f.Coding = map[string]Coding{chunkLossy: Lossy, chunkAlpha: Lossy, chunkLossless: Lossless}[string(b)]
	}
}

func (p *picture) take(r io.ReaderAt, c chunk) error {
	switch c.name {
	case chunkAlpha:
		p.alpha = true
	case chunkLossy: // RFC 6386, section 9.1
		b, err := readAt(r, c.off, 10)
		if err != nil {
			return err
		}
		w, h := int(binary.LittleEndian.Uint16(b[6:])&0x3fff), int(binary.LittleEndian.Uint16(b[8:])&0x3fff)
		if w == 0 || h == 0 {
			return formatf("the WebP holds a picture of %dx%d pixels", w, h)
		}
		p.w, p.h, p.coding = w, h, Lossy
	case chunkLossless: // RFC 9649, 3.4
		b, err := readAt(r, c.off, 5)
		if err != nil {
			return err
		}
		v := binary.LittleEndian.Uint32(b[1:])
		p.w, p.h = 1+int(v&0x3fff), 1+int(v>>14&0x3fff)
		p.alpha, p.coding = v>>28&1 != 0, Lossless
	}
	return nil
}

// EXIF returns the first bytes, at most most, of the last chunk of EXIF, or nil.
func (f *File) EXIF(most int64) (exif []byte) {
	for _, c := range f.other {
		if c.name != chunkEXIF {
			continue
		}
		if b, err := readAt(f.r, c.off, int(min(c.length, most))); err == nil { // else behind the picture, which is whole
			exif = b
		}
	}
	return exif
}

// Metadata returns what stands beside the pixels, of at most most bytes each, up to
// a chunk that breaks off.
func (f *File) Metadata(most int64) meta.Data {
	var m meta.Data
	for _, c := range f.other {
		into := map[string]*[]byte{chunkICC: &m.ICC, chunkEXIF: &m.EXIF, chunkXMP: &m.XMP}[c.name]
		switch {
		case into == nil:
			m.Omit("chunk " + meta.ChunkName(c.name))
			continue
		case *into != nil: // "readers may ignore all except the first one"
			m.Omit("second chunk " + meta.ChunkName(c.name))
			continue
		case c.length > most:
			m.Omit("large chunk " + meta.ChunkName(c.name))
			continue
		}
		b, err := readAt(f.r, c.off, int(c.length))
		if err != nil {
			break
		}
		*into = b
	}
	return m
}
