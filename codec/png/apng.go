package png

import (
	"context"
	"encoding/binary"
	"fmt"
	"image"
	"io"
	"time"

	"github.com/imgpar/imgpar/codec/animation"
)

// Values of a frame control chunk (section 11.3.6.2).
const (
	controlSize  = 26
	background   = 1 // dispose_op
	previous     = 2
	blendOver    = 1 // blend_op
	defaultDelay = 100
)

// Animation is the structure of an APNG (section 11.3.6), whose checksums hold.
type Animation struct {
	ihdr   []byte
	shared []byte // chunks that each frame's decoder needs: palette and transparency
	count  uint32 // frames that acTL announces
	frames []frame
	next   uint32 // sequence number of the next chunk of the animation
}

// frame is a frame: its control chunk and the chunks of its data, in order.
type frame struct {
	control []byte
	data    [][]byte
}

// OpenAnimation walks over all chunks of an APNG, whose memory it keeps, and stops
// behind the first frame over most. The default image is the first frame if a frame
// control stands before it, else none. Errors are *FormatError, ErrChunks, and
// io.ErrUnexpectedEOF of a file that ends too early.
func OpenAnimation(file []byte, most int) (*Animation, error) {
	a := &Animation{}
	for off, n := len(Signature), 0; len(a.frames) <= most; n++ {
		if n == maxChunks {
			return nil, ErrChunks
		}
		c, end, ok := wholeChunk(file, off)
		switch {
		case !ok:
			return nil, io.ErrUnexpectedEOF
		case c.name == "IEND":
			return a, a.complete()
		case c.wrong != "" && isNeeded(c.name):
			return nil, hopelessf("the PNG has a chunk %s with a wrong checksum", c.name)
		}
		if err := a.take(c, file[off:end]); err != nil {
			return nil, err
		}
		off = end
	}
	return a, nil
}

// Frames returns how many there are.
func (a *Animation) Frames() int { return len(a.frames) }

// Decode decodes a frame, for its place on the canvas. Errors are those of the
// function Decode, and *FormatError.
func (a *Animation) Decode(ctx context.Context, i int) (p animation.Placement, pic *Picture, err error) {
	if p, err = a.placement(i); err != nil {
		return p, nil, err
	}
	pic, err = Decode(ctx, a.single(a.frames[i]), Options{})
	return p, pic, err
}

func hopelessf(format string, args ...any) error {
	return &FormatError{Reason: fmt.Sprintf(format, args...), Hopeless: true}
}

func isNeeded(name string) bool {
	switch name {
	case "IHDR", "PLTE", "tRNS", "acTL", "fcTL", "fdAT", "IDAT":
		return true
	}
	return false
}

// take takes in a chunk, and the whole of it as it stands in the file.
func (a *Animation) take(c chunk, whole []byte) error {
	b := c.data
	switch c.name {
	case "IHDR":
		a.ihdr = b
	case "PLTE", "tRNS":
		if len(a.frames) == 0 || a.frames[0].data == nil {
			a.shared = append(a.shared, whole...)
		}
	case "acTL":
		if len(b) != 8 {
			return hopelessf("the APNG has an acTL of %d bytes", len(b))
		}
		a.count = binary.BigEndian.Uint32(b)
	case "fcTL":
		if len(b) != controlSize {
			return hopelessf("the APNG has an fcTL of %d bytes", len(b))
		}
		a.frames = append(a.frames, frame{control: b})
		return a.inOrder(b)
	case "IDAT":
		if n := len(a.frames); n > 0 {
			a.frames[n-1].data = append(a.frames[n-1].data, b)
		}
	case "fdAT":
		if len(b) < 4 || len(a.frames) == 0 {
			return hopelessf("the APNG has frame data where none belong")
		}
		last := &a.frames[len(a.frames)-1]
		last.data = append(last.data, b[4:])
		return a.inOrder(b)
	}
	return nil
}

// inOrder checks a sequence number (11.3.6.1): chunks of an animation that went
// through an editor that does not know them may be lost or mixed up.
func (a *Animation) inOrder(b []byte) error {
	if n := binary.BigEndian.Uint32(b); n != a.next {
		return hopelessf("the APNG has sequence number %d where %d belongs", n, a.next)
	}
	a.next++
	return nil
}

func (a *Animation) complete() error {
	if len(a.ihdr) != 13 {
		return hopelessf("the PNG has no header")
	}
	if uint32(len(a.frames)) != a.count {
		return hopelessf("the APNG claims %d frames but holds %d", a.count, len(a.frames))
	}
	return nil
}

// placement is what a frame control says.
func (a *Animation) placement(i int) (p animation.Placement, err error) {
	c := a.frames[i].control
	at := func(b []byte) int64 { return int64(binary.BigEndian.Uint32(b)) }
	width, height := at(a.ihdr), at(a.ihdr[4:])
	w, h, x, y := at(c[4:]), at(c[8:]), at(c[12:]), at(c[16:])
	if w == 0 || h == 0 || x+w > width || y+h > height {
		return p, hopelessf("the APNG has a frame of %dx%d at %d,%d on a canvas of %dx%d", w, h, x, y, width, height)
	}
	num, den := binary.BigEndian.Uint16(c[20:]), binary.BigEndian.Uint16(c[22:])
	if den == 0 {
		den = defaultDelay
	}
	p = animation.Placement{
		Rectangle: image.Rect(int(x), int(y), int(x+w), int(y+h)),
		Delay:     time.Duration(num) * time.Second / time.Duration(den),
		Over:      c[25] == blendOver,
	}
	switch dispose := c[24]; {
	case dispose == background, dispose == previous && i == 0:
		p.Disposal = animation.Clear
	case dispose == previous:
		p.Disposal = animation.Restore
	}
	return p, nil
}

// single makes a PNG of a frame.
func (a *Animation) single(f frame) []byte {
	size := 64 + len(a.shared)
	for _, d := range f.data {
		size += 12 + len(d)
	}
	out := append(make([]byte, 0, size), Signature...)
	ihdr := append(append([]byte(nil), f.control[4:12]...), a.ihdr[8:]...)
	out = append(AppendChunk(out, "IHDR", ihdr), a.shared...)
	for _, d := range f.data {
		out = AppendChunk(out, "IDAT", d)
	}
	return AppendChunk(out, "IEND", nil)
}
