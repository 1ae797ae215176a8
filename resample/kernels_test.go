package resample

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/imgpar/imgpar/internal/simd"
	"github.com/imgpar/imgpar/internal/simd/simdtest"
)

// call is a call of Bytes or Uint16, with axes of any kind.
type call struct {
	filter           Filter
	in, out          [2]int // columns and rows
	part             [2]Span
	channels         int
	dstMore, srcMore int // stride beyond a row
	extreme, front   bool
}

func (c call) axes() (x, y *Axis) {
	return NewAxis(c.filter, c.in[0], c.part[0], c.out[0]), NewAxis(c.filter, c.in[1], c.part[1], c.out[1])
}

func whole(n int) Span { return Span{0, float64(n)} }

// vectorEqualsGo runs c with both kinds of kernels in guarded memory and compares. What lies between rows of the result
// must stay.
func vectorEqualsGo[T sample](t *testing.T, c call, rnd *rand.Rand, r *Resampler, run func(*Resampler) func([]T, int, []T, int, int, *Axis, *Axis)) {
	t.Helper()
	x, y := c.axes()
	srcStride, dstStride := c.in[0]*c.channels+c.srcMore, c.out[0]*c.channels+c.dstMore
	src := simdtest.Slice[T](t, (c.in[1]-1)*srcStride+c.in[0]*c.channels, c.front)
	dst := simdtest.Slice[T](t, (c.out[1]-1)*dstStride+c.out[0]*c.channels, c.front)
	for i := range src {
		src[i] = T(rnd.Uint32())
		if c.extreme {
			src[i] = -T(rnd.IntN(2)) // 0 or the largest
		}
	}
	for i := range dst {
		dst[i] = T(i * 37)
	}
	want := slices.Clone(dst)
	run(r)(dst, dstStride, src, srcStride, c.channels, x, y)
	was := simd.SetAVX2(false)
	run(r)(want, dstStride, src, srcStride, c.channels, x, y)
	simd.SetAVX2(was)
	if !slices.Equal(dst, want) {
		t.Fatalf("%T %+v: vector kernels differ from Go", src, c)
	}
	for row := range c.out[1] - 1 {
		for i := row*dstStride + c.out[0]*c.channels; i < (row+1)*dstStride; i++ {
			if dst[i] != T(i*37) {
				t.Fatalf("%T %+v: something was written between rows", src, c)
			}
		}
	}
}

func bothDepths(t *testing.T, c call, rnd *rand.Rand, r *Resampler) {
	t.Helper()
	vectorEqualsGo(t, c, rnd, r, func(r *Resampler) func([]byte, int, []byte, int, int, *Axis, *Axis) { return r.Bytes })
	vectorEqualsGo(t, c, rnd, r, func(r *Resampler) func([]uint16, int, []uint16, int, int, *Axis, *Axis) { return r.Uint16 })
}

func needVectors(t *testing.T) {
	t.Helper()
	if !simd.AVX2() {
		t.Skip("no kernels in assembly here")
	}
}

// Every width of source and result, with rows that make whole strips and others.
func TestVectorKernelsEqualGoAtEveryWidth(t *testing.T) {
	needVectors(t)
	rnd := rand.New(rand.NewPCG(1, 1))
	var r Resampler
	for n := 1; n <= 300; n++ {
		for _, channels := range []int{1, 4} {
			for i, sides := range [][2]int{{n, 1 + rnd.IntN(50)}, {1 + rnd.IntN(300), n}, {n, n}} {
				c := call{filter: Filter(rnd.IntN(4)), channels: channels, extreme: n%2 == 0, front: (n+i)%2 == 0,
					in: [2]int{sides[0], 1 + rnd.IntN(20)}, out: [2]int{sides[1], 1 + rnd.IntN(20)},
					srcMore: rnd.IntN(2) * rnd.IntN(40), dstMore: rnd.IntN(2) * rnd.IntN(40)}
				c.part = [2]Span{whole(c.in[0]), whole(c.in[1])}
				bothDepths(t, c, rnd, &r)
			}
		}
	}
}

// Parts of a source, beyond its edges too.
func TestVectorKernelsEqualGoOnParts(t *testing.T) {
	needVectors(t)
	rnd := rand.New(rand.NewPCG(2, 2))
	var r Resampler
	for range 600 {
		c := call{filter: Filter(rnd.IntN(4)), channels: 1 + 3*rnd.IntN(2), extreme: rnd.IntN(2) == 0, front: rnd.IntN(2) == 0}
		for i := range 2 {
			c.in[i], c.out[i] = 1+rnd.IntN(200), 1+rnd.IntN(100)
			from := rnd.Float64()*float64(c.in[i])*1.5 - 10
			c.part[i] = Span{from, from + 0.1 + rnd.Float64()*float64(c.in[i])}
		}
		bothDepths(t, c, rnd, &r)
	}
}

func TestVectorKernelsEqualGoOnManyTaps(t *testing.T) {
	needVectors(t)
	rnd := rand.New(rand.NewPCG(3, 3))
	var r Resampler
	for _, c := range []call{
		{in: [2]int{12000, 9}, out: [2]int{10, 3}, channels: 1},
		{in: [2]int{9, 12000}, out: [2]int{3, 10}, channels: 4},
		{in: [2]int{40, 9000}, out: [2]int{40, 1}, channels: 1},
		{in: [2]int{65535, 1}, out: [2]int{1, 1}, channels: 4},
		{in: [2]int{1, 1}, out: [2]int{3000, 20}, channels: 1},
		{in: [2]int{2500, 20}, out: [2]int{2499, 19}, channels: 4},
	} {
		for _, c.extreme = range []bool{false, true} {
			c.part = [2]Span{whole(c.in[0]), whole(c.in[1])}
			bothDepths(t, c, rnd, &r)
		}
	}
}

// Passes that change nothing are left out.
func TestVectorKernelsEqualGoWithOnePass(t *testing.T) {
	needVectors(t)
	rnd := rand.New(rand.NewPCG(4, 4))
	var r Resampler
	for n := 1; n < 120; n++ {
		for _, out := range [][2]int{{n, 9}, {33, 17}, {n, 17}} {
			c := call{in: [2]int{n, 17}, out: out, channels: 1 + n%2*3, dstMore: n % 5}
			c.part = [2]Span{whole(c.in[0]), whole(c.in[1])}
			if n > 40 && out[0] == 33 {
				c.part[0] = Span{7, 40}
			}
			bothDepths(t, c, rnd, &r)
		}
	}
}

func ExampleResampler() {
	src := []byte{
		10, 20, 30, 40,
		50, 60, 70, 80,
	}
	dst := make([]byte, 2)
	var r Resampler
	x, y := r.Axis(Box, 4, Span{0, 4}, 2), r.Axis(Box, 2, Span{0, 2}, 1)
	r.Bytes(dst, 2, src, 4, 1, x, y)
	fmt.Println(dst)
	// Output: [35 55]
}
