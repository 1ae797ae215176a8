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
	runBits    = pairBits
	runOff     = 64
	runEnd     = 128
	symbolSize = 5
	symbolStep = 9
)

// newRunTables makes the tables for a component, of which s has the others.
func newRunTables(s *blockSkipper) *runTables {
	t, pairs := new(runTables), s.pairTable()
	t.fillLong(s.ac)
	for i := range t.start {
		bits := uint64(i) << (64 - runBits)
		if cat, l := s.dc.decode(bits); l > 0 && l <= runBits && cat <= maxCategory {
			t.dc[i] = uint16(l) | uint16(cat)<<symbolSize | 1<<symbolStep
		}
		if sym, l := s.ac.decode(bits); l > 0 && l <= runBits {
			t.ac[i] = symbolEntry(l, sym)
		}
		t.pairs[i] = pairRun(pairs[i])
	}
	for i := range t.start {
		t.start[i] = t.startRun(uint64(i) << (64 - runBits))
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

// pairRun is the entry of pairs for one of a pairTable.
func pairRun(e uint64) uint64 {
	if e&0xff == 0 {
		return noSymbols
	}
	return e&^0xffffff00 | e>>24&0xff<<8 | e>>8&0xffff<<16
}

// startRun is the entry of start for what is at the top of bits. It needs dc and ac.
func (t *runTables) startRun(bits uint64) uint64 {
	used, diff, _ := readSymbol(t.dc[:], bits)
	if used == 0 || used > runBits {
		return noSymbols
	}
	places, values := [2]uint64{1, 1}, [2]uint64{diff, diff}
	advance := uint64(1)
	n, v, a := readSymbol(t.ac[:], bits<<used)
	if v != 0 && used+n <= runBits {
		used += n
		advance += a
		places[1], values[1] = advance, v
		n, _, a = readSymbol(t.ac[:], bits<<used)
	}
	if a == runEnd/2 && used+n <= runBits {
		used += n
		advance += runEnd
	}
	return uint64(used) | advance<<8 | places[0]<<16 | places[1]<<24 | values[0]<<32 | values[1]<<48
}

// readSymbol reads the symbol at the top of bits by dc or ac: how many bits it
// takes, its value, and by how much it advances. There is none that takes none.
func readSymbol(table []uint16, bits uint64) (used uint, value, advance uint64) {
	e := table[bits>>(64-runBits)]
	code, extra := uint(e&31), uint(e>>symbolSize&15)
	if extra > 0 {
		value = uint64(uint16(extend(uint32(bits<<code>>(64-extra)), extra)))
	}
	return code + extra, value, uint64(e >> symbolStep)
}
