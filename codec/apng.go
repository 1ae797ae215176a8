package codec

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"io"
	"iter"
	"time"
)

// Values of a frame control chunk (PNG specification, third edition, 11.3.6.2).
const (
	apngControlSize  = 26
	apngBackground   = 1 // dispose_op
	apngPrevious     = 2
	apngBlendOver    = 1 // blend_op
	apngDefaultDelay = 100
)

// apngFile is the structure of an APNG, whose checksums hold.
type apngFile struct {
	ihdr   []byte
	shared []byte // chunks that each frame's decoder needs: palette and transparency
	count  int    // frames that acTL announces
	frames []apngFrame
	next   uint32 // sequence number of the next chunk of the animation
}

// apngFrame is a frame: its control chunk and the chunks of its data, in order.
type apngFrame struct {
	control []byte
	data    [][]byte
}

// apngFrames reads the frames of an APNG (11.3.6), of which the default image is
// the first if a frame control stands before it, else none.
func apngFrames(ctx context.Context, h Header, data []byte, o DecodeOptions) iter.Seq2[Frame, error] {
	return func(yield func(Frame, error) bool) {
		f, err := readAPNG(data)
		if err == nil {
			err = checkFrames(h, len(f.frames), o.MaxPixels)
		}
		if err != nil {
			yield(Frame{}, err)
			return
		}
		framesOf(h, pngMetadata(bytes.NewReader(data)), len(f.frames), func(i int) (placement, image.Image, []string, error) {
			p, err := f.frames[i].placement(i, h)
			if err != nil {
				return p, nil, nil, err
			}
			still, err := decodePNG(ctx, h, f.single(f.frames[i]), DecodeOptions{})
			if err != nil {
				return p, nil, nil, err
			}
			return p, still.Image, still.Notes, nil
		})(yield)
	}
}

// readAPNG walks over all chunks of an APNG.
func readAPNG(data []byte) (*apngFile, error) {
	f := &apngFile{}
	for at := len(pngSignature); ; {
		if len(data)-at < 12 {
			return nil, io.ErrUnexpectedEOF
		}
		n := int64(binary.BigEndian.Uint32(data[at:]))
		if n > int64(len(data)-at-12) {
			return nil, io.ErrUnexpectedEOF
		}
		end := at + 8 + int(n)
		name, b := string(data[at+4:at+8]), data[at+8:end:end]
		if name == "IEND" {
			return f, f.complete()
		}
		if apngNeeds(name) && crc32.ChecksumIEEE(data[at+4:end]) != binary.BigEndian.Uint32(data[end:]) {
			return nil, corruptf("the PNG has a chunk %s with a wrong checksum", name)
		}
		if err := f.take(name, b, data[at:end+4]); err != nil {
			return nil, err
		}
		at = end + 4
	}
}

func apngNeeds(name string) bool {
	switch name {
	case "IHDR", "PLTE", "tRNS", "acTL", "fcTL", "fdAT", "IDAT":
		return true
	}
	return false
}

// take takes in a chunk: its name, its data, and the whole of it.
func (f *apngFile) take(name string, b, whole []byte) error {
	switch name {
	case "IHDR":
		f.ihdr = b
	case "PLTE", "tRNS":
		if len(f.frames) == 0 || f.frames[0].data == nil {
			f.shared = append(f.shared, whole...)
		}
	case "acTL":
		if len(b) != 8 {
			return corruptf("the APNG has an acTL of %d bytes", len(b))
		}
		f.count = int(min(binary.BigEndian.Uint32(b), MaxFrames+1))
	case "fcTL":
		if len(b) != apngControlSize {
			return corruptf("the APNG has an fcTL of %d bytes", len(b))
		}
		if len(f.frames) > MaxFrames {
			return tooLargef("more than %d frames", MaxFrames)
		}
		f.frames = append(f.frames, apngFrame{control: b})
		return f.inOrder(b)
	case "IDAT":
		if n := len(f.frames); n > 0 {
			f.frames[n-1].data = append(f.frames[n-1].data, b)
		}
	case "fdAT":
		if len(b) < 4 || len(f.frames) == 0 {
			return corruptf("the APNG has frame data where none belong")
		}
		last := &f.frames[len(f.frames)-1]
		last.data = append(last.data, b[4:])
		return f.inOrder(b)
	}
	return nil
}

// inOrder checks a sequence number (11.3.6.1): chunks of an animation that went
// through an editor that does not know them may be lost or mixed up.
func (f *apngFile) inOrder(b []byte) error {
	if n := binary.BigEndian.Uint32(b); n != f.next {
		return corruptf("the APNG has sequence number %d where %d belongs", n, f.next)
	}
	f.next++
	return nil
}

func (f *apngFile) complete() error {
	if len(f.ihdr) != 13 {
		return corruptf("the PNG has no header")
	}
	if len(f.frames) != f.count {
		return corruptf("the APNG claims %d frames but holds %d", f.count, len(f.frames))
	}
	return nil
}

// placement is what a frame control says, in a frame's place in the sequence.
func (a apngFrame) placement(i int, h Header) (placement, error) {
	at := func(off int) int64 { return int64(binary.BigEndian.Uint32(a.control[off:])) }
	w, ht, x, y := at(4), at(8), at(12), at(16)
	if w == 0 || ht == 0 || x+w > int64(h.Width) || y+ht > int64(h.Height) {
		return placement{}, corruptf("the APNG has a frame of %dx%d at %d,%d on a canvas of %dx%d", w, ht, x, y, h.Width, h.Height)
	}
	num, den := binary.BigEndian.Uint16(a.control[20:]), binary.BigEndian.Uint16(a.control[22:])
	if den == 0 {
		den = apngDefaultDelay
	}
	p := placement{
		Rectangle: image.Rect(int(x), int(y), int(x+w), int(y+ht)),
		delay:     time.Duration(num) * time.Second / time.Duration(den),
		over:      a.control[25] == apngBlendOver,
	}
	switch dispose := a.control[24]; {
	case dispose == apngBackground, dispose == apngPrevious && i == 0:
		p.dispose = clearFrame
	case dispose == apngPrevious:
		p.dispose = restoreFrame
	}
	return p, nil
}

// single makes a PNG of a frame.
func (f *apngFile) single(a apngFrame) []byte {
	size := 64 + len(f.shared)
	for _, d := range a.data {
		size += 12 + len(d)
	}
	out := append(make([]byte, 0, size), pngSignature...)
	ihdr := append(append([]byte(nil), a.control[4:12]...), f.ihdr[8:]...)
	out = append(appendPNG(out, "IHDR", ihdr), f.shared...)
	for _, d := range a.data {
		out = appendPNG(out, "IDAT", d)
	}
	return appendPNG(out, "IEND", nil)
}
