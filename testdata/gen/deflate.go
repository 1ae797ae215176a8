package main

import (
	"encoding/binary"
	"hash/adler32"
)

// lsbWriter packs bits into bytes, the least significant bit first, as
// deflate, GIF and lossless WebP do.
type lsbWriter struct {
	out  []byte
	acc  uint64
	nAcc int
}

// write appends the low n bits of v; n is at most 32.
func (w *lsbWriter) write(v, n int) {
	w.acc |= uint64(v) << w.nAcc
	for w.nAcc += n; w.nAcc >= 8; w.nAcc -= 8 {
		w.out = append(w.out, byte(w.acc))
		w.acc >>= 8
	}
}

// code appends a codeword, whose first bit is its most significant one.
func (w *lsbWriter) code(c codeword) {
	for i := c.n - 1; i >= 0; i-- {
		w.write(c.bits>>i&1, 1)
	}
}

// bytes pads the last byte with zeros and returns all of them.
func (w *lsbWriter) bytes() []byte {
	if w.nAcc > 0 {
		w.write(0, 8-w.nAcc)
	}
	return w.out
}

// zlibCompress writes one block of fixed Huffman codes (RFC 1950, RFC 1951). It
// is here because the bytes that compress/zlib writes may change with Go.
func zlibCompress(data []byte) []byte {
	w := &lsbWriter{out: []byte{0x78, 0x01}}
	w.write(1, 1) // the last block
	w.write(1, 2) // fixed codes
	var recent [1 << 12]int
	for i := 0; i < len(data); {
		n, distance := longestMatch(data, i, &recent)
		if n == 0 {
			w.code(fixedLiteral(int(data[i])))
			i++
			continue
		}
		writeMatch(w, n, distance)
		i += n
	}
	w.code(fixedLiteral(256))
	return binary.BigEndian.AppendUint32(w.bytes(), adler32.Checksum(data))
}

// longestMatch compares position i with the most recent one that began with the
// same three bytes. recent holds positions plus 1, by a hash of those bytes.
func longestMatch(data []byte, i int, recent *[1 << 12]int) (n, distance int) {
	const longest, window = 258, 1 << 15
	if i+3 > len(data) {
		return 0, 0
	}
	key := hash(uint32(data[i])<<16|uint32(data[i+1])<<8|uint32(data[i+2]), 0) % uint32(len(recent))
	from := recent[key] - 1
	recent[key] = i + 1
	if from < 0 || i-from > window {
		return 0, 0
	}
	for n < longest && i+n < len(data) && data[from+n] == data[i+n] {
		n++
	}
	if n < 3 {
		return 0, 0
	}
	return n, i - from
}

// fixedLiteral returns the codes of RFC 1951, section 3.2.6.
func fixedLiteral(symbol int) codeword {
	switch {
	case symbol < 144:
		return codeword{0x30 + symbol, 8}
	case symbol < 256:
		return codeword{0x190 + symbol - 144, 9}
	case symbol < 280:
		return codeword{symbol - 256, 7}
	}
	return codeword{0xc0 + symbol - 280, 8}
}

// writeMatch writes length and distance as RFC 1951, section 3.2.5 lists them:
// four symbols of a length share a number of extra bits, two of a distance.
func writeMatch(w *lsbWriter, n, distance int) {
	if n == 258 {
		w.code(fixedLiteral(285))
	} else {
		symbol, extra, bits := bucket(n-3, 4)
		w.code(fixedLiteral(257 + symbol))
		w.write(extra, bits)
	}
	symbol, extra, bits := bucket(distance-1, 2)
	w.code(codeword{symbol, 5})
	w.write(extra, bits)
}

// bucket returns the symbol of v in a list whose ranges double in size every
// `group` symbols, and the extra bits that select v within the range.
func bucket(v, group int) (symbol, extra, bits int) {
	for v>>bits >= 2*group {
		bits++
	}
	return bits*group + v>>bits, v & (1<<bits - 1), bits
}
