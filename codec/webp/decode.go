package webp

import (
	"bytes"
	"encoding/binary"
	"image"
	"io"
	"time"

	"golang.org/x/image/webp"

	"github.com/imgpar/imgpar/codec/animation"
)

// Flags of an ANMF chunk (RFC 9649, 2.7.1.1).
const (
	frameDispose = 1 << 0 // the frame's rectangle is cleared after it
	frameNoBlend = 1 << 1
)

// Still decodes the picture of a file that is not Animated: an *image.YCbCr,
// *image.NYCbCrA or *image.NRGBA.
func (f *File) Still() (image.Image, error) {
	return decode(io.NewSectionReader(f.r, 0, f.r.Size()))
}

func decode(r io.Reader) (image.Image, error) {
	img, err := webp.Decode(r)
	if err != nil {
		return nil, err
	}
	fullRange(img)
	return img, nil
}

// Frame decodes a frame of an animation: 16 bytes that place it, and the chunks of
// a still.
func (f *File) Frame(i int) (p animation.Placement, img image.Image, err error) {
	c := f.frames[i]
	if c.off+c.length > f.r.Size() {
		return p, nil, io.ErrUnexpectedEOF
	}
	if c.length < 16 {
		return p, nil, formatf("the WebP has a frame of %d bytes", c.length)
	}
	b, err := readAt(f.r, c.off, 16)
	if err != nil {
		return p, nil, err
	}
	x, y := 2*uint24(b), 2*uint24(b[3:])
	p = animation.Placement{
		Rectangle: image.Rect(x, y, x+1+uint24(b[6:]), y+1+uint24(b[9:])),
		Delay:     time.Duration(uint24(b[12:])) * time.Millisecond,
		Over:      b[15]&frameNoBlend == 0,
	}
	if b[15]&frameDispose != 0 {
		p.Disposal = animation.Clear
	}
	if !p.In(image.Rect(0, 0, f.Width, f.Height)) {
		return p, nil, formatf("the WebP has a frame at %v on a canvas of %dx%d", p.Rectangle, f.Width, f.Height)
	}
	still, err := single(io.NewSectionReader(f.r, c.off, c.length), p.Dx(), p.Dy())
	if err != nil {
		return p, nil, err
	}
	if img, err = decode(still); err != nil {
		return p, nil, err
	}
	if img.Bounds() != image.Rect(0, 0, p.Dx(), p.Dy()) {
		return p, nil, otherSize(p.Dx(), p.Dy(), img.Bounds().Dx(), img.Bounds().Dy())
	}
	return p, img, nil
}

func otherSize(w, h, pw, ph int) error {
	return formatf("the WebP has a frame of %dx%d that holds %dx%d pixels", w, h, pw, ph)
}

// single gives the picture in an ANMF chunk as a file of its own.
func single(frame *io.SectionReader, w, h int) (io.Reader, error) {
	var (
		p     picture
		parts []io.Reader
		size  = int64(4)
		alpha bool
	)
	err := eachChunk(frame, 16, func(c chunk) error {
		if p.w != 0 || c.name != chunkAlpha && c.name != chunkLossy && c.name != chunkLossless {
			return nil
		}
		if c.off+c.length > frame.Size() {
			return io.ErrUnexpectedEOF
		}
		alpha = alpha || c.name == chunkAlpha
		parts = append(parts, io.NewSectionReader(frame, c.off-8, 8+c.length), bytes.NewReader(make([]byte, c.length&1)))
		size += 8 + c.length + c.length&1
		return p.take(frame, c)
	})
	if err != nil {
		return nil, err
	}
	if p.w != w || p.h != h { // before memory is taken for it
		return nil, otherSize(w, h, p.w, p.h)
	}
	var head []byte
	if alpha {
		head = appendChunk(nil, chunkExtended, extended(flagAlpha, w, h))
	}
	riff := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(size+int64(len(head))))
	head = append(append(riff, "WEBP"...), head...)
	return io.MultiReader(append([]io.Reader{bytes.NewReader(head)}, parts...)...), nil
}
