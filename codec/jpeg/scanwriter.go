package jpeg

import "sync"

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

// scanBlock is a block of an MCU.
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
	for i := 0; i < n; i += s.perMCU {
		for j, p := range w.plan {
			b, codes := &s.blocks[i+j], &w.codes[p.table&1]
			w.block(b, s.nonzero[i+j], w.pred[p.component&3], &codes.dc, &codes.ac)
			w.pred[p.component&3] = b.at(0)
		}
	}
	return !w.bad
}
