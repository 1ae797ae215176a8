//go:build unix

package simdtest

import (
	"testing"

	"golang.org/x/sys/unix"
)

const guards = true

// guarded returns memory of inner bytes between two pages that cannot be
// touched.
func guarded(t testing.TB, inner, page int) []byte {
	t.Helper()
	mem, err := unix.Mmap(-1, 0, page+inner+page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Munmap(mem); err != nil {
			t.Error(err)
		}
	})
	for _, guard := range [][]byte{mem[:page], mem[page+inner:]} {
		if err := unix.Mprotect(guard, unix.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	return mem
}
