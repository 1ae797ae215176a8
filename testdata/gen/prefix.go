package main

// prefixCode is a canonical prefix code: counts[n-1] codes of n bits, and the
// symbols in the order of their codes. JPEG's DHT segment holds just this.
type prefixCode struct {
	counts  [16]int
	symbols []int
}

// codeword is the code of one symbol, n bits, most significant bit first.
type codeword struct{ bits, n int }

// codewords returns the code of every symbol below size.
func (p *prefixCode) codewords(size int) []codeword {
	out := make([]codeword, size)
	code, next := 0, 0
	for i, count := range p.counts {
		for range count {
			out[p.symbols[next]] = codeword{code, i + 1}
			code++
			next++
		}
		code <<= 1
	}
	return out
}

// bestCode returns an optimal code for symbols of the given frequency (0: the
// symbol has no code) with no code longer than limit bits.
func bestCode(freq []int, limit int) prefixCode {
	lengths := huffmanLengths(freq)
	for longest(lengths) > limit {
		flat := make([]int, len(freq))
		for i, f := range freq {
			if f > 0 {
				flat[i] = max(1, (f+2)/2)
			}
		}
		freq, lengths = flat, huffmanLengths(flat)
	}
	var p prefixCode
	for n := 1; n <= limit; n++ {
		for s, l := range lengths {
			if l == n {
				p.counts[n-1]++
				p.symbols = append(p.symbols, s)
			}
		}
	}
	return p
}

func longest(lengths []int) int {
	n := 0
	for _, l := range lengths {
		n = max(n, l)
	}
	return n
}

// huffmanLengths builds the tree by joining the two lightest nodes until one is
// left; a join makes the codes of all symbols below it one bit longer.
func huffmanLengths(freq []int) []int {
	type node struct {
		weight  int
		symbols []int
	}
	var nodes []node
	for s, f := range freq {
		if f > 0 {
			nodes = append(nodes, node{f, []int{s}})
		}
	}
	takeLightest := func() node {
		at := 0
		for i, n := range nodes {
			if n.weight < nodes[at].weight {
				at = i
			}
		}
		n := nodes[at]
		nodes = append(nodes[:at], nodes[at+1:]...)
		return n
	}
	lengths := make([]int, len(freq))
	for len(nodes) > 1 {
		a, b := takeLightest(), takeLightest()
		joined := append(append([]int(nil), a.symbols...), b.symbols...)
		for _, s := range joined {
			lengths[s]++
		}
		nodes = append(nodes, node{a.weight + b.weight, joined})
	}
	return lengths
}
