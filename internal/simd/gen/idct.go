package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// idct is the inverse transforms of codec/jpeg.
func idct(c *build.Context) {
	k := newIDCT(c)
	k.inverse8()
	k.inverse4()
	k.inverse2()
	k.inverse1()
}

// Constants of the rotations, 13 fractional bits, as in codec/jpeg/dct.go.
const (
	one      = 8192
	fix0_298 = 2446
	fix0_390 = 3196
	fix0_541 = 4433
	fix0_765 = 6270
	fix0_899 = 7373
	fix1_175 = 9633
	fix1_501 = 12299
	fix1_847 = 15137
	fix1_961 = 16069
	fix2_053 = 16819
	fix2_562 = 20995
	fix3_072 = 25172
)

// idctKernels holds the constants in memory: pairs of factors for VPMADDWD, and
// what is added to round.
type idctKernels struct {
	*build.Context
	table  Mem
	bytes  int
	places map[uint32]Mem
}

func newIDCT(c *build.Context) *idctKernels {
	k := &idctKernels{Context: c, table: c.StaticGlobal("idct"), places: map[uint32]Mem{}}
	c.DataAttributes(attr.RODATA | attr.NOPTR)
	return k
}

// The pairs of factors. In an 8-point transform the pairs of inputs are
// (0+4, 0-4), (2, 6), (7+3, 5+1), (1, 7), (3, 5); where 4 to 7 are zero, and in
// the smaller transforms, (0, 2) and (1, 3); with two points (0, 1).
var (
	sum0  = [2]int{one, 0}
	sum1  = [2]int{0, one}
	even3 = [2]int{fix0_541 + fix0_765, fix0_541}
	even2 = [2]int{fix0_541, fix0_541 - fix1_847}
	both3 = [2]int{fix1_175 - fix1_961, fix1_175}
	both4 = [2]int{fix1_175, fix1_175 - fix0_390}
	odd0  = [2]int{fix1_501 - fix0_899, -fix0_899}
	odd3  = [2]int{-fix0_899, fix0_298 - fix0_899}
	odd1  = [2]int{fix3_072 - fix2_562, -fix2_562}
	odd2  = [2]int{-fix2_562, fix2_053 - fix2_562}

	cornerEven = [4][2]int{
		{one, fix0_541 + fix0_765}, {one, fix0_541}, {one, -fix0_541}, {one, -fix0_541 - fix0_765},
	}
	cornerOdd = [4][2]int{
		{fix1_501 - fix0_899 - fix0_390 + fix1_175, fix1_175},
		{fix1_175, fix3_072 - fix2_562 - fix1_961 + fix1_175},
		{fix1_175 - fix0_390, fix1_175 - fix2_562},
		{fix1_175 - fix0_899, fix1_175 - fix1_961},
	}

	sum4        = [2]int{one, one}
	difference4 = [2]int{one, -one}
	outer4      = [2]int{fix0_541 + fix0_765, fix0_541}
	inner4      = [2]int{fix0_541, -fix0_541 - fix0_765}

	sum2        = [2]int{1, 1}
	difference2 = [2]int{1, -1}
)

// value is a constant in all lanes of 32 bits.
func (k *idctKernels) value(v uint32) Mem {
	if m, ok := k.places[v]; ok {
		return m
	}
	m := k.table.Offset(k.bytes)
	for range 8 {
		k.AddDatum(k.bytes, U32(v))
		k.bytes += 4
	}
	k.places[v] = m
	return m
}

func (k *idctKernels) words(v uint16) Mem { return k.value(uint32(v)<<16 | uint32(v)) }

// madd returns the sums of the products of p with the pairs in v.
func (k *idctKernels) madd(v reg.VecVirtual, p [2]int) reg.VecVirtual {
	out := k.YMM()
	k.VPMADDWD(k.value(uint32(uint16(p[0]))|uint32(uint16(p[1]))<<16), v, out)
	return out
}

// sumAndDifference returns a+b in a register of its own, and a-b in a.
func (k *idctKernels) sumAndDifference(a, b reg.VecVirtual) (sum, difference reg.VecVirtual) {
	sum = k.YMM()
	k.VPADDD(b, a, sum)
	k.VPSUBD(b, a, a)
	return sum, a
}

// unpack returns the pairs of words of a and b: of the low and the high halves
// of each lane.
func (k *idctKernels) unpack(a, b reg.VecVirtual) (low, high reg.VecVirtual) {
	low, high = k.YMM(), k.YMM()
	k.VPUNPCKLWD(b, a, low)
	k.VPUNPCKHWD(b, a, high)
	return low, high
}
