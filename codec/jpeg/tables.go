package jpeg

import "sync"

// The tables that T.81 gives as examples (annex K) and everybody uses.

// Base quantisation tables (K.1), in zigzag order: luminance, chrominance.
var baseQuant = [2][64]uint8{{
	16, 11, 12, 14, 12, 10, 16, 14,
	13, 14, 18, 17, 16, 19, 24, 40,
	26, 24, 22, 22, 24, 49, 35, 37,
	29, 40, 58, 51, 61, 60, 57, 51,
	56, 55, 64, 72, 92, 78, 64, 68,
	87, 69, 55, 56, 80, 109, 81, 87,
	95, 98, 103, 104, 103, 62, 77, 113,
	121, 112, 100, 120, 92, 101, 103, 99,
}, {
	17, 18, 18, 24, 21, 24, 47, 26,
	26, 47, 99, 66, 56, 66, 99, 99,
	99, 99, 99, 99, 99, 99, 99, 99,
	99, 99, 99, 99, 99, 99, 99, 99,
	99, 99, 99, 99, 99, 99, 99, 99,
	99, 99, 99, 99, 99, 99, 99, 99,
	99, 99, 99, 99, 99, 99, 99, 99,
	99, 99, 99, 99, 99, 99, 99, 99,
}}

// scaledQuant returns a base table at a quality of 1 to 100, on the scale that
// libjpeg introduced: 50 is the table itself, 100 is all ones.
func scaledQuant(base *[64]uint8, quality int) *quant {
	percent := 200 - 2*quality
	if quality < 50 {
		percent = 5000 / quality
	}
	q := new(quant)
	for i, v := range base {
		q.q[i] = uint16(min(max((int(v)*percent+50)/100, 1), 255))
	}
	return q
}

// codeTables is the Huffman tables of a scan: luminance and chrominance, or
// whatever else two kinds of components are.
type codeTables struct{ dc, ac [2]*huffman }

// standardHuffman returns the tables of K.3. They have a code for every symbol
// of baseline coding.
var standardHuffman = sync.OnceValue(func() *codeTables {
	categories := []uint8{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}
	t := &codeTables{
		dc: [2]*huffman{
			{counts: [16]uint8{0, 1, 5, 1, 1, 1, 1, 1, 1}, symbols: categories},
			{counts: [16]uint8{0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1}, symbols: categories},
		},
		ac: [2]*huffman{
			{counts: [16]uint8{0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125}, symbols: withRare([]uint8{
				0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07,
				0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52, 0xd1, 0xf0,
				0x24, 0x33, 0x62, 0x72, 0x82,
			})},
			{counts: [16]uint8{0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119}, symbols: withRare([]uint8{
				0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71,
				0x13, 0x22, 0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xa1, 0xb1, 0xc1, 0x09, 0x23, 0x33, 0x52, 0xf0,
				0x15, 0x62, 0x72, 0xd1, 0x0a, 0x16, 0x24, 0x34, 0xe1, 0x25, 0xf1,
			})},
		},
	}
	for i := range 2 {
		t.dc[i].assign()
		t.ac[i].assign()
	}
	return t
})

// withRare completes the symbols of an AC table of K.3: those that it does not
// order by how common they are follow in the order of their values.
func withRare(symbols []uint8) []uint8 {
	var listed [256]bool
	for _, s := range symbols {
		listed[s] = true
	}
	for run := range uint8(16) {
		for category := uint8(1); category <= 10; category++ {
			if s := run<<4 | category; !listed[s] {
				symbols = append(symbols, s)
			}
		}
	}
	return symbols
}
