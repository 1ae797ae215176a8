package png

import (
	"bytes"
	"compress/zlib"
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
	deflate  *zlib.Writer
	packed   bytes.Buffer
}

// NewAnimationWriter writes what stands before the first frame. The canvas has 16
// bits a channel if deep is true, else 8, and is played so often, 0: for ever. Whole
// chunks may stand before the first frame.
func NewAnimationWriter(buf *bytes.Buffer, width, height int, deep bool, plays int, chunks []byte) *AnimationWriter {
	a := &AnimationWriter{buf: buf, plays: uint32(min(plays, math.MaxInt32))}
	a.deflate = zlib.NewWriter(&a.packed)
	s := source{width: width, height: height, bits: 8, colour: typeRGBA}
	if deep {
		s.bits = 16
	}
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

// compress returns the changed pixels, each row with the filter that leaves the
// least sum of distances from 0 (section 12.7), deflated.
func (a *AnimationWriter) compress(part image.Image) ([]byte, error) {
	a.packed.Reset()
	a.deflate.Reset(&a.packed)
	var pix []byte
	var stride, size int
	switch m := part.(type) {
	case *image.NRGBA:
		pix, stride, size = m.Pix, m.Stride, 4
	case *image.NRGBA64:
		pix, stride, size = m.Pix, m.Stride, 8
	}
	n := part.Bounds().Dx() * size
	above, row, best := make([]byte, n), make([]byte, 1+n), make([]byte, 1+n)
	for y := range part.Bounds().Dy() {
		line, least := pix[y*stride:][:n], math.MaxInt
		for filter := range byte(5) {
			row[0] = filter
			if sum := filterRow(row[1:], line, above, size, filter); sum < least {
				least = sum
				row, best = best, row
			}
		}
		if _, err := a.deflate.Write(best); err != nil {
			return nil, err
		}
		above = line
	}
	err := a.deflate.Close()
	return a.packed.Bytes(), err
}

// filterRow filters a line (section 9.2), and returns the sum of distances from
// 0, modulo 256, of what is left.
func filterRow(out, line, above []byte, size int, filter byte) (sum int) {
	for i, v := range line {
		var left, corner byte
		if i >= size {
			left, corner = line[i-size], above[i-size]
		}
		switch filter {
		case 1:
			v -= left
		case 2:
			v -= above[i]
		case 3:
			v -= byte((int(left) + int(above[i])) / 2)
		case 4:
			v -= paeth(int(left), int(above[i]), int(corner))
		}
		out[i] = v
		sum += max(int(int8(v)), -int(int8(v)))
	}
	return sum
}

// paeth is the predictor of section 9.4.
func paeth(a, b, c int) byte {
	distance := func(v int) int { return max(v, -v) }
	p := a + b - c
	switch pa, pb, pc := distance(p-a), distance(p-b), distance(p-c); {
	case pa <= pb && pa <= pc:
		return byte(a)
	case pb <= pc:
		return byte(b)
	}
	return byte(c)
}
