package main

import "slices"

// Flags of the VP8X chunk.
const (
	webpAnimation = 1 << 1
	webpEXIF      = 1 << 3
	webpAlpha     = 1 << 4
	webpICC       = 1 << 5
)

// riffChunk is a name, a length and data padded to an even length.
func riffChunk(name string, data []byte) []byte {
	return slices.Concat(le32([]byte(name), len(data)), data, make([]byte, len(data)%2))
}

// webpFile puts chunks into the RIFF container.
func webpFile(chunks ...[]byte) []byte {
	return riffChunk("RIFF", append([]byte("WEBP"), slices.Concat(chunks...)...))
}

// vp8x is the header of an extended file, whose canvas is w x h.
func vp8x(flags, w, h int) []byte {
	return riffChunk("VP8X", append(le32(nil, flags), le24(w-1, h-1)...))
}

func le24(values ...int) []byte {
	var out []byte
	for _, v := range values {
		out = append(out, byte(v), byte(v>>8), byte(v>>16))
	}
	return out
}

// vp8l codes a picture of 8-bit RGB or RGBA without loss: every pixel is a
// literal, after subtracting green from red and blue. (WebP Lossless Bitstream
// Specification, sections 3 to 6.)
func vp8l(m *raster) []byte {
	w := &lsbWriter{}
	vp8lHeader(w, m.w, m.h, m.channels == 4)
	w.write(1, 1) // a transform follows
	w.write(2, 2) // subtract green
	w.write(0, 1) // no further transform
	w.write(0, 1) // no colour cache
	w.write(0, 1) // one group of prefix codes
	pixels := m.each(4, 8, func(dst, src []uint16) {
		dst[0], dst[1], dst[2], dst[3] = src[1], (src[0]-src[1])&255, (src[2]-src[1])&255, 255
		copy(dst[3:], src[3:])
	})
	var words [4][]codeword
	for c, symbols := range [4]int{256 + 24, 256, 256, 256} {
		freq := make([]int, symbols)
		for i := c; i < len(pixels.pix); i += 4 {
			freq[pixels.pix[i]]++
		}
		words[c] = writePrefixCode(w, freq)
	}
	singleSymbol(w, 0) // distances: none
	for i, v := range pixels.pix {
		w.code(words[i%4][v])
	}
	return riffChunk("VP8L", w.bytes())
}

func vp8lHeader(w *lsbWriter, width, height int, alpha bool) {
	w.write(0x2f, 8)
	w.write(width-1, 14)
	w.write(height-1, 14)
	if alpha {
		w.write(1, 1)
	} else {
		w.write(0, 1)
	}
	w.write(0, 3) // version
}

// writePrefixCode makes a code, writes the lengths of its codewords and returns
// them. The lengths themselves are coded with four bits each.
func writePrefixCode(w *lsbWriter, freq []int) []codeword {
	p := bestCode(freq, 15)
	if len(p.symbols) == 0 {
		only := slices.IndexFunc(freq, func(f int) bool { return f > 0 })
		singleSymbol(w, only)
		return make([]codeword, len(freq))
	}
	words := p.codewords(len(freq))
	w.write(0, 1)    // not a simple code
	w.write(19-4, 4) // lengths of the code for lengths: 17, 18, then 0 to 15
	for _, symbol := range [19]int{17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15} {
		if symbol < 16 {
			w.write(4, 3)
		} else {
			w.write(0, 3)
		}
	}
	w.write(0, 1) // lengths of all symbols follow
	for _, word := range words {
		w.code(codeword{word.n, 4})
	}
	return words
}

// singleSymbol writes a code that takes no bits.
func singleSymbol(w *lsbWriter, symbol int) {
	w.write(1, 1) // simple
	w.write(0, 1) // one symbol
	w.write(1, 1) // of 8 bits
	w.write(symbol, 8)
}

// vp8lBlank codes an opaque black picture of any size in a few bytes: no pixel
// takes a single bit.
func vp8lBlank(width, height int) []byte {
	w := &lsbWriter{}
	vp8lHeader(w, width, height, false)
	w.write(0, 3) // no transform, no colour cache, one group of prefix codes
	for _, symbol := range [5]int{0, 0, 0, 255, 0} {
		singleSymbol(w, symbol)
	}
	return riffChunk("VP8L", w.bytes())
}

// alph is an ALPH chunk, neither compressed nor filtered.
func alph(m *raster) []byte {
	data := []byte{0}
	for i := 3; i < len(m.pix); i += 4 {
		data = append(data, byte(m.pix[i]))
	}
	return riffChunk("ALPH", data)
}
