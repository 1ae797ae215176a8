package vp8l

import (
	"cmp"
	"math/bits"
	"slices"
)

// Limits of the lengths of codes (section 6.2.1), bits.
const (
	maxCode       = 15
	maxLengthCode = 7
)

// prefixCode is a canonical prefix code: of each symbol the length, 0 where it has none,
// and the bits, the first one lowest.
type prefixCode struct {
	lengths []uint8
	bits    []uint16
	single  bool // one symbol, which takes no bits
}

// newPrefixCode makes the code of least length for symbols that are so frequent,
// or nearly so where its limit would be passed.
func newPrefixCode(counts []uint32, limit int) *prefixCode {
	c := &prefixCode{lengths: make([]uint8, len(counts)), bits: make([]uint16, len(counts))}
	var used []int
	for s, n := range counts {
		if n > 0 {
			used = append(used, s)
		}
	}
	if len(used) == 0 {
		used = []int{0}
	}
	if len(used) == 1 {
		c.lengths[used[0]], c.single = 1, true
		return c
	}
	weights := make([]uint64, len(used))
	for i, s := range used {
		weights[i] = uint64(counts[s])
	}
	for !c.measure(used, weights, limit) {
		for i := range weights { // all the same in the end, which is within any limit
			weights[i] = weights[i]/2 + 1
		}
	}
	c.assign()
	return c
}

// measure sets the lengths by Huffman's algorithm, with two queues: leaves in
// order of weight, and nodes in the order in which they are made. It tells
// whether the longest is within the limit.
func (c *prefixCode) measure(used []int, weights []uint64, limit int) bool {
	n := len(used)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weights[a], weights[b]) })
	sums := make([]uint64, 0, n-1)
	parent := make([]int, 2*n-1) // leaves in order, then nodes
	leaf, node := 0, 0
	next := func(to int) uint64 {
		if leaf < n && (node == len(sums) || weights[order[leaf]] <= sums[node]) {
			parent[leaf] = to
			leaf++
			return weights[order[leaf-1]]
		}
		parent[n+node] = to
		node++
		return sums[node-1]
	}
	for i := range n - 1 {
		sum := next(n + i)
		sums = append(sums, sum+next(n+i))
	}
	depth := make([]int, 2*n-1)
	for i := 2*n - 3; i >= 0; i-- {
		depth[i] = depth[parent[i]] + 1
		if depth[i] > limit {
			return false
		}
	}
	for i, k := range order {
		c.lengths[used[k]] = uint8(depth[i])
	}
	return true
}

// assign gives the symbols their canonical codes.
func (c *prefixCode) assign() {
	var count, next [maxCode + 2]int
	for _, n := range c.lengths {
		count[n]++
	}
	count[0] = 0
	for n := 1; n <= maxCode; n++ {
		next[n+1] = (next[n] + count[n]) << 1
	}
	for s, n := range c.lengths {
		if n > 0 {
			c.bits[s] = bits.Reverse16(uint16(next[n])) >> (16 - n)
			next[n]++
		}
	}
}

// symbol writes a symbol.
func (b *bitWriter) symbol(c *prefixCode, s int) {
	if !c.single {
		b.write(uint64(c.bits[s]), int(c.lengths[s]))
	}
}

// lengthOrder is the order in which lengths of the code for lengths are written (section 6.2.1).
var lengthOrder = [19]int{17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}

// code writes a prefix code.
func (b *bitWriter) code(c *prefixCode) {
	var used []int
	for s, n := range c.lengths {
		if n > 0 {
			used = append(used, s)
		}
	}
	if len(used) <= 2 && used[len(used)-1] < 256 {
		b.simpleCode(used)
		return
	}
	runs := lengthRuns(c.lengths)
	counts := make([]uint32, 19)
	for _, r := range runs {
		counts[r.symbol]++
	}
	lengths := newPrefixCode(counts, maxLengthCode)
	n := len(lengthOrder)
	for n > 4 && lengths.lengths[lengthOrder[n-1]] == 0 {
		n--
	}
	b.write(0, 1)
	b.write(uint64(n-4), 4)
	for _, s := range lengthOrder[:n] {
		b.write(uint64(lengths.lengths[s]), 3)
	}
	b.write(0, 1) // lengths of all symbols follow
	for _, r := range runs {
		b.symbol(lengths, r.symbol)
		b.write(uint64(r.extra), r.bits)
	}
}

// simpleCode writes a code of one or two symbols below 256.
func (b *bitWriter) simpleCode(used []int) {
	b.write(1, 1)
	b.write(uint64(len(used)-1), 1)
	if used[0] < 2 {
		b.write(0, 1)
		b.write(uint64(used[0]), 1)
	} else {
		b.write(1, 1)
		b.write(uint64(used[0]), 8)
	}
	if len(used) == 2 {
		b.write(uint64(used[1]), 8)
	}
}

// lengthRun is a symbol of the code for lengths: a length; 16, which repeats the
// last one but 0; 17 and 18, which are zeros; and how often.
type lengthRun struct{ symbol, extra, bits int }

func lengthRuns(lengths []uint8) (runs []lengthRun) {
	last := uint8(8) // what 16 repeats at first
	for i := 0; i < len(lengths); {
		v, n := lengths[i], 1
		for i+n < len(lengths) && lengths[i+n] == v {
			n++
		}
		i += n
		if v != 0 && v != last {
			runs = append(runs, lengthRun{symbol: int(v)})
			last = v
			n--
		}
		for n > 0 {
			var k int
			switch {
			case n < 3:
				k = 1
				runs = append(runs, lengthRun{symbol: int(v)})
			case v != 0:
				k = min(n, 6)
				runs = append(runs, lengthRun{16, k - 3, 2})
			case n <= 10:
				k = n
				runs = append(runs, lengthRun{17, k - 3, 3})
			default:
				k = min(n, 138)
				runs = append(runs, lengthRun{18, k - 11, 7})
			}
			n -= k
		}
	}
	return runs
}

// bitWriter writes bits, the lowest first.
type bitWriter struct {
	out []byte
	acc uint64
	n   int
}

// write writes the n lowest bits of v, at most 32; the others are 0.
func (b *bitWriter) write(v uint64, n int) {
	b.acc |= v << b.n
	b.n += n
	for b.n >= 8 {
		b.out = append(b.out, byte(b.acc))
		b.acc >>= 8
		b.n -= 8
	}
}

// end fills up the last byte.
func (b *bitWriter) end() []byte {
	if b.n > 0 {
		b.out = append(b.out, byte(b.acc))
	}
	return b.out
}
