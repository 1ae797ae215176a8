// Package simdtest helps to test kernels.
package simdtest

import (
	"os"
	"testing"
	"unsafe"
)

// Slice returns n zero values in memory of their own. Where the system can,
// the memory next to them cannot be touched: whoever reads or writes behind
// the last value, or, with front set, before the first, crashes the test.
// The last value, or the first with front set, lies directly at that border,
// so that the start is not aligned for most n.
func Slice[T any](t testing.TB, n int, front bool) []T {
	t.Helper()
	var zero T
	page, size := os.Getpagesize(), n*int(unsafe.Sizeof(zero))
	inner := (size + page - 1) / page * page
	mem := guarded(t, inner, page)
	if n == 0 {
		return []T{}
	}
	at := page + inner - size
	if front {
		at = page
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&mem[at])), n)
}
