package codec

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"iter"
	"math"
	"time"
)

// apngWriter writes an APNG of RGBA with 8 or 16 bits, whose first frame is the
// default image (PNG specification, third edition, 4.9 and 11.3.6). Of each
// further frame it writes the rectangle that changed, in place of what was there.
type apngWriter struct {
	buf      *bytes.Buffer
	sequence uint32
	notes    []string
	deflate  *zlib.Writer
	packed   bytes.Buffer
}

func writeAPNG(buf *bytes.Buffer, frames iter.Seq2[Frame, error], o Options) ([]string, error) {
	a := &apngWriter{buf: buf}
	a.deflate = zlib.NewWriter(&a.packed)
	count, at := uint32(0), 0 // frames, and where acTL stands
	notes, err := eachChange(frames, true, func(c change) error {
		if c.first {
			kept, lost := o.metadataOf(c.Frame)
			a.notes = addNotes(a.notes, lost...)
			a.start(c)
			at = buf.Len()
			a.chunk("acTL", actl(0, o.Loop))
			buf.Write(pngChunks(kept))
		}
		count++
		return a.frame(c)
	})
	if err != nil {
		return nil, err
	}
	a.chunk("IEND", nil)
	copy(buf.Bytes()[at:], appendPNG(nil, "acTL", actl(count, o.Loop)))
	return addNotes(a.notes, notes...), nil
}

func actl(frames uint32, plays int) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, frames), uint32(min(plays, math.MaxInt32)))
}

func (a *apngWriter) chunk(name string, data []byte) { a.buf.Write(appendPNG(nil, name, data)) }

func (a *apngWriter) start(c change) {
	a.buf.WriteString(pngSignature)
	ihdr := binary.BigEndian.AppendUint32(nil, uint32(c.w))
	ihdr = binary.BigEndian.AppendUint32(ihdr, uint32(c.h))
	a.chunk("IHDR", append(ihdr, byte(2*c.size), 6, 0, 0, 0)) // depth, RGBA
}

func (a *apngWriter) frame(c change) error {
	num, den, exact := fraction(c.Delay)
	if !exact {
		a.notes = addNotes(a.notes, lostTime)
	}
	control := binary.BigEndian.AppendUint32(nil, a.sequence)
	for _, v := range []int{c.rect.Dx(), c.rect.Dy(), c.rect.Min.X, c.rect.Min.Y} {
		control = binary.BigEndian.AppendUint32(control, uint32(v))
	}
	control = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(control, num), den)
	a.chunk("fcTL", append(control, 0, 0)) // stays, and takes the place of what is there
	a.sequence++
	data, err := a.compress(c)
	if err != nil {
		return err
	}
	if c.first {
		a.chunk("IDAT", data)
		return nil
	}
	a.chunk("fdAT", append(binary.BigEndian.AppendUint32(nil, a.sequence), data...))
	a.sequence++
	return nil
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
func (a *apngWriter) compress(c change) ([]byte, error) {
	a.packed.Reset()
	a.deflate.Reset(&a.packed)
	n := c.rect.Dx() * c.size
	above, row, best := make([]byte, n), make([]byte, 1+n), make([]byte, 1+n)
	for y := c.rect.Min.Y; y < c.rect.Max.Y; y++ {
		line, least := c.row(y, c.rect), math.MaxInt
		for filter := range byte(5) {
			row[0] = filter
			if sum := filterRow(row[1:], line, above, c.size, filter); sum < least {
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

// appendPNG appends a chunk with its checksum (section 5.3).
func appendPNG(out []byte, name string, data []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
	start := len(out)
	out = append(append(out, name...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[start:]))
}
