package jpeg

import "github.com/imgpar/imgpar/internal/simd"

// stripBlocks is how many blocks a strip holds. With their samples and the
// Huffman tables they fit in a first-level cache of 32 KB.
const stripBlocks = 120

// strip is neighbouring MCUs of a row, in the order in which their blocks are
// coded.
type strip struct {
	perMCU  int // blocks
	blocks  [stripBlocks]codingBlock
	nonzero [stripBlocks]uint64 // of each block, see codingBlock.nonzero
}

// mcus is how many MCUs fit.
func (s *strip) mcus() int { return stripBlocks / s.perMCU }

// stripRow tells where in a strip the blocks of a row of a component are: number i
// is number i%each of its MCU, counted from at, and i/each the MCU.
type stripRow struct{ at, each int }

func (s *strip) index(p stripRow, i int) int { return p.at + i/p.each*s.perMCU + i%p.each }

// transform makes n blocks of the squares of 8x8 samples that stand side by
// side at the start of pix.
func (s *strip) transform(p stripRow, n int, pix []byte, stride int, q *quantizer) {
	if !simd.AVX2() {
		for i := range n {
			b := s.index(p, i)
			transform(&s.blocks[b], pix[8*i:], stride, q)
			s.nonzero[b] = s.blocks[b].nonzero()
		}
		return
	}
	step := n // squares that lie in one stride
	if p.each > 2 {
		step = p.each
	}
	for i := 0; i < n; i += step {
		most := min(step, n-i)
		if pairs := most / 2; pairs > 0 {
			second, next := 1, s.perMCU
			if p.each == 1 {
				second, next = s.perMCU, 2*s.perMCU
			} else if p.each > 2 {
				next = 2
			}
			s.pairs(s.index(p, i), pix[8*i:], stride, pairs, second, next, q)
		}
		if most&1 == 1 {
			last := i + most - 1
			s.one(s.index(p, last), pix[8*last:], stride, q)
		}
	}
}

// one makes block b of the square at the start of pix.
func (s *strip) one(b int, pix []byte, stride int, q *quantizer) {
	if !simd.AVX2() {
		transform(&s.blocks[b], pix, stride, q)
		s.nonzero[b] = s.blocks[b].nonzero()
		return
	}
	var pair [8 * 16]byte
	for y := range 8 {
		copy(pair[16*y:][:8], pix[y*stride:][:8])
	}
	s.pairs(b, pair[:], 16, 1, 0, 0, q)
}

// pairs makes 2*pairs blocks, which begin at b. The second of a pair lies
// second blocks behind the first, the next pair next blocks; if second is 0,
// there is no second block, but its samples must be there.
func (s *strip) pairs(b int, pix []byte, stride, pairs, second, next int, q *quantizer) {
	_ = pix[:7*stride+16*pairs]
	_ = s.blocks[b+(pairs-1)*next+second]
	fdctPairs(&s.blocks[b][0], &s.nonzero[b], &pix[0], stride, pairs, second, next, &q.words[0][0])
}

// repeat makes block b the DC of the block before it: no block takes fewer
// bits.
func (s *strip) repeat(b int) {
	s.blocks[b] = codingBlock{s.blocks[b-1][0]}
	s.nonzero[b] = 0 // but for the DC, which nobody asks for
}
