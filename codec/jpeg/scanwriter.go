package jpeg

import (
	"sync"

	"github.com/imgpar/imgpar/internal/simd"
)

// scanCodes is the codes of a scan's tables.
type scanCodes [2]struct{ dc, ac blockCodes }

// newScanCodes takes a while: about as long as coding a thousand blocks.
func newScanCodes(tables *codeTables) *scanCodes {
	c := new(scanCodes)
	for i := range c {
		if tables.dc[i] != nil {
			c[i].dc.fill(tables.dc[i])
			c[i].ac.fill(tables.ac[i])
		}
	}
	return c
}

var standardCodes = sync.OnceValue(func() *scanCodes { return newScanCodes(standardHuffman()) })

// scanWriter writes the entropy-coded data of a scan.
type scanWriter struct {
	blockWriter
	codes *scanCodes
	plan  []scanBlock // the blocks of an MCU
	pred  [4]int32    // the DC that each component had last
}

// scanBlock is a block of an MCU. writeBlocks knows its layout, that of
// scanCodes and that of blockCodes.
type scanBlock struct{ table, component int32 }

func newScanWriter(b []byte, tables *codeTables, plan []int, table *[4]int) *scanWriter {
	w := &scanWriter{blockWriter: blockWriter{b: b[:cap(b)], n: len(b), free: 64}}
	if w.codes = standardCodes(); tables != standardHuffman() {
		w.codes = newScanCodes(tables)
	}
	for _, c := range plan {
		w.plan = append(w.plan, scanBlock{int32(table[c]), int32(c)})
	}
	return w
}

// strip writes so many MCUs of s. It reports false if there is no code for
// something in them.
func (w *scanWriter) strip(s *strip, mcus int) bool {
	n := mcus * s.perMCU
	w.grow(n)
	if simd.BMI2() {
		_, _ = s.blocks[n-1], s.nonzero[n-1]
		written, acc, free, bad := writeBlocks(&w.b[w.n], w.acc, w.free, &s.blocks[0][0], &s.nonzero[0], n,
			&w.plan[0].table, len(w.plan), (*uint32)(&w.codes[0].dc.small[0]), &w.pred[0])
		w.n, w.acc, w.free, w.bad = w.n+written, acc, free, bad
		return !bad
	}
	for i := 0; i < n; i += s.perMCU {
		for j, p := range w.plan {
			b, codes := &s.blocks[i+j], &w.codes[p.table&1]
			w.block(b, s.nonzero[i+j], w.pred[p.component&3], &codes.dc, &codes.ac)
			w.pred[p.component&3] = b.at(0)
		}
	}
	return !w.bad
}
