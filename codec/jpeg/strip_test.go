package jpeg

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/imgpar/imgpar/internal/simd"
	"github.com/imgpar/imgpar/internal/simd/simdtest"
)

// bothWays runs do with kernels and without.
func bothWays(do func()) {
	defer simd.SetAVX2(simd.AVX2())
	simd.SetAVX2(true)
	do()
	simd.SetAVX2(false)
	do()
}

// The arithmetic of the kernel's quantisation, over everything that 16 bits
// hold.
func TestReciprocalsDivide(t *testing.T) {
	q := new(quant)
	for v := 1; v <= 255; v++ {
		for k := range q.q {
			q.q[k] = uint16(v)
		}
		w := &newQuantizer(q).words
		for x := 0; x <= 1<<15; x++ {
			n := uint32(uint16(x) + w[0][63])
			got := n * uint32(w[1][63]) >> 16 * uint32(w[2][63]) >> 16
			if want := divide(x, 8*v); got != uint32(want) {
				t.Fatalf("%d / %d is %d, want %d", x, 8*v, got, want)
			}
		}
	}
}

// fillSquares makes samples of one of several kinds, some of which go to the
// limits of the transform.
func fillSquares(r *rand.Rand, pix []byte, stride int, blocks [][64]byte) {
	switch kind := r.IntN(3); kind {
	case 0:
		for i := range pix {
			pix[i] = byte(r.Uint32())
		}
	case 1:
		for i := range pix {
			pix[i] = byte(-(r.Uint32() & 1))
		}
	case 2: // the blocks of testBlocks
		for x := 0; x+8 <= stride; x += 8 {
			b := &blocks[r.IntN(len(blocks))]
			for y := range 8 {
				if y*stride+x < len(pix) {
					copy(pix[y*stride+x:], b[8*y:8*y+8])
				}
			}
		}
	}
}

// A kernel makes the same blocks and masks as Go, leaves others alone, and
// touches no memory but the samples.
func TestStripIsTheSameWithoutKernels(t *testing.T) {
	r := rand.New(rand.NewPCG(20, 20))
	blocks := testBlocks(r)
	for each := 1; each <= 4; each++ {
		for perMCU := each; perMCU <= maxBlocks; perMCU++ {
			most := &strip{perMCU: perMCU}
			for n := 0; n <= most.mcus()*each; n++ {
				at := stripRow{r.IntN(perMCU - each + 1), each}
				stride := 8*n + r.IntN(3)*r.IntN(40)
				pix := simdtest.Slice[byte](t, max(7*stride+8*n, 0), n&1 == 0)
				fillSquares(r, pix, stride, blocks)
				q := newQuantizer(scaledQuant(&baseQuant[r.IntN(2)], 1+r.IntN(100)))
				var strips []*strip
				bothWays(func() {
					s := &strip{perMCU: perMCU}
					for i := range s.blocks {
						s.blocks[i][5], s.nonzero[i] = uint16(i), uint64(i)
					}
					s.transform(at, n, pix, stride, q)
					strips = append(strips, s)
				})
				if *strips[0] != *strips[1] {
					t.Fatalf("%d blocks, %d of %d in an MCU: not the same", n, each, perMCU)
				}
			}
		}
	}
}

func TestTransformWithKernelsIsThePlainOne(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 21))
	for quality := 1; quality <= 100; quality++ {
		q := scaledQuant(&baseQuant[quality&1], quality)
		z := newQuantizer(q)
		s := &strip{perMCU: 1}
		for _, pix := range testBlocks(r) {
			bothWays(func() {
				s.one(3, pix[:], 8, z)
				want := plainTransform(pix[:], 8, q)
				if got := s.blocks[3].block(); got != want || s.nonzero[3] != s.blocks[3].nonzero() {
					t.Fatalf("quality %d: %v becomes\n%v, want\n%v", quality, pix, got, want)
				}
			})
		}
	}
}

// randomStrip fills a strip with coefficients, some of them large, some of them
// without a code if so wanted.
func randomStrip(r *rand.Rand, perMCU int, uncodable bool) *strip {
	s := &strip{perMCU: perMCU}
	density := 1 + r.IntN(60)
	large := 1 + r.IntN(10)
	for i := range s.blocks {
		b := &s.blocks[i]
		for k := range b {
			switch {
			case r.IntN(density) > 0:
			case r.IntN(large) > 0:
				b[k] = uint16(r.IntN(5) - 2)
			default:
				b[k] = uint16(r.IntN(2047) - 1023)
			}
		}
		if uncodable && r.IntN(stripBlocks) == 0 {
			b[r.IntN(64)] = []uint16{1024, 4000, 0x8000, 0x7fff, 0xfc00}[r.IntN(5)]
		}
		s.nonzero[i] = b.nonzero()
	}
	return s
}

// randomTables returns the standard tables, or tables that have codes of all
// lengths for all symbols.
func randomTables(r *rand.Rand) *codeTables {
	if r.IntN(2) == 0 {
		return standardHuffman()
	}
	tables := new(codeTables)
	for i := range 2 {
		var dc, ac symbolCounts
		skew := 1 + r.IntN(40)
		for _, s := range standardHuffman().ac[0].symbols {
			ac[s] = 1 + r.Int64N(1<<r.IntN(skew))
		}
		for s := range maxCategory + 1 {
			dc[s] = 1 + r.Int64N(1<<r.IntN(skew))
		}
		tables.dc[i], tables.ac[i] = dc.huffman(), ac.huffman()
	}
	return tables
}

func TestScanWriterIsTheSameWithoutKernels(t *testing.T) {
	r := rand.New(rand.NewPCG(22, 22))
	spoilt := 0
	for round := range 600 {
		plan := make([]int, 1+r.IntN(maxBlocks))
		for i := range plan {
			plan[i] = i * 4 / len(plan)
		}
		table := [4]int{0, r.IntN(2), r.IntN(2), r.IntN(2)}
		tables := randomTables(r)
		s := []*strip{randomStrip(r, len(plan), false), randomStrip(r, len(plan), round%4 == 0)}
		mcus := []int{1 + r.IntN(s[0].mcus()), 1 + r.IntN(s[0].mcus())}
		var writers []*scanWriter
		var oks []bool
		bothWays(func() {
			w := newScanWriter(nil, tables, plan, &table)
			ok := true
			for i := range s {
				// Just the room that a strip may need.
				room := simdtest.Slice[byte](t, w.n+mcus[i]*len(plan)*maxBlockBytes, false)
				copy(room, w.b[:w.n])
				w.b = room
				ok = ok && w.strip(s[i], mcus[i])
			}
			writers, oks = append(writers, w), append(oks, ok)
		})
		a, b := writers[0], writers[1]
		if oks[0] != oks[1] {
			t.Fatalf("with a kernel it is %v, without %v", oks[0], oks[1])
		}
		if !oks[0] {
			spoilt++
			continue
		}
		if a.pred != b.pred || a.free != b.free || a.acc<<(a.free&63) != b.acc<<(b.free&63) || string(a.b[:a.n]) != string(b.b[:b.n]) {
			t.Fatalf("%d and %d bytes, not the same", a.n, b.n)
		}
	}
	if spoilt < 20 {
		t.Errorf("%d strips had something without a code", spoilt)
	}
}

// The largest codes fill no more than the room that blocks are given.
func TestBlockFitsItsRoom(t *testing.T) {
	// Where each count is the sum of all smaller ones, each code is longer.
	ac := symbolCounts{0x0a: 1}
	for i := range 30 {
		ac[16*(i%15)+1+i/15] = 1 << i
	}
	dc := symbolCounts{10: 1, 11: 1}
	tables := &codeTables{}
	for i := range 2 {
		tables.dc[i], tables.ac[i] = dc.huffman(), ac.huffman()
	}
	s := &strip{perMCU: 1}
	for i := range s.blocks {
		for k := range s.blocks[i] {
			s.blocks[i][k] = 1023
		}
		s.blocks[i][0] = uint16(int16(1023 - 2046*(i&1)))
		s.nonzero[i] = math.MaxUint64
	}
	bothWays(func() {
		w := newScanWriter(nil, tables, []int{0}, &[4]int{})
		w.b = simdtest.Slice[byte](t, stripBlocks*maxBlockBytes, false)
		if !w.strip(s, stripBlocks) || w.n > stripBlocks*maxBlockBytes {
			t.Fatalf("%d bytes", w.n)
		}
		if least := stripBlocks * 63 * 26 / 8; w.n < least {
			t.Errorf("%d bytes, the codes were meant to be so long that there are more than %d", w.n, least)
		}
	})
}
