package gif

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/gif"
	"io"
	"strings"
	"time"

	"github.com/imgpar/imgpar/codec/animation"
)

// delayUnit is what a delay counts (section 23).
const delayUnit = 10 * time.Millisecond

// setControl takes in the data of a graphic control extension (section 23).
func (m *Frame) setControl(b []byte) {
	m.control, m.transparent = b[0], b[3]
	m.Delay = time.Duration(binary.LittleEndian.Uint16(b[1:])) * delayUnit
	m.Disposal = animation.Keep
	switch m.control >> 2 & 7 {
	case 2:
		m.Disposal = animation.Clear
	case 3, 4: // 4 by an old mistake of encoders, which browsers honour
		m.Disposal = animation.Restore
	}
}

// Pixels returns how many pixels a frame has, which may be larger than the canvas.
func (m Frame) Pixels() int64 { return int64(m.Dx()) * int64(m.Dy()) }

func (f *File) canvas() image.Rectangle { return image.Rect(0, 0, f.Width, f.Height) }

// Alpha tells whether a part of the canvas may be transparent: where the first
// frame does not cover it or has holes, and behind a frame that is cleared.
func (f *File) Alpha() bool {
	for i, m := range f.Frames {
		switch {
		case i == 0 && (m.control&transparentFlag != 0 || !f.canvas().In(m.Rectangle)):
			return true
		case len(f.Frames) > 1 && (m.Disposal == animation.Clear || i == 0 && m.Disposal == animation.Restore):
			return true
		}
	}
	return false
}

// Variant tells how a GIF is coded, for people: "GIF89a, interlaced".
func (f *File) Variant() string {
	out := []string{"GIF" + f.version}
	if len(f.Frames) > 0 && f.Frames[0].packed&interlacedFlag != 0 {
		out = append(out, "interlaced")
	}
	return strings.Join(out, ", ")
}

// Decode decodes a frame, for its place on the canvas: a picture at 0,0 with a
// palette, or nil if it has no pixels. The notes tell what of the file is not in
// it. Errors are those of image/gif and of the reader, and io.ErrUnexpectedEOF.
func (f *File) Decode(i int) (image.Image, []string, error) {
	var notes []string
	m := f.Frames[i]
	if i == len(f.Frames)-1 && f.ending != "" {
		notes = append(notes, f.ending)
	}
	if !m.In(f.canvas()) {
		notes = append(notes, "what is beyond the canvas was cut off")
	}
	if m.end-m.start < 10 {
		return nil, nil, io.ErrUnexpectedEOF
	}
	if m.Empty() {
		return nil, notes, nil
	}
	img, err := gif.Decode(f.single(m))
	return img, notes, err
}

// single gives an image as a GIF of its own with no place on a canvas.
func (f *File) single(m Frame) io.Reader {
	out := make([]byte, 0, 32+len(f.table))
	out = append(out, "GIF89a"...)
	out = binary.LittleEndian.AppendUint16(out, uint16(m.Dx()))
	out = binary.LittleEndian.AppendUint16(out, uint16(m.Dy()))
	out = append(append(out, f.packed, 0, 0), f.table...)
	if m.control&transparentFlag != 0 {
		out = append(out, extension, controlLabel, 4, transparentFlag, 0, 0, m.transparent, 0)
	}
	out = append(out, imageSeparator, 0, 0, 0, 0)
	at := m.start + 5 // behind its place
	return io.MultiReader(bytes.NewReader(out), io.NewSectionReader(f.r, at, m.end-at), bytes.NewReader([]byte{trailer}))
}
