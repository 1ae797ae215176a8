package main

// jpegScan is one scan: its components, the band of coefficients, and the
// positions of the bits that earlier scans and this one carry down to (T.81,
// G.1.1.1). high 0 means that this is the band's first scan.
type jpegScan struct {
	components             []int
	first, last, high, low int
}

// token is a Huffman symbol and the bits after it, bits alone (table < 0), or a
// restart marker.
type token struct {
	table, symbol, bits, n int
	restart                bool
}

// scanWriter turns coefficients into tokens, of which the Huffman codes can be
// made before anything is written.
type scanWriter struct {
	jpegScan
	tokens     []token
	table      int // class<<4 | id
	dc         [4]int
	endOfBands int     // blocks that have nothing more to say
	correction []token // bits that follow the end of those blocks
}

// scans lists what a file of these options consists of. The progressive script
// is the one that libjpeg made common.
func (f *jpegFile) scans() []jpegScan {
	all := make([]int, len(f.components))
	for i := range all {
		all[i] = i
	}
	var scans []jpegScan
	each := func(components []int, first, last, high, low int) {
		for _, c := range components {
			scans = append(scans, jpegScan{[]int{c}, first, last, high, low})
		}
	}
	switch {
	case f.progress:
		scans = append(scans, jpegScan{all, 0, 0, 0, 1})
		each(all[:1], 1, 5, 0, 2)
		each(all[1:], 1, 63, 0, 1)
		each(all[:1], 6, 63, 0, 2)
		each(all[:1], 1, 63, 2, 1)
		scans = append(scans, jpegScan{all, 0, 0, 1, 0})
		each(all[1:], 1, 63, 1, 0)
		each(all[:1], 1, 63, 1, 0)
	case f.separate:
		each(all, 0, 63, 0, 0)
	default:
		scans = append(scans, jpegScan{all, 0, 63, 0, 0})
	}
	return scans
}

// scan writes one scan.
func (f *jpegFile) scan(s jpegScan) {
	w := &scanWriter{jpegScan: s}
	f.visit(s, w)
	w.flush()
	words := f.codes(w.tokens)
	f.scanHeader(s)
	f.out.Write(pack(w.tokens, words))
}

// visit hands every block of a scan to w: MCU by MCU when components are
// interleaved, otherwise row by row without the blocks that only fill the MCU.
func (f *jpegFile) visit(s jpegScan, w *scanWriter) {
	mcus := f.mcusX * f.mcusY
	alone := &f.components[s.components[0]]
	if len(s.components) == 1 {
		mcus = alone.wide * alone.high
	}
	for i := range mcus {
		if f.restart > 0 && i > 0 && i%f.restart == 0 {
			w.restartAt(i/f.restart - 1)
		}
		if len(s.components) == 1 {
			w.block(s.components[0], alone, i%alone.wide, i/alone.wide)
			continue
		}
		for _, id := range s.components {
			c := &f.components[id]
			for j := range c.h * c.v {
				w.block(id, c, i%f.mcusX*c.h+j%c.h, i/f.mcusX*c.v+j/c.h)
			}
		}
	}
}

// block writes the scan's share of one block.
func (w *scanWriter) block(id int, c *jpegComponent, x, y int) {
	b := &c.blocks[y*c.stride+x]
	from := w.first
	if from == 0 {
		w.table = c.table
		if w.high > 0 {
			w.raw(b[0]>>w.low&1, 1)
		} else {
			w.dcDifference(id, b[0]>>w.low)
		}
		from = 1
	}
	w.table = 1<<4 | c.table
	switch {
	case w.last == 0:
	case w.high > 0:
		w.refineBand(b)
	default:
		w.firstBand(b, from)
	}
}

// dcDifference codes a DC coefficient (T.81, F.1.2.1).
func (w *scanWriter) dcDifference(id, v int) {
	d := v - w.dc[id]
	w.dc[id] = v
	n := bitLen(d)
	w.symbol(n, onesComplement(d, n), n)
}

// firstBand codes AC coefficients (T.81, F.1.2.2 and G.1.2.2). In a sequential
// scan the end of the band holds for one block, in a progressive one for many.
func (w *scanWriter) firstBand(b *[64]int, from int) {
	run := 0
	for k := from; k <= w.last; k++ {
		v := abs(b[k]) >> w.low
		if v == 0 {
			run++
			continue
		}
		w.flush()
		for ; run > 15; run -= 16 {
			w.symbol(0xf0, 0, 0)
		}
		n := bitLen(v)
		if b[k] < 0 {
			v = -v
		}
		w.symbol(run<<4|n, onesComplement(v, n), n)
		run = 0
	}
	if run > 0 {
		w.endOfBands++
		if w.first == 0 || w.endOfBands == 0x7fff {
			w.flush()
		}
	}
}

// refineBand codes one more bit of AC coefficients (T.81, G.1.2.3): a symbol
// for each that becomes non-zero, and a correction bit for each that was.
func (w *scanWriter) refineBand(b *[64]int) {
	lastNew := 0
	for k := w.first; k <= w.last; k++ {
		if abs(b[k])>>w.low == 1 {
			lastNew = k
		}
	}
	run := 0
	var correction []token
	for k := w.first; k <= w.last; k++ {
		v := abs(b[k]) >> w.low
		if v == 0 {
			run++
			continue
		}
		for ; run > 15 && k <= lastNew; run -= 16 {
			w.flush()
			w.symbol(0xf0, 0, 0)
			w.tokens = append(w.tokens, correction...)
			correction = nil
		}
		if v > 1 {
			correction = append(correction, token{table: -1, bits: v & 1, n: 1})
			continue
		}
		w.flush()
		positive := 0
		if b[k] > 0 {
			positive = 1
		}
		w.symbol(run<<4|1, positive, 1)
		w.tokens = append(w.tokens, correction...)
		correction, run = nil, 0
	}
	if run > 0 || len(correction) > 0 {
		w.endOfBands++
		w.correction = append(w.correction, correction...)
		if w.endOfBands == 0x7fff {
			w.flush()
		}
	}
}

// flush writes the blocks whose band has ended.
func (w *scanWriter) flush() {
	if w.endOfBands == 0 {
		return
	}
	n := bitLen(w.endOfBands) - 1
	w.symbol(n<<4, w.endOfBands-1<<n, n)
	w.tokens = append(w.tokens, w.correction...)
	w.endOfBands, w.correction = 0, nil
}

func (w *scanWriter) restartAt(i int) {
	w.flush()
	w.tokens = append(w.tokens, token{table: -1, symbol: rst0 + i%8, restart: true})
	w.dc = [4]int{}
}

func (w *scanWriter) symbol(s, bits, n int) {
	w.tokens = append(w.tokens, token{table: w.table, symbol: s, bits: bits, n: n})
}

func (w *scanWriter) raw(bits, n int) {
	w.tokens = append(w.tokens, token{table: -1, bits: bits, n: n})
}

// bitLen returns the category of T.81, tables F.1 and F.2.
func bitLen(v int) int {
	n := 0
	for v = abs(v); v > 0; v >>= 1 {
		n++
	}
	return n
}

// onesComplement is how T.81 writes the n bits of a value of category n.
func onesComplement(v, n int) int {
	if v < 0 {
		v--
	}
	return v & (1<<n - 1)
}
