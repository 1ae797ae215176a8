package simdtest

import (
	"runtime/debug"
	"testing"
	"unsafe"
)

func TestTheBordersAreGuarded(t *testing.T) {
	debug.SetPanicOnFault(true)
	for _, n := range []int{1, 3, 100, 5000} {
		for _, front := range []bool{false, true} {
			s := Slice[uint16](t, n, front)
			s[0], s[n-1] = 1, 2
			p := unsafe.Add(unsafe.Pointer(&s[0]), 2*n)
			if front {
				p = unsafe.Add(unsafe.Pointer(&s[0]), -2)
			}
			if !faults(p) && guards {
				t.Errorf("%d values, front %v: what is next to them can be read", n, front)
			}
		}
	}
	if len(Slice[byte](t, 0, false)) != 0 {
		t.Error("not empty")
	}
}

func faults(p unsafe.Pointer) (did bool) {
	defer func() { did = recover() != nil }()
	sink = *(*byte)(p)
	return false
}

var sink byte
