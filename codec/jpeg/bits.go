package jpeg

import (
	"bytes"
	"encoding/binary"
)

// slack is how many bytes follow the data of an unstuffed scan. A block takes
// at most 64 x 31 bits and an MCU holds at most 10 blocks, so a reader that
// looks at its position once an MCU never leaves the slack.
const slack = maxBlocks*64*4 + 16

// entropy is the data of a scan with the stuffed bytes and the restart markers
// taken out, so that the loops over it never look for either.
type entropy struct {
	b     []byte // the data, then slack zero bytes
	ends  []int  // where each restart segment ends in b
	which []int  // its number as its marker has it; -1: none that fits
}

// unstuff fills e with a scan's data, reusing its memory. Restart markers must
// count from 0 to 7 and around. The first one that does not is an error, behind
// which e is still what can be made of all the data. There are at most so many
// restart segments.
func (e *entropy) unstuff(s *scan, most int) (err error) {
	data := s.data
	out := grow(e.b, len(data)+slack)
	e.ends, e.which = e.ends[:0], append(e.which[:0], 0)
	n, next := 0, 0
	for off := 0; ; {
		i := bytes.IndexByte(data[off:], 0xff)
		if i < 0 {
			n += copy(out[n:], data[off:])
			break
		}
		n += copy(out[n:], data[off:off+i])
		off += i + 1
		if off >= len(data) {
			if err == nil {
				err = &FormatError{s.offset + len(data), "the scan ends within a marker"}
			}
			break
		}
		switch m := data[off]; {
		case m == 0:
			out[n] = 0xff
			n++
			off++
		case m == 0xff: // fill byte: the marker follows
		default:
			off++
			which := next + 1
			if s.restart == 0 || int(m) != mRST0+next&7 || which == most {
				if err == nil {
					err = &FormatError{s.offset + off - 2, "a restart marker that does not belong here"}
				}
				which = s.resync(next, m)
			}
			if len(e.which) == 2*most { // no use, and more than that is no picture
				continue
			}
			next = max(next, which)
			e.ends, e.which = append(e.ends, n), append(e.which, which)
		}
	}
	e.ends = append(e.ends, n)
	clear(out[n : n+slack])
	e.b = out[:n+slack]
	return err
}

// size is the number of bytes of data.
func (e *entropy) size() int { return len(e.b) - slack }

// bitReader reads an entropy from the most significant bit on. Its refill has
// no branch: behind it, bits holds at least 56 valid bits at its top.
type bitReader struct {
	b    []byte
	p    int    // the next byte to load
	bits uint64 // loaded, at the top; what is below the n valid ones agrees with b
	n    uint   // valid bits
}

// readerAt returns a reader that stands at a bit position.
func readerAt(b []byte, pos int) bitReader {
	r := bitReader{b: b, p: pos >> 3}
	r.refill()
	r.skip(uint(pos & 7))
	return r
}

func (r *bitReader) refill() {
	r.bits |= binary.BigEndian.Uint64(r.b[r.p:]) >> r.n
	r.p += int(63-r.n) >> 3
	r.n |= 56
}

func (r *bitReader) skip(k uint) {
	r.bits <<= k
	r.n -= k
}

// pos is the position in bits.
func (r *bitReader) pos() int { return r.p*8 - int(r.n) }

// bitWriter appends bits to b. Callers make sure that b has room: 8 bytes
// behind the last one written, and copyRoom for copyRun.
type bitWriter struct {
	b   []byte
	o   int    // bytes written
	acc uint64 // not yet written, at the top
	n   uint   // valid bits in acc; at most 7 between calls
}

// put appends the low c bits of v; c is at most 56, and v has no others.
func (w *bitWriter) put(v uint64, c uint) {
	w.acc |= v << (64 - w.n - c)
	w.n += c
	binary.BigEndian.PutUint64(w.b[w.o:], w.acc)
	w.o += int(w.n >> 3)
	w.acc <<= w.n &^ 7
	w.n &= 7
}

// copyBits appends the bits of src from position from to position to.
func (w *bitWriter) copyBits(src []byte, from, to int) {
	acc, n, o, b := w.acc, w.n, w.o, w.b
	for to-from >= 56 {
		v := binary.BigEndian.Uint64(src[from>>3:]) << (from & 7) >> 8
		acc |= v << (8 - n)
		binary.BigEndian.PutUint64(b[o:], acc)
		o += 7
		acc <<= 56
		from += 56
	}
	w.acc, w.o = acc, o
	if c := uint(to - from); c > 0 {
		w.put(binary.BigEndian.Uint64(src[from>>3:])<<(from&7)>>(64-c), c)
	}
}

// copyRoom is how many bytes copyRun may read and write behind the last one
// that it copies.
const copyRoom = 32

// copyRun is copyBits for what is short and has copyRoom behind it. It copies in
// steps of four times 7 bytes: most of what is copied takes one step, and a loop
// that ended sooner would do so when nothing could predict it.
func (w *bitWriter) copyRun(src []byte, from, to int) {
	acc, n, o := w.acc, w.n&7, w.o
	shift, left := from&7, to-from
	for p := from >> 3; ; p += 28 {
		s, d := src[p:p+32:p+32], w.b[o:o+32:o+32]
		v := binary.BigEndian.Uint64(s) << shift &^ 0xff
		binary.BigEndian.PutUint64(d, acc|v>>n)
		acc = v << (56 - n)
		v = binary.BigEndian.Uint64(s[7:]) << shift &^ 0xff
		binary.BigEndian.PutUint64(d[7:], acc|v>>n)
		acc = v << (56 - n)
		v = binary.BigEndian.Uint64(s[14:]) << shift &^ 0xff
		binary.BigEndian.PutUint64(d[14:], acc|v>>n)
		acc = v << (56 - n)
		v = binary.BigEndian.Uint64(s[21:]) << shift &^ 0xff
		binary.BigEndian.PutUint64(d[21:], acc|v>>n)
		acc = v << (56 - n)
		if left <= 4*56 {
			break
		}
		o += 28
		left -= 4 * 56
	}
	left += int(n)
	w.o = o + left>>3
	w.n = uint(left & 7)
	w.acc = uint64(w.b[w.o]) << 56 &^ (^uint64(0) >> w.n)
}

// flush pads with ones to a whole byte (F.1.2.3) and returns what was written.
func (w *bitWriter) flush() []byte {
	if w.n > 0 {
		w.put(1<<(8-w.n)-1, 8-w.n)
	}
	return w.b[:w.o]
}

// stuff appends data to dst with a zero behind every 0xff.
func stuff(dst, data []byte) []byte {
	for {
		i := bytes.IndexByte(data, 0xff)
		if i < 0 {
			return append(dst, data...)
		}
		dst = append(append(dst, data[:i+1]...), 0)
		data = data[i+1:]
	}
}

// grow returns a slice of n bytes, in the memory of b if that is enough.
func grow(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}

// growCoefs is grow for coefficients that are all zero where they are not in use.
func growCoefs(b []int16, n int) []int16 {
	if cap(b) < n {
		return make([]int16, n)
	}
	return b[:n]
}
