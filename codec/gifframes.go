package codec

import (
	"context"
	"encoding/binary"
	"image"
	"image/gif"
	"io"
	"iter"
	"time"
)

func (m gifImage) disposal() disposal {
	switch m.control >> 2 & 7 {
	case 2:
		return clearFrame
	case 3, 4: // 4 by an old mistake of encoders, which browsers honour
		return restoreFrame
	}
	return keepFrame
}

func (m gifImage) placement() placement {
	return placement{m.rect, m.disposal(), true, time.Duration(m.delay) * 10 * time.Millisecond}
}

// pixels is how many there are in a frame, which may be larger than the canvas.
func (m gifImage) pixels() int64 { return int64(m.rect.Dx()) * int64(m.rect.Dy()) }

// largest is how many pixels the largest frame has.
func (f *gifFile) largest() (n int64) {
	for _, m := range f.images {
		n = max(n, m.pixels())
	}
	return n
}

// pixels is how many all frames have together.
func (f *gifFile) pixels() (n int64) {
	for _, m := range f.images {
		n += m.pixels()
	}
	return n
}

// decode decodes an image, which is nil if it has no pixels, as a GIF of its
// own with no place on a canvas.
func (f *gifFile) decode(ctx context.Context, data []byte, i int) (image.Image, []string, error) {
	var notes []string
	m := f.images[i]
	if i == len(f.images)-1 && f.ending != "" {
		notes = append(notes, f.ending)
	}
	if !m.rect.In(image.Rect(0, 0, f.w, f.h)) {
		notes = append(notes, "what is beyond the canvas was cut off")
	}
	if m.end-m.start < 10 {
		return nil, nil, io.ErrUnexpectedEOF
	}
	if m.rect.Empty() {
		return nil, notes, nil
	}
	img, err := gif.Decode(newReader(ctx, f.single(data, m)))
	return img, notes, err
}

func (f *gifFile) single(data []byte, m gifImage) []byte {
	w, h := uint16(m.rect.Dx()), uint16(m.rect.Dy())
	out := make([]byte, 0, 32+len(f.table)+int(m.end-m.start))
	out = append(out, "GIF89a"...)
	out = binary.LittleEndian.AppendUint16(out, w)
	out = binary.LittleEndian.AppendUint16(out, h)
	out = append(append(out, f.packed, 0, 0), f.table...)
	if m.control&gifTransparent != 0 {
		out = append(out, gifExtension, gifControl, 4, gifTransparent, 0, 0, m.transparent, 0)
	}
	out = append(out, gifImageSep, 0, 0, 0, 0)
	out = append(out, data[m.start+5:m.end]...)
	return append(out, gifTrailer)
}

func gifFrames(ctx context.Context, h Header, data []byte, o DecodeOptions) iter.Seq2[Frame, error] {
	return func(yield func(Frame, error) bool) {
		f, err := readGIF(io.NewSectionReader(newReader(ctx, data), 0, int64(len(data))), true)
		if err == nil {
			err = checkFrames(h, len(f.images), o.MaxPixels)
		}
		if n := f.pixels(); err == nil && n/maxFramePixels > o.MaxPixels {
			err = tooLargef("frames of %d pixels together; an animation has at most %d times --max-pixels", n, maxFramePixels)
		}
		if err != nil {
			yield(Frame{}, err)
			return
		}
		framesOf(h, f.meta, len(f.images), func(i int) (placement, image.Image, []string, error) {
			img, notes, err := f.decode(ctx, data, i)
			return f.images[i].placement(), img, notes, err
		})(yield)
	}
}
