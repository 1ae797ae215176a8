package codec

import (
	"bufio"
	"encoding/binary"
	"errors"
	"image"
	"io"
	"strings"

	"github.com/imgpar/imgpar/codec/meta"
)

// Blocks of a GIF (GIF89a specification, appendix A).
const (
	gifExtension = 0x21
	gifImageSep  = 0x2c
	gifTrailer   = 0x3b
	gifControl   = 0xf9 // label of the graphic control extension
	gifComment   = 0xfe // label of a comment extension
	gifApp       = 0xff // label of an application extension
)

// Packed fields of a graphic control extension (section 23) and of an image
// descriptor (section 20).
const (
	gifTransparent = 1
	gifInterlaced  = 0x40
	gifTable       = 0x80 // also of the logical screen descriptor
)

// gifFile is the structure of a GIF.
type gifFile struct {
	version string // "87a" or "89a"
	w, h    int
	packed  byte   // of the logical screen descriptor
	table   []byte // the global colour table
	plays   int    // how often it is played; 0: for ever
	images  []gifImage
	ending  string // what is wrong with the end of the file, as a note
	texts   bool   // whether metadata are wanted
	meta    meta.Data
}

// gifImage is a frame of a GIF: bytes from its image separator to the end of its
// data, and what a graphic control extension said of it.
type gifImage struct {
	start, end  int64
	rect        image.Rectangle
	packed      byte // of the image descriptor
	control     byte // packed field of the graphic control extension
	transparent byte // index, if control says so
	delay       uint16
}

// readGIF walks over all blocks of a GIF, decodes nothing, and stops behind the
// first frame over MaxFrames. A file that breaks off has the frames that begin
// in it; the last of them tells, when it is decoded, if it is not whole.
func readGIF(r *io.SectionReader, texts bool) (*gifFile, error) {
	head, err := readAt(r, 0, 13)
	if err != nil {
		return nil, err
	}
	f := &gifFile{
		version: string(head[3:6]), packed: head[10], plays: 1, texts: texts,
		w: int(binary.LittleEndian.Uint16(head[6:])), h: int(binary.LittleEndian.Uint16(head[8:])),
	}
	if f.table, err = readAt(r, 13, colorTable(f.packed)); err != nil {
		return nil, err
	}
	in := &gifBlocks{at: 13 + int64(len(f.table))}
	in.r = bufio.NewReader(io.NewSectionReader(r, in.at, r.Size()))
	err = f.read(in)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		f.ending, err = "the file ends without a trailer", nil
	}
	return f, err
}

// colorTable returns the size of the colour table that a packed field
// announces, bytes (sections 18 and 20).
func colorTable(packed byte) int {
	if packed&gifTable == 0 {
		return 0
	}
	return 3 << (1 + packed&7)
}

func (f *gifFile) read(in *gifBlocks) error {
	var next gifImage
	for range maxSegments {
		start := in.at
		kind, err := in.take(1)
		if err != nil {
			return err
		}
		switch kind[0] {
		case gifExtension:
			err = f.extension(in, &next)
		case gifImageSep:
			next.start = start
			f.images = append(f.images, next)
			err = f.images[len(f.images)-1].read(in)
			next = gifImage{}
			if len(f.images) > MaxFrames {
				return nil
			}
		case gifTrailer:
			return nil
		default: // as browsers do
			f.ending = "not read: what follows the last frame is no GIF"
			return nil
		}
		if err != nil {
			return err
		}
	}
	return tooLargef("more than %d GIF blocks", maxSegments)
}

// read takes in an image block, whose separator is read.
func (m *gifImage) read(in *gifBlocks) error {
	d, err := in.take(9)
	if err != nil {
		m.end = in.at
		return err
	}
	at := func(i int) int { return int(binary.LittleEndian.Uint16(d[i:])) }
	m.rect = image.Rect(at(0), at(2), at(0)+at(4), at(2)+at(6))
	m.packed = d[8]
	err = in.skip(colorTable(m.packed) + 1) // and the minimum code size
	if err == nil {
		err = in.skipSubBlocks()
	}
	m.end = in.at
	return err
}

// extension takes in what an extension says of the next image or of the file.
func (f *gifFile) extension(in *gifBlocks, next *gifImage) error {
	label, err := in.take(1)
	if err != nil {
		return err
	}
	kind, loops := label[0], false
	if kind == gifComment {
		return f.comment(in)
	}
	for {
		b, err := in.subBlock()
		switch {
		case err != nil || len(b) == 0:
			return err
		case kind == gifApp && (string(b) == gifXMP || string(b) == gifICC):
			return f.metadata(in, string(b))
		case kind == gifControl && len(b) >= 4:
			next.control, next.delay, next.transparent = b[0], binary.LittleEndian.Uint16(b[1:]), b[3]
		case kind == gifApp && (string(b) == "NETSCAPE2.0" || string(b) == "ANIMEXTS1.0"):
			loops = true
		case loops && len(b) >= 3 && b[0] == 1:
			// The number is how often it is repeated after the first time.
			if f.plays = int(binary.LittleEndian.Uint16(b[1:])); f.plays > 0 {
				f.plays++
			}
		}
	}
}

// gifBlocks reads the blocks of a GIF and knows where it is in the file.
type gifBlocks struct {
	r   *bufio.Reader
	at  int64
	buf [255]byte
}

func (in *gifBlocks) take(n int) ([]byte, error) {
	k, err := io.ReadFull(in.r, in.buf[:n])
	in.at += int64(k)
	return in.buf[:k], err
}

func (in *gifBlocks) skip(n int) error {
	k, err := in.r.Discard(n)
	in.at += int64(k)
	return err
}

// subBlock returns the next sub-block (section 15), which is empty at the end of
// a sequence.
func (in *gifBlocks) subBlock() ([]byte, error) {
	n, err := in.take(1)
	if err != nil {
		return nil, err
	}
	return in.take(int(n[0]))
}

func (in *gifBlocks) skipSubBlocks() error {
	for {
		n, err := in.take(1)
		if err != nil || n[0] == 0 {
			return err
		}
		if err := in.skip(int(n[0])); err != nil {
			return err
		}
	}
}

// alpha tells whether a part of the canvas may be transparent: where the first
// frame does not cover it or has holes, and behind a frame that is cleared.
func (f *gifFile) alpha() bool {
	for i, m := range f.images {
		switch {
		case i == 0 && (m.control&gifTransparent != 0 || !image.Rect(0, 0, f.w, f.h).In(m.rect)):
			return true
		case len(f.images) > 1 && (m.disposal() == clearFrame || i == 0 && m.disposal() == restoreFrame):
			return true
		}
	}
	return false
}

func (f *gifFile) variant() string {
	out := []string{"GIF" + f.version}
	if len(f.images) > 0 && f.images[0].packed&gifInterlaced != 0 {
		out = append(out, "interlaced")
	}
	return strings.Join(out, ", ")
}
