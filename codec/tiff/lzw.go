package tiff

import "io"

// lzw undoes LZW (section 13). Codes are 9 to 12 bits long, the highest bit first, and grow one code early. In files of
// before TIFF 5.0 was done the lowest bit is first, and codes grow when they must; they are told apart by their first
// code, which is always lzwClear.
type lzw struct {
	bits    bitReader
	old     bool
	prefix  [1 << lzwMost]uint16 // the code whose bytes come before the last one
	suffix  [1 << lzwMost]byte   // the last byte
	first   [1 << lzwMost]byte   // the first byte
	length  [1 << lzwMost]uint16 // bytes
	next    int                  // the code that is made next
	width   uint                 // of a code, bits
	last    int                  // the code before, or -1
	ended   bool
	pending []byte // what did not fit into fill's dst
	spare   [1 << lzwMost]byte
}

const (
	lzwMost  = 12 // bits of a code
	lzwClear = 256
	lzwEnd   = 257
	lzwFirst = 258 // the first code that stands for more than a byte
)

func (u *lzw) reset(src *source) error {
	if src.pos == len(src.buf) && !src.more() {
		return src.end()
	}
	u.bits = bitReader{src: src}
	if b := src.buf; len(b) > 1 && b[0] == 0 && b[1]&1 == 1 {
		u.old, u.bits.lsb = true, true
	} else {
		u.old = false
	}
	for i := range lzwClear {
		u.suffix[i], u.first[i], u.length[i] = byte(i), byte(i), 1
	}
	u.next, u.width, u.last, u.ended, u.pending = lzwFirst, 9, -1, false, nil
	return nil
}

func (u *lzw) finish() error { return nil }

// code reads the next code.
func (u *lzw) code() (int, error) {
	b := &u.bits
	if b.n < u.width && !b.need(u.width) {
		return 0, b.src.end()
	}
	var c int
	if b.lsb {
		c = int(b.acc & (1<<u.width - 1))
		b.acc >>= u.width
	} else {
		c = int(b.acc >> (64 - u.width))
		b.acc <<= u.width
	}
	b.n -= u.width
	return c, nil
}

func (u *lzw) fill(dst []byte) error {
	n := copy(dst, u.pending)
	u.pending = u.pending[n:]
	for n < len(dst) {
		if u.ended {
			return io.ErrUnexpectedEOF
		}
		c, err := u.code()
		if err != nil {
			return err
		}
		if c < lzwClear && u.last >= 0 { // the most frequent case, and the shortest
			dst[n] = byte(c)
			n++
			u.add(byte(c))
			u.last = c
			continue
		}
		switch {
		case c == lzwEnd:
			u.ended = true
		case c == lzwClear:
			u.next, u.width, u.last = lzwFirst, 9, -1
		default:
			if err := u.learn(c); err != nil {
				return err
			}
			n += u.write(dst[n:], c)
		}
	}
	return nil
}

// learn adds the code that this one makes known: the one before with the first byte of this.
func (u *lzw) learn(c int) error {
	switch {
	case u.last < 0:
		if c >= lzwClear {
			return badf("LZW code %d behind a clear code", c)
		}
	case c < u.next:
		u.add(u.first[c])
	case c == u.next && c < 1<<lzwMost:
		u.add(u.first[u.last])
	default:
		return badf("LZW code %d of %d", c, u.next)
	}
	u.last = c
	return nil
}

// add makes a code of the one before and a byte. A full table is left as it is.
func (u *lzw) add(b byte) {
	if u.next == 1<<lzwMost {
		return
	}
	u.prefix[u.next], u.suffix[u.next] = uint16(u.last), b
	u.first[u.next], u.length[u.next] = u.first[u.last], u.length[u.last]+1
	u.next++
	early := 1
	if u.old {
		early = 0
	}
	if u.next+early >= 1<<u.width && u.width < lzwMost {
		u.width++
	}
}

// write writes the bytes of a code, the last first, and keeps those for later that do not fit.
func (u *lzw) write(dst []byte, c int) int {
	n := int(u.length[c])
	if n > len(dst) {
		whole := u.spare[:n]
		u.expand(whole, c)
		k := copy(dst, whole)
		u.pending = whole[k:]
		return k
	}
	u.expand(dst[:n], c)
	return n
}

func (u *lzw) expand(dst []byte, c int) {
	for i := len(dst) - 1; i >= 0; i-- {
		dst[i] = u.suffix[c&(1<<lzwMost-1)]
		c = int(u.prefix[c&(1<<lzwMost-1)])
	}
}
