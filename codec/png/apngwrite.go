package png

import (
	"bytes"
	"encoding/binary"
	"image"
	"math"
	"time"
)

// AnimationWriter writes an APNG of RGBA with 8 or 16 bits, whose first frame is the
// default image (sections 4.9 and 11.3.6). A frame is a part of the canvas, which
// takes the place of what was there, and stays.
type AnimationWriter struct {
	buf      *bytes.Buffer
	plays    uint32
	control  int // where acTL stands
	frames   uint32
	sequence uint32
	bits     int          // of a channel
	packed   bytes.Buffer // the pixels of a frame
}

// NewAnimationWriter writes what stands before the first frame. The canvas has 16
// bits a channel if deep is true, else 8, and is played so often, 0: for ever. Whole
// chunks may stand before the first frame.
func NewAnimationWriter(buf *bytes.Buffer, width, height int, deep bool, plays int, chunks []byte) *AnimationWriter {
	a := &AnimationWriter{buf: buf, plays: uint32(min(plays, math.MaxInt32)), bits: 8}
	if deep {
		a.bits = 16
	}
	s := source{width: width, height: height, bits: a.bits, colour: typeRGBA}
	buf.WriteString(Signature)
	a.chunk("IHDR", s.header())
	a.control = buf.Len()
	a.chunk("acTL", a.animation())
	buf.Write(chunks)
	return a
}

// animation returns the data of acTL (section 11.3.6.1).
func (a *AnimationWriter) animation() []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, a.frames), a.plays)
}

func (a *AnimationWriter) chunk(name string, data []byte) { a.buf.Write(AppendChunk(nil, name, data)) }

// Add writes a frame: a part of the canvas, at its place, that is an *image.NRGBA or,
// with 16 bits, an *image.NRGBA64; of the first one all. It is exact unless the delay
// had to be rounded.
func (a *AnimationWriter) Add(part image.Image, delay time.Duration) (exact bool, err error) {
	num, den, exact := fraction(delay)
	control := binary.BigEndian.AppendUint32(nil, a.sequence)
	r := part.Bounds()
	for _, v := range []int{r.Dx(), r.Dy(), r.Min.X, r.Min.Y} {
		control = binary.BigEndian.AppendUint32(control, uint32(v))
	}
	control = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(control, num), den)
	a.chunk("fcTL", append(control, 0, 0)) // stays, and takes the place of what is there
	a.sequence++
	data, err := a.compress(part)
	if err != nil {
		return false, err
	}
	if a.frames++; a.frames == 1 {
		a.chunk("IDAT", data)
		return exact, nil
	}
	a.chunk("fdAT", append(binary.BigEndian.AppendUint32(nil, a.sequence), data...))
	a.sequence++
	return exact, nil
}

// Close writes what stands behind the last frame.
func (a *AnimationWriter) Close() {
	a.chunk("IEND", nil)
	copy(a.buf.Bytes()[a.control:], AppendChunk(nil, "acTL", a.animation()))
}

// fraction returns a delay in seconds, and whether that is what it was: with the
// least denominator that gives it back, or in whole milliseconds, or in seconds.
func fraction(d time.Duration) (num, den uint16, exact bool) {
	for den := time.Duration(1); den <= 1000; den++ {
		n := (d*den + time.Second/2) / time.Second
		if n <= math.MaxUint16 && n*time.Second/den == d {
			return uint16(n), uint16(den), true
		}
	}
	if ms := d.Round(time.Millisecond) / time.Millisecond; ms <= math.MaxUint16 {
		return uint16(ms), 1000, false
	}
	return uint16(min(d.Round(time.Second)/time.Second, math.MaxUint16)), 1, false
}

// compress returns the pixels of a part, filtered and deflated.
func (a *AnimationWriter) compress(part image.Image) ([]byte, error) {
	b := part.Bounds()
	s := source{width: b.Dx(), height: b.Dy(), bits: a.bits, channels: 4, colour: typeRGBA, four: true}
	switch m := part.(type) {
	case *image.NRGBA:
		s.pix, s.stride = m.Pix, m.Stride
	case *image.NRGBA64:
		s.pix, s.stride = m.Pix, m.Stride
	}
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	a.packed.Reset()
	err := e.compress(&a.packed, &s)
	return a.packed.Bytes(), err
}
