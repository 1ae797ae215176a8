package jpeg

// Run tables
//
// The kernel readRun reads blocks without a branch for their ends, and so the
// DC is a coefficient like any other to it. Here k is the next coefficient: 0 is
// the DC. An entry of start (for k = 0) or of pairs decodes up to two coefficients
// with all their bits, and an end-of-block behind them. From the lowest byte, it
// holds:
//
//	1 byte   how many bits that takes, at most runBits
//	1 byte   by how much k advances, and runEnd if the block ends
//	1 byte   place of the first coefficient: k + this - 1
//	1 byte   place of the second
//	2 bytes  the first value; of the DC, the difference
//	2 bytes  the second value
//
// An entry of one coefficient has it twice. One of none has two values of 0 that
// lie nowhere. Where not even one symbol fits, an entry takes no bits and
// advances by runOff. So bit 6 of k says, whatever k was, that the tables do not
// lead on: no symbol fits, the block is full, or it was read beyond its end.
//
// There the kernel undoes the look-up and reads one symbol by dc or ac. An entry
// of those has the length of the code in bits 0 to 4, that of the additional bits
// in bits 5 to 8, and by how much k advances from bit 9 on: 1 for the DC, runEnd/2
// for an end-of-block, more than a block for what is no symbol. It is 0 where the
// code does not fit, or is none. The kernel computes the value (F.2.2.1).
type runTables struct {
	start, pairs runTable
	dc, ac       [1 << runBits]uint16
	// AC codes of more than runBits bits. The first 16 bits of those of length
	// runBits+1+i, and of shorter ones, are below limit[i]; the code plus offset[i] is
	// the place of its symbol in long.
	long   [256]uint16
	limit  [16 - runBits]uint32
	offset [16 - runBits]uint32
}

// runTable is one of runTables that is made of such entries.
type runTable [1 << runBits]uint64

const (
	runBits    = 11
	runOff     = 64
	runEnd     = 128
	symbolSize = 5
	symbolStep = 9
)

func newRunTables(dc, ac *huffman) *runTables {
	t := new(runTables)
	t.fillLong(ac)
	for i := range t.start {
		bits := uint64(i) << (64 - runBits)
		t.start[i], t.pairs[i] = startRun(dc, ac, bits), ac.pairRun(bits)
		if cat, l := dc.decode(bits); l > 0 && l <= runBits && cat <= maxCategory {
			t.dc[i] = uint16(l) | uint16(cat)<<symbolSize | 1<<symbolStep
		}
		if sym, l := ac.decode(bits); l > 0 && l <= runBits {
			t.ac[i] = symbolEntry(l, sym)
		}
	}
	return t
}

// fillLong makes the tables of long codes.
func (t *runTables) fillLong(ac *huffman) {
	n := 0
	for l := 1; l <= 16; l++ {
		end := ac.first[l] + uint32(ac.counts[l-1])
		if i := l - runBits - 1; i >= 0 {
			t.limit[i] = end << (16 - l)
			t.offset[i] = uint32(ac.index[l]) - ac.first[l]
		}
		for range ac.counts[l-1] {
			t.long[n] = symbolEntry(uint(l), ac.symbols[n])
			n++
		}
	}
}

// symbolEntry is the entry for an AC symbol with a code of so many bits.
func symbolEntry(code uint, sym uint8) uint16 {
	run, size := uint16(sym>>4), uint16(sym&15)
	switch {
	case sym == 0:
		run = runEnd/2 - 1
	case size == 0 && run != 15: // beyond the block, wherever that is
		run = runOff
	}
	return uint16(code) | size<<symbolSize | (run+1)<<symbolStep
}

// noSymbols is the entry of no bits.
const noSymbols = runOff<<8 | (nowhere+1)<<16 | (nowhere+1)<<24

// pairRun is the entry of pairs for what is at the top of bits.
func (h *huffman) pairRun(bits uint64) uint64 {
	e := h.pair(bits, runBits)
	if e&0xff == 0 {
		return noSymbols
	}
	return e&^0xffffff00 | e>>24&0xff<<8 | e>>8&0xffff<<16
}

// startRun is the entry of start for what is at the top of bits.
func startRun(dc, ac *huffman, bits uint64) uint64 {
	cat, l := dc.decode(bits)
	used := l + uint(cat)
	if l == 0 || used > runBits || cat > maxCategory {
		return noSymbols
	}
	diff, _ := dc.diff(bits)
	places, values := [2]uint64{1, 1}, [2]uint64{uint64(uint16(diff)), uint64(uint16(diff))}
	advance := uint64(1)
	bits <<= used
	if code, extra, a, ok := ac.acSymbol(bits); ok && used+code+extra <= runBits {
		switch {
		case a == eob:
			used += code
			advance += runEnd
		case extra > 0:
			used += code + extra
			v := uint64(uint16(extend(uint32(bits<<code>>(64-extra)), extra)))
			places[1], values[1] = 1+uint64(a), v
			advance += uint64(a)
			bits <<= code + extra
			if code, _, a, ok := ac.acSymbol(bits); ok && a == eob && used+code <= runBits {
				used += code
				advance += runEnd
			}
		}
	}
	return uint64(used) | advance<<8 | places[0]<<16 | places[1]<<24 | values[0]<<32 | values[1]<<48
}

// runCache keeps the tables of the last files, as skipperCache does.
type runCache struct {
	kept [4]struct {
		s *blockSkipper
		t *runTables
	}
	next int
}

// get returns the tables for a component of a scan, of which s has the others.
func (c *runCache) get(s *blockSkipper) *runTables {
	for _, k := range c.kept {
		if k.s != nil && k.s.dc.equal(s.dc) && k.s.ac.equal(s.ac) {
			return k.t
		}
	}
	k := &c.kept[c.next]
	k.s, k.t = s, newRunTables(s.dc, s.ac)
	c.next = (c.next + 1) % len(c.kept)
	return k.t
}
