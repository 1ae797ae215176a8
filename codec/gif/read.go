package gif

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"

	"github.com/imgpar/imgpar/codec/animation"
	"github.com/imgpar/imgpar/codec/meta"
)

// Blocks of a GIF (GIF89a specification, appendix A).
const (
	extension      = 0x21
	imageSeparator = 0x2c
	trailer        = 0x3b
	controlLabel   = 0xf9 // of the graphic control extension
	commentLabel   = 0xfe
	appLabel       = 0xff // of an application extension
)

// Packed fields of a graphic control extension (section 23) and of an image
// descriptor (section 20).
const (
	transparentFlag = 1
	interlacedFlag  = 0x40
	tableFlag       = 0x80 // also of the logical screen descriptor
)

// MaxBlocks is how many images and extensions of a file are read.
const MaxBlocks = 100_000

// Options say how much of a file is wanted.
type Options struct {
	Frames   int // Open stops behind so many, at least 1
	Metadata int // most bytes of a profile, an XMP packet or a comment; 0: none is wanted
}

// File is what stands in a GIF.
type File struct {
	Width, Height int // of the canvas, pixels
	Plays         int // how often it is played; 0: for ever
	Frames        []Frame
	Metadata      meta.Data // XMP, the profile and comments

	r       io.ReaderAt
	version string // "87a" or "89a"
	packed  byte   // of the logical screen descriptor
	table   []byte // the global colour table
	ending  string // what is wrong with the end of the file, as a note
	most    int    // Options.Metadata
}

// Frame is an image of a GIF: bytes from its image separator to the end of its
// data, and what a graphic control extension said of it.
type Frame struct {
	animation.Placement

	start, end  int64
	packed      byte // of the image descriptor
	control     byte // packed field of the graphic control extension
	transparent byte // index, if control says so
}

// Open walks over all blocks of a GIF, whose signature was seen, and decodes
// nothing. A file that breaks off has the frames that begin in it; the last of them
// tells, when it is decoded, if it is not whole. Errors are ErrBlocks, one of io's
// where the file ends within what stands before the first block, and those of r,
// which the File keeps.
func Open(r *io.SectionReader, o Options) (*File, error) {
	var head [13]byte
	if n, err := r.ReadAt(head[:], 0); n < len(head) {
		return nil, err
	}
	f := &File{
		r: r, version: string(head[3:6]), packed: head[10], Plays: 1, most: o.Metadata,
		Width: int(binary.LittleEndian.Uint16(head[6:])), Height: int(binary.LittleEndian.Uint16(head[8:])),
	}
	f.table = make([]byte, colourTable(f.packed))
	if n, err := r.ReadAt(f.table, int64(len(head))); n < len(f.table) {
		return nil, err
	}
	in := &blocks{at: int64(len(head) + len(f.table))}
	in.r = bufio.NewReader(io.NewSectionReader(r, in.at, r.Size()))
	err := f.read(in, o.Frames)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		f.ending, err = "the file ends without a trailer", nil
	}
	return f, err
}

// colourTable returns the size of the colour table that a packed field
// announces, bytes (sections 18 and 20).
func colourTable(packed byte) int {
	if packed&tableFlag == 0 {
		return 0
	}
	return 3 << (1 + packed&7)
}

// ErrBlocks is the error of a file of more blocks than MaxBlocks.
var ErrBlocks = fmt.Errorf("more than %d GIF blocks", MaxBlocks)

func (f *File) read(in *blocks, most int) error {
	var next Frame
	for range MaxBlocks {
		start := in.at
		kind, err := in.take(1)
		if err != nil {
			return err
		}
		switch kind[0] {
		case extension:
			err = f.extension(in, &next)
		case imageSeparator:
			next.start = start
			f.Frames = append(f.Frames, next)
			err = f.Frames[len(f.Frames)-1].read(in)
			next = Frame{}
			if len(f.Frames) >= most {
				return nil
			}
		case trailer:
			return nil
		default: // as browsers do
			f.ending = "not read: what follows the last frame is no GIF"
			return nil
		}
		if err != nil {
			return err
		}
	}
	return ErrBlocks
}

// read takes in an image block, whose separator is read.
func (m *Frame) read(in *blocks) error {
	d, err := in.take(9)
	if err != nil {
		m.end = in.at
		return err
	}
	at := func(i int) int { return int(binary.LittleEndian.Uint16(d[i:])) }
	m.Rectangle = image.Rect(at(0), at(2), at(0)+at(4), at(2)+at(6))
	m.Over, m.packed = true, d[8]
	err = in.skip(colourTable(m.packed) + 1) // and the minimum code size
	if err == nil {
		err = in.skipSubBlocks()
	}
	m.end = in.at
	return err
}

// extension takes in what an extension says of the next image or of the file.
func (f *File) extension(in *blocks, next *Frame) error {
	label, err := in.take(1)
	if err != nil {
		return err
	}
	kind, loops := label[0], false
	if kind == commentLabel {
		return f.comment(in)
	}
	for {
		b, err := in.subBlock()
		switch {
		case err != nil || len(b) == 0:
			return err
		case kind == appLabel && (string(b) == appXMP || string(b) == appICC):
			return f.metadata(in, string(b))
		case kind == controlLabel && len(b) >= 4:
			next.setControl(b)
		case kind == appLabel && (string(b) == "NETSCAPE2.0" || string(b) == "ANIMEXTS1.0"):
			loops = true
		case loops && len(b) >= 3 && b[0] == 1:
			// The number is how often it is repeated after the first time.
			if f.Plays = int(binary.LittleEndian.Uint16(b[1:])); f.Plays > 0 {
				f.Plays++
			}
		}
	}
}

// blocks reads the blocks of a GIF and knows where it is in the file.
type blocks struct {
	r   *bufio.Reader
	at  int64
	buf [255]byte
}

func (in *blocks) take(n int) ([]byte, error) {
	k, err := io.ReadFull(in.r, in.buf[:n])
	in.at += int64(k)
	return in.buf[:k], err
}

func (in *blocks) skip(n int) error {
	k, err := in.r.Discard(n)
	in.at += int64(k)
	return err
}

// subBlock returns the next sub-block (section 15), which is empty at the end of
// a sequence.
func (in *blocks) subBlock() ([]byte, error) {
	n, err := in.take(1)
	if err != nil {
		return nil, err
	}
	return in.take(int(n[0]))
}

func (in *blocks) skipSubBlocks() error {
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
