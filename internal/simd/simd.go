// Package simd is the switch for vector instructions. The kernels themselves
// stand beside the Go code that they equal to the bit: SIMD.md at the root lists
// them. Their generator is gen, a module of its own.
package simd

import "sync/atomic"

var avx2 atomic.Bool

func init() { avx2.Store(haveAVX2) }

// AVX2 reports whether kernels may use AVX2: the processor and the operating
// system have it, GODEBUG=cpu.avx2=off is not set, the build has no tag purego,
// and SetAVX2 did not turn it off.
func AVX2() bool { return avx2.Load() }

// SetAVX2 turns kernels with AVX2 on, where there are any, or off, and returns
// whether they were on. It is for tests and benchmarks that compare both; the
// results are the same.
func SetAVX2(on bool) (was bool) { return avx2.Swap(on && haveAVX2) }

// BMI2 reports whether kernels may use BMI1 and BMI2. It is off where AVX2 is,
// so that one switch turns off all kernels.
func BMI2() bool { return haveBMI2 && AVX2() }
