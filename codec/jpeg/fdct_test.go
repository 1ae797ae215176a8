package jpeg

import (
	"math"
	"math/rand/v2"
	"testing"
)

// plainTransform is the transform of jfdctint.c, one row and one column at a
// time, and the quantisation by division: no lanes, no bias, no reciprocals.
func plainTransform(pix []byte, stride int, q *quant) (out Block) {
	var w [64]int
	round := func(v int, n uint) int { return (v + 1<<(n-1)) >> n }
	pass := func(base, step int, n uint) {
		var d, o [8]int
		for i := range d {
			d[i] = w[base+i*step]
		}
		s07, s16, s25, s34 := d[0]+d[7], d[1]+d[6], d[2]+d[5], d[3]+d[4]
		d07, d16, d25, d34 := d[0]-d[7], d[1]-d[6], d[2]-d[5], d[3]-d[4]
		even0, even1, even2, even3 := s07+s34, s16+s25, s16-s25, s07-s34
		o[0], o[4] = (even0+even1)<<13, (even0-even1)<<13
		o[2] = (even2+even3)*4433 + even3*6270
		o[6] = (even2+even3)*4433 - even2*15137
		z5 := (d34 + d16 + d25 + d07) * 9633
		z1, z2 := -7373*(d34+d07), -20995*(d25+d16)
		z3, z4 := z5-16069*(d34+d16), z5-3196*(d25+d07)
		o[7], o[5] = 2446*d34+z1+z3, 16819*d25+z2+z4
		o[3], o[1] = 25172*d16+z2+z3, 12299*d07+z1+z4
		for i := range o {
			w[base+i*step] = round(o[i], n)
		}
	}
	for i := range w {
		w[i] = int(pix[i>>3*stride+i&7]) - 128
	}
	for i := range 8 {
		pass(8*i, 1, 11)
	}
	for i := range 8 {
		pass(i, 8, 15)
	}
	for k, v := range q.q {
		out[zigzag[k]] = int16(divide(w[zigzag[k]], 8*int(v)))
	}
	return out
}

// divide rounds halves away from zero.
func divide(x, d int) int {
	if x < 0 {
		return -((-x + d/2) / d)
	}
	return (x + d/2) / d
}

func (b *codingBlock) block() (out Block) {
	for k, i := range zigzag {
		out[i] = int16(b[k])
	}
	return out
}

// testBlocks are the blocks that go to the limits, and random ones.
func testBlocks(r *rand.Rand) [][64]byte {
	patterns := []func(i int) byte{
		func(i int) byte { return 0 },
		func(i int) byte { return 255 },
		func(i int) byte { return byte((i+i>>3)&1) * 255 },
		func(i int) byte { return byte(i&1) * 255 },
		func(i int) byte { return byte(i>>3&1) * 255 },
		func(i int) byte { return byte((i+2)>>2&1) * 255 },
		func(i int) byte { return byte(i * 3) },
		func(i int) byte { return byte(r.Uint32()) },
		func(i int) byte { return byte(r.IntN(2)) * 255 },
		func(i int) byte { return byte(100 + r.IntN(20)) },
	}
	// The signs of each base function drive one coefficient as far as it goes.
	for u := range 8 {
		for v := range 8 {
			patterns = append(patterns, func(i int) byte {
				cos := func(x, u int) float64 { return math.Cos(float64((2*x+1)*u) * math.Pi / 16) }
				if cos(i&7, u)*cos(i>>3, v) < 0 {
					return 0
				}
				return 255
			})
		}
	}
	var blocks [][64]byte
	for _, pattern := range patterns {
		for negative := range 2 {
			var b [64]byte
			for i := range b {
				b[i] = pattern(i) ^ byte(-negative)
			}
			blocks = append(blocks, b)
		}
	}
	return blocks
}

func TestTransformIsThePlainOne(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for quality := 1; quality <= 100; quality++ {
		q := scaledQuant(&baseQuant[quality&1], quality)
		z := newQuantizer(q)
		for _, pix := range testBlocks(r) {
			var b codingBlock
			transform(&b, pix[:], 8, z)
			if got, want := b.block(), plainTransform(pix[:], 8, q); got != want {
				t.Fatalf("quality %d: %v becomes\n%v, want\n%v", quality, pix, got, want)
			}
		}
	}
}

func TestQuantizerDivides(t *testing.T) {
	q := new(quant)
	for v := 1; v <= 255; v++ {
		q.q[0] = uint16(v)
		for i := range q.q[1:] {
			q.q[1+i] = 1
		}
		z := newQuantizer(q)
		for x := -1 << 14; x <= 1<<14; x++ {
			var b codingBlock
			z.quantize(&b, 0, uint64(x+transformBias))
			if got, want := int(b.at(0)), divide(x, 8*v); got != want {
				t.Fatalf("%d / %d is %d, want %d", x, 8*v, got, want)
			}
		}
	}
}

func TestCodingBlock(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	for range 1000 {
		var c Block
		mask := uint64(0)
		for k, i := range zigzag {
			if r.IntN(3) == 0 {
				c[i] = []int16{1, -1, math.MinInt16, math.MaxInt16, int16(r.Uint32() | 1)}[r.IntN(5)]
				mask |= 1 << k
			}
		}
		var b codingBlock
		b.setBlock(&c)
		if b.block() != c || b.nonzero() != mask {
			t.Fatalf("%v comes back as %v, %064b", c, b.block(), b.nonzero())
		}
	}
}

func TestLowestBit(t *testing.T) {
	for i := range uint(64) {
		for _, v := range []uint64{1 << i, ^uint64(0) << i, 1<<63 | 1<<i} {
			if got := lowestBit(v); got != i {
				t.Errorf("the lowest bit of %064b is %d", v, got)
			}
		}
	}
}

func TestScaledQuant(t *testing.T) {
	for _, c := range []struct {
		quality     int
		first, last uint16 // of luminance
	}{{1, 255, 255}, {10, 80, 255}, {50, 16, 99}, {75, 8, 50}, {85, 5, 30}, {99, 1, 2}, {100, 1, 1}} {
		q := scaledQuant(&baseQuant[0], c.quality)
		if q.q[0] != c.first || q.q[63] != c.last || q.wide {
			t.Errorf("quality %d: %d ... %d, want %d ... %d", c.quality, q.q[0], q.q[63], c.first, c.last)
		}
	}
}
