// Package resample scales and blurs pictures of 8 and 16 bits, plane by plane or with four interleaved channels.
//
// A result is made in strips of a few rows. The vertical pass makes each row of a strip as wide as the source, the
// horizontal pass makes it as wide as the result. Between the passes samples are int16: those of 8 bits with 6 bits
// behind the point, not clamped, those of 16 bits less 32768, saturated. All products are of int16 by int16, all sums
// are int32 and do not overflow (see NewAxis), so their order does not matter, and the kernels in assembly and in Go give
// the same to the bit.
package resample

import (
	"fmt"

	"github.com/imgpar/imgpar/internal/simd"
)

// Resampler scales pictures and keeps memory between calls. The zero value is ready. It is not for several goroutines
// at once.
type Resampler struct {
	// Stop is asked before each strip whether the work has become needless: then the rest of the result stays as it is.
	// Nil is never.
	Stop func() bool

	sums          []int64 // of the Go kernels, like the next three
	results       []int64
	weights       []int64
	spreadWeights []int64
	axes          axes
	vector        vector
	shrinker      shrinker
}

// Bytes writes to dst what x and y make of src. Rows have 1 or 4 channels, which are interleaved, and begin every stride
// samples. Where dst and src overlap, the result is undefined.
//
// It panics when a slice is too short for what its axes say.
func (r *Resampler) Bytes(dst []byte, dstStride int, src []byte, srcStride, channels int, x, y *Axis) {
	check(len(dst), dstStride, len(src), srcStride, channels, x, y)
	if x.copies && y.copies {
		copyPart(dst, dstStride, src, srcStride, channels, x, y)
		return
	}
	if simd.AVX2() && r.vectorBytes(dst, dstStride, src, srcStride, channels, x, y) {
		return
	}
	resample(r, dst, dstStride, src, srcStride, channels, x, y, &bits8)
}

// Uint16 is Bytes for samples of 16 bits.
func (r *Resampler) Uint16(dst []uint16, dstStride int, src []uint16, srcStride, channels int, x, y *Axis) {
	check(len(dst), dstStride, len(src), srcStride, channels, x, y)
	if x.copies && y.copies {
		copyPart(dst, dstStride, src, srcStride, channels, x, y)
		return
	}
	if simd.AVX2() && r.vectorUint16(dst, dstStride, src, srcStride, channels, x, y) {
		return
	}
	resample(r, dst, dstStride, src, srcStride, channels, x, y, &bits16)
}

func (r *Resampler) stopped() bool { return r.Stop != nil && r.Stop() }

func check(dst, dstStride, src, srcStride, channels int, x, y *Axis) {
	if channels != 1 && channels != 4 {
		panic(fmt.Sprintf("resample: %d channels", channels))
	}
	fits := func(n, stride, w, h int) bool { return stride >= w && n >= w && (n-w)/stride >= h-1 }
	if !fits(dst, dstStride, x.out*channels, y.out) || !fits(src, srcStride, x.in*channels, y.in) {
		panic(fmt.Sprintf("resample: %d samples with stride %d to %d with stride %d, wanted %dx%d to %dx%d with %d channels",
			src, srcStride, dst, dstStride, x.in, y.in, x.out, y.out, channels))
	}
}

func copyPart[T sample](dst []T, dstStride int, src []T, srcStride, channels int, x, y *Axis) {
	for i := range y.out {
		copy(dst[i*dstStride:][:x.out*channels], src[(y.lo+i)*srcStride+x.lo*channels:])
	}
}

// grow returns n values, those of s where it is large enough.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
