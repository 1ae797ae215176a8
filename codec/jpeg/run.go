package jpeg

import "github.com/imgpar/imgpar/internal/simd"

// runBlock is a block of a run, as the kernel readRun knows it.
type runBlock struct {
	mark         uint64                // where it ended: position in bits of a load << 16 | next coefficient, with runEnd << 8 | bits read since
	start, pairs *[1 << runBits]uint64 // of its runTables
	coefs        *[blockRoom]int16
}

// stopTable is for the block behind a run.
var stopTable = func() *[1 << runBits]uint64 {
	t := new([1 << runBits]uint64)
	for i := range t {
		t[i] = noSymbols
	}
	return t
}()

// runReader reads the blocks of a run by the kernel.
type runReader struct {
	blocks []runBlock // one, those of runMCUs, and two
	to     *lowest
	noRoom [blockRoom]int16 // the coefficients of components that are not wanted
}

func newRunReader(d *scanDecoder, mem *Scratch, low *lowest) *runReader {
	r := &runReader{to: low, blocks: make([]runBlock, 1, runMCUs*len(d.targets)+3)}
	for m := range runMCUs {
		for i := range d.targets {
			t := &d.targets[i]
			tables := mem.runs.get(t.in.tables)
			b := runBlock{start: &tables.start, pairs: &tables.pairs, coefs: &r.noRoom}
			if t.row != nil {
				b.coefs = (*[blockRoom]int16)(t.row.coefs[(m*t.row.h+t.at)*d.size*d.size:])
			}
			r.blocks = append(r.blocks, b)
		}
	}
	stop := runBlock{start: stopTable, pairs: stopTable, coefs: &r.noRoom}
	r.blocks = append(r.blocks, stop, stop)
	return r
}

// read reads blocks of n MCUs from a position in bits on, none that may end
// behind another. It returns how many it read, and the position behind them.
func (r *runReader) read(d *scanDecoder, b []byte, at, end uint64, n int) (blocks int, next uint64) {
	if end < 57 || !simd.BMI2() {
		return 0, at
	}
	first, n := d.m*len(d.targets), n*len(d.targets)
	run := r.blocks[first : first+n+3]
	run[0].mark = at << 16
	stop := run[n+1].start
	run[n+1].start = stopTable
	blocks = readRun(&b[0], (end-57)<<16, &run[1].mark, &run[n+1].mark, &r.to.to[0])
	run[n+1].start = stop
	m := d.m
	for i := 0; i < blocks; {
		for j := range d.targets {
			if i == blocks {
				break
			}
			i++
			b, t := &run[i], &d.targets[j]
			if t.row == nil {
				continue
			}
			t.in.pred += b.coefs[0]
			b.coefs[0] = t.in.pred
			t.row.last[m*t.row.h+t.at] = uint8(b.mark>>8-1) & 63
		}
		m++
	}
	mark := run[blocks].mark
	return blocks, mark>>16 + mark&0xff
}
