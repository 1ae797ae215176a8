package jpeg

import (
	"math/bits"
	"math/rand/v2"
)

// testScan is a scan of a file to be made.
type testScan struct {
	comps          []int
	ss, se, ah, al int
}

// testWriter makes JPEGs of coefficients: the slow and obvious counterpart of
// the reader.
type testWriter struct {
	c           *Coefficients
	progressive bool
	restart     int
	dc, ac      *huffman
	codes       [2][256]struct{ code, length uint32 }
	out         []byte
	bits        bitWriter
}

// sampleFactors are some that T.81 allows, of which a component may have less
// than the full size in ways that are no power of two.
var sampleFactors = [][][2]int{
	{{1, 1}}, {{2, 2}}, {{1, 1}, {1, 1}, {1, 1}}, {{2, 1}, {1, 1}, {1, 1}}, {{2, 2}, {1, 1}, {1, 1}}, {{1, 2}, {1, 1}, {1, 1}},
	{{4, 1}, {1, 1}, {1, 1}}, {{4, 2}, {1, 1}, {1, 1}}, {{2, 2}, {2, 1}, {1, 2}}, {{3, 1}, {2, 1}, {1, 1}}, {{1, 1}, {2, 2}, {1, 1}},
	{{1, 1}, {1, 1}, {1, 1}, {1, 1}}, {{2, 2}, {1, 1}, {1, 1}, {2, 2}},
}

// anyCoefficients makes a picture of blocks from nearly empty to full.
func anyCoefficients(r *rand.Rand, width, height int, factors [][2]int) *Coefficients {
	c := &Coefficients{Width: width, Height: height, Components: make([]CoefficientPlane, len(factors))}
	for i, f := range factors {
		c.Components[i].H, c.Components[i].V = f[0], f[1]
	}
	_, _, mcusX, mcusY := c.layout()
	for i := range c.Components {
		p := &c.Components[i]
		p.ID, p.Columns, p.Rows = uint8(i+1), mcusX*p.H, mcusY*p.V
		for k := range p.Quant {
			p.Quant[k] = uint16(1 + r.IntN(40))
		}
		p.Blocks = make([]Block, p.Columns*p.Rows)
		for n := range p.Blocks {
			b := &p.Blocks[n]
			b[0] = int16(r.IntN(1<<r.IntN(12)) - 200)
			for range r.IntN(1 << r.IntN(7)) {
				b[r.IntN(1+r.IntN(64))] = int16(r.IntN(1<<r.IntN(11)) - 7)
			}
		}
	}
	return c
}

// testTable makes a table of n symbols, of which a few have short codes.
func testTable(r *rand.Rand, n int) *huffman {
	h := &huffman{}
	for _, s := range r.Perm(n) {
		h.symbols = append(h.symbols, uint8(s))
	}
	for i := range h.symbols {
		if i < 6 {
			h.counts[i+1]++ // 2 to 7 bits
		} else {
			h.counts[8+i%8]++ // 9 to 16 bits
		}
	}
	if !h.assign() {
		panic("too many codes")
	}
	return h
}

func (w *testWriter) encode(r *rand.Rand, scans []testScan) []byte {
	w.dc, w.ac = testTable(r, 16), testTable(r, 256)
	for t, h := range []*huffman{w.dc, w.ac} {
		i := 0
		for l := range 16 {
			for j := range uint32(h.counts[l]) {
				w.codes[t][h.symbols[i]] = struct{ code, length uint32 }{h.first[l+1] + j, uint32(l + 1)}
				i++
			}
		}
	}
	w.out = []byte{0xff, mSOI}
	for i := range w.c.Components {
		w.out = append(w.out, 0xff, mDQT, 0, 67, byte(i))
		for _, at := range zigzag {
			w.out = append(w.out, byte(w.c.Components[i].Quant[at]))
		}
	}
	marker := byte(mSOF1)
	if w.progressive {
		marker = mSOF2
	}
	n := len(w.c.Components)
	w.out = append(w.out, 0xff, marker, 0, byte(8+3*n), 8, byte(w.c.Height>>8), byte(w.c.Height), byte(w.c.Width>>8), byte(w.c.Width), byte(n))
	for i, p := range w.c.Components {
		w.out = append(w.out, p.ID, byte(p.H<<4|p.V), byte(i))
	}
	w.out = appendHuffman(appendHuffman(w.out, 0, 0, w.dc), 1, 0, w.ac)
	if w.restart > 0 {
		w.out = appendRestart(w.out, w.restart)
	}
	for _, s := range scans {
		w.scan(s)
	}
	return append(w.out, 0xff, mEOI)
}

// realBlocks is how many columns and rows of blocks hold pixels.
func realBlocks(c *Coefficients, i int) (columns, rows int) {
	hmax, vmax, _, _ := c.layout()
	p := &c.Components[i]
	return ceilDiv(ceilDiv(c.Width*p.H, hmax), 8), ceilDiv(ceilDiv(c.Height*p.V, vmax), 8)
}

func (w *testWriter) scan(s testScan) {
	w.out = append(w.out, 0xff, mSOS, 0, byte(6+2*len(s.comps)), byte(len(s.comps)))
	for _, i := range s.comps {
		w.out = append(w.out, w.c.Components[i].ID, 0)
	}
	w.out = append(w.out, byte(s.ss), byte(s.se), byte(s.ah<<4|s.al))
	_, _, mcusX, mcusY := w.c.layout()
	alone := len(s.comps) == 1
	if alone {
		mcusX, mcusY = realBlocks(w.c, s.comps[0])
	}
	var pred [4]int
	buf := make([]byte, 1<<18)
	w.bits = bitWriter{b: buf}
	for n := range mcusX * mcusY {
		if w.restart > 0 && n > 0 && n%w.restart == 0 {
			w.out = append(stuff(w.out, w.bits.flush()), 0xff, mRST0+byte(n/w.restart-1)&7)
			w.bits, pred = bitWriter{b: buf}, [4]int{}
		}
		for _, i := range s.comps {
			p := &w.c.Components[i]
			h, v := p.H, p.V
			if alone {
				h, v = 1, 1
			}
			for k := range h * v {
				at := (n/mcusX*v+k/h)*p.Columns + n%mcusX*h + k%h
				w.block(s, &p.Blocks[at], &pred[i])
			}
		}
	}
	w.out = stuff(w.out, w.bits.flush())
}

// symbol writes a symbol and the additional bits of a value.
func (w *testWriter) symbol(table, high, v int) {
	size := bits.Len(uint(max(v, -v)))
	c := w.codes[table][high<<4|size]
	w.bits.put(uint64(c.code), uint(c.length))
	if v < 0 {
		v--
	}
	w.bits.put(uint64(v)&(1<<size-1), uint(size))
}

func (w *testWriter) block(s testScan, b *Block, pred *int) {
	switch {
	case s.ss == 0 && s.ah > 0:
		w.bits.put(uint64(b[0]>>s.al&1), 1)
		return
	case s.ss == 0:
		v := int(b[0]) >> s.al
		w.symbol(0, 0, int(int16(v-*pred))) // wraps as the reader does
		*pred = v
	case s.ah > 0:
		w.refine(s, b)
		return
	}
	run := 0
	for k := max(s.ss, 1); k <= s.se; k++ {
		v := int(b[zigzag[k]]) / (1 << s.al)
		if v == 0 {
			run++
			continue
		}
		for ; run > 15; run -= 16 {
			w.symbol(1, 15, 0)
		}
		w.symbol(1, run, v)
		run = 0
	}
	if run > 0 {
		w.symbol(1, 0, 0)
	}
}

// refine writes a block of a correcting AC scan, without runs of zeros or of
// end-of-blocks: these have tests in the fixtures.
func (w *testWriter) refine(s testScan, b *Block) {
	var corrections []uint64
	run := 0
	for k := s.ss; k <= s.se; k++ {
		v := int(b[zigzag[k]])
		old, now := max(v, -v)>>s.ah, max(v, -v)>>s.al
		switch {
		case old > 0:
			corrections = append(corrections, uint64(now&1))
			continue
		case now == 0 && run < 15:
			run++
			continue
		case now == 0: // the last of 16 zeros
			w.symbol(1, 15, 0)
		default:
			c := w.codes[1][run<<4|1]
			w.bits.put(uint64(c.code), uint(c.length))
			sign := uint64(0)
			if v > 0 {
				sign = 1
			}
			w.bits.put(sign, 1)
		}
		for _, c := range corrections {
			w.bits.put(c, 1)
		}
		run, corrections = 0, nil
	}
	if run > 0 || len(corrections) > 0 {
		w.symbol(1, 0, 0)
		for _, c := range corrections {
			w.bits.put(c, 1)
		}
	}
}
