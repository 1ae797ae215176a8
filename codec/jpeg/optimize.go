package jpeg

import "math/bits"

// symbolCounts is how often each symbol of a Huffman table comes up.
type symbolCounts [256]int64

// countBlock adds the symbols of a block (F.1.2) to the counts of its tables.
// It reports false if the block cannot be coded.
func countBlock(b *codingBlock, nonzero uint64, pred int32, dc, ac *symbolCounts) bool {
	category := bits.Len32(magnitude(b.at(0) - pred))
	if category > maxCategory {
		return false
	}
	dc[category]++
	last := 0
	ok := true
	for m := nonzero &^ 1; m != 0; m &= m - 1 {
		k := bits.TrailingZeros64(m)
		run := k - last - 1
		last = k
		category := bits.Len32(magnitude(b.at(uint(k))))
		ok = ok && category <= maxACCategory
		ac[zrl] += int64(run >> 4)
		ac[run&15<<4|category&15]++
	}
	if last < 63 {
		ac[0]++
	}
	return ok
}

func magnitude(v int32) uint32 { return uint32(max(v, -v)) }

// huffman returns a table of the least size for the counted symbols, with
// codes of at most 16 bits and none of all ones (K.2). There must be one.
func (c *symbolCounts) huffman() *huffman {
	lengths := codeLengths(c)
	limitLengths(&lengths)
	h := new(huffman)
	copy(h.counts[:], lengths.number[1:17])
	h.symbols = lengths.symbols
	h.assign()
	return h
}

// lengths is the symbols in order of the lengths of their codes, and how many
// there are of each length. A code may be as long as there are symbols.
type lengths struct {
	number  [258]uint8
	symbols []uint8
}

// codeLengths follows figures K.1 and K.2. The symbol 256, which comes up once
// and goes to the end of the longest codes, takes the code of all ones.
func codeLengths(c *symbolCounts) lengths {
	const reserved = 256
	var count [257]int64
	var size, next [257]int
	copy(count[:], c[:])
	count[reserved] = 1
	for i := range next {
		next[i] = -1
	}
	for {
		a := leastCommon(&count, -1)
		b := leastCommon(&count, a)
		if b < 0 {
			break
		}
		count[a] += count[b]
		count[b] = 0
		end := a
		for size[a]++; next[end] >= 0; size[end]++ {
			end = next[end]
		}
		next[end] = b
		for i := b; i >= 0; i = next[i] {
			size[i]++
		}
	}
	var l lengths
	for n := 1; n < len(l.number); n++ {
		for s, v := range size {
			if v != n {
				continue
			}
			l.number[n]++
			if s != reserved {
				l.symbols = append(l.symbols, uint8(s))
			}
		}
	}
	return l
}

// leastCommon returns the symbol other than not that comes up least, the last
// of those that are equal, or -1.
func leastCommon(count *[257]int64, not int) int {
	least := -1
	for i, v := range count {
		if v > 0 && i != not && (least < 0 || v <= count[least]) {
			least = i
		}
	}
	return least
}

// limitLengths makes no code longer than 16 bits (figure K.3): of two of the
// longest codes, one takes the place of their common prefix, the other becomes
// the neighbour of a shorter code, which is made one bit longer. The reserved
// code is taken out at the end.
func limitLengths(l *lengths) {
	n := len(l.number) - 1
	for ; n > 16; n-- {
		for l.number[n] > 0 {
			shorter := n - 2
			for l.number[shorter] == 0 {
				shorter--
			}
			l.number[n] -= 2
			l.number[n-1]++
			l.number[shorter+1] += 2
			l.number[shorter]--
		}
	}
	for l.number[n] == 0 {
		n--
	}
	l.number[n]--
}
