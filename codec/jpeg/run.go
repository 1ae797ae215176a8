package jpeg

import (
	"sync"

	"github.com/imgpar/imgpar/internal/simd"
)

// runBlock is a block of a run, as the kernel readRun knows it.
//
// The kernel goes from look-up to look-up: 11 bits of the data and the table of
// this moment say which coefficients to store, by how much to advance, and, in a
// bit of the entry, whether the block ends. Then the next table is the next
// block's start, else the block's pairs; conditional moves choose it, so that no
// branch depends on where blocks end.
type runBlock struct {
	// Where the last look-up of the block ended: position in bits of a load << 16 |
	// the next coefficient, with runEnd, << 8 | bits read behind that position.
	mark         uint64
	start, pairs *runTable // of its runTables; of the block behind a run, start is stopTable
	coefs        *[blockRoom]int16
}

// stopTable leads on from nowhere. It is the table of the block behind a run.
var stopTable = sync.OnceValue(func() *runTable {
	t := new(runTable)
	for i := range t {
		t[i] = noSymbols
	}
	return t
})

// runReader reads blocks of a run by the kernel.
type runReader struct {
	low    *lowest
	perMCU int
	blocks []runBlock // one before the first, those of runMCUs, and two behind them
	ends   []runEnds  // of the blocks of runMCUs
	unread struct {   // where components go that are not wanted
		coefs [blockRoom]int16
		last  uint8
	}
}

// runEnds is what is left to do for a block that the kernel read.
type runEnds struct {
	in   *blockReader
	last *uint8
}

// newRunReader returns a reader of d's targets, or nil if there is no kernel.
func newRunReader(d *scanDecoder, low *lowest) *runReader {
	if !simd.BMI2() {
		return nil
	}
	perMCU := len(d.targets)
	r := &runReader{
		low: low, perMCU: perMCU,
		blocks: make([]runBlock, 1, runMCUs*perMCU+3),
		ends:   make([]runEnds, 0, runMCUs*perMCU),
	}
	for m := range runMCUs {
		for i := range d.targets {
			t := &d.targets[i]
			tables := t.in.tables.runTables()
			b, e := runBlock{start: &tables.start, pairs: &tables.pairs, coefs: &r.unread.coefs}, runEnds{t.in, &r.unread.last}
			if t.row != nil {
				n := m*t.row.h + t.at
				b.coefs, e.last = (*[blockRoom]int16)(t.row.coefs[n*d.size*d.size:]), &t.row.last[n]
			}
			r.blocks, r.ends = append(r.blocks, b), append(r.ends, e)
		}
	}
	stop := stopTable()
	behind := runBlock{start: stop, pairs: stop, coefs: &r.unread.coefs}
	r.blocks = append(r.blocks, behind, behind)
	return r
}

// loadBits is how many bits a load brings. The kernel does not load behind a limit
// that is so far before the end, and thus reads none of what is behind that.
const loadBits = 57

// read reads blocks of n MCUs from a position in bits on, of which m are read
// already. All of them end at another position at the latest. It returns how many
// it read, and the position behind them: it stops before a block that it
// cannot read.
func (r *runReader) read(b []byte, at, end uint64, m, n int) (blocks int, next uint64) {
	if end < loadBits {
		return 0, at
	}
	m, n = m*r.perMCU, n*r.perMCU
	run, ends := r.blocks[m:m+n+3], r.ends[m:m+n]
	_ = b[(end+6)/8+7] // of the last load
	behind := &run[n+1]
	start := behind.start
	run[0].mark, behind.start = at<<16, stopTable()
	blocks = readRun(&b[0], (end-loadBits)<<16, &run[1].mark, &behind.mark, &r.low.to[0])
	behind.start = start
	for i, e := range ends[:blocks] {
		b := &run[i+1]
		e.in.pred += b.coefs[0]
		b.coefs[0] = e.in.pred
		*e.last = uint8(b.mark>>8-1) & 63
	}
	mark := run[blocks].mark
	return blocks, mark>>16 + mark&0xff
}
