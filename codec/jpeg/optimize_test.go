package jpeg

import (
	"math/rand/v2"
	"testing"
)

// checkTable sees that a table has a code for every counted symbol and no
// other, and that its codes are ones that the parser takes.
func checkTable(t *testing.T, c *symbolCounts) *huffman {
	t.Helper()
	h := c.huffman()
	f := parser{}
	if err := f.huffmanTables(appendHuffman(nil, 1, 0, h)[4:], 0); err != nil {
		t.Fatalf("%v of %v", err, h)
	}
	codes := newBlockCodes(h)
	for s, n := range c {
		if l := codes.symbols[s] & 31; (n > 0) != (l > 0) || l > 16 {
			t.Fatalf("symbol %d comes up %d times and has a code of %d bits", s, n, l)
		}
	}
	return h
}

func (c *symbolCounts) bits(h *huffman) int64 {
	n := int64(0)
	for s, code := range newBlockCodes(h).symbols {
		n += c[s] * int64(code&31)
	}
	return n
}

func TestOptimizedTables(t *testing.T) {
	var c symbolCounts
	c[7] = 1
	if h := checkTable(t, &c); h.counts[0] != 1 {
		t.Errorf("one symbol has a code of more than one bit: %v", h.counts)
	}
	// Fibonacci's numbers make each code one bit longer than the next.
	c = symbolCounts{}
	a, b := int64(1), int64(1)
	for i := range 80 {
		c[i*3] = a
		a, b = b, a+b
	}
	checkTable(t, &c)
	for i := range c {
		c[i] = 1 << min(i/4, 50)
	}
	checkTable(t, &c)
	// Known: of 8, 4, 2, 1 and the reserved 1, Huffman's lengths are 1 to 4.
	c = symbolCounts{3: 8, 5: 4, 1: 2, 9: 1}
	if h := checkTable(t, &c); h.counts != [16]uint8{1, 1, 1, 1} || string(h.symbols) != "\x03\x05\x01\x09" {
		t.Errorf("%v %v", h.counts, h.symbols)
	}
}

func TestOptimizedTablesAreNoLarger(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 300 {
		var dc, ac symbolCounts
		skew := 1 + r.IntN(20)
		for _, s := range standardHuffman().ac[0].symbols {
			ac[s] = r.Int64N(1 << r.IntN(skew))
		}
		ac[1]++
		for s := range maxCategory + 1 {
			dc[s] = r.Int64N(1 << r.IntN(skew))
		}
		dc[0]++
		dcTable, acTable := checkTable(t, &dc), checkTable(t, &ac)
		for i := range 2 {
			if got, max := dc.bits(dcTable), dc.bits(standardHuffman().dc[i]); got > max {
				t.Errorf("%v takes %d bits, with the standard table %d", dc, got, max)
			}
			if got, max := ac.bits(acTable), ac.bits(standardHuffman().ac[i]); got > max {
				t.Errorf("%v takes %d bits, with the standard table %d", ac, got, max)
			}
		}
	}
}

// The standard tables must have a code for everything that baseline coding
// can ask for.
func TestStandardTablesAreComplete(t *testing.T) {
	tables := standardHuffman()
	for i := range 2 {
		dc, ac := newBlockCodes(tables.dc[i]), newBlockCodes(tables.ac[i])
		for v := int32(-2047); v <= 2047; v++ {
			if dc.symbol(0, v, maxCategory) == 0 {
				t.Errorf("no code for a difference of %d", v)
			}
			for run := range uint(16) {
				if has := ac.symbol(run, v, maxACCategory) != 0; has != (v > -1024 && v < 1024 && v != 0) && v != 0 {
					t.Errorf("a code for %d behind %d zeros: %v", v, run, has)
				}
			}
		}
		if ac.symbols[zrl] == 0 || ac.symbols[endOfBlock] == 0 {
			t.Error("no code for EOB or ZRL")
		}
	}
}

func newBlockCodes(h *huffman) *blockCodes {
	c := new(blockCodes)
	c.fill(h)
	return c
}
