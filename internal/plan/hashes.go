package plan

import (
	"runtime"
	"slices"
	"sync"
)

// hashes is a set of 64-bit hashes that is first filled and then asked. They are
// kept by their first bits: small lists grow and are sorted where they are, and
// by all CPUs.
type hashes [64][]uint64

func (h *hashes) list(hash uint64) *[]uint64 { return &h[hash>>58] }

func (h *hashes) add(hash uint64) {
	l := h.list(hash)
	*l = append(*l, hash)
}

// seal ends the filling, and returns the hashes that were added twice.
func (h *hashes) seal() map[uint64]bool {
	h.sort()
	twice := map[uint64]bool{}
	for _, l := range h {
		for i := 1; i < len(l); i++ {
			if l[i] == l[i-1] {
				twice[l[i]] = true
			}
		}
	}
	return twice
}

// sortAlone is up to how many hashes in a list it is not worth a goroutine.
const sortAlone = 1024

func (h *hashes) sort() {
	if len(h[0]) <= sortAlone {
		for _, l := range h {
			slices.Sort(l)
		}
		return
	}
	var all sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		all.Go(func() {
			for i := w; i < len(h); i += workers {
				slices.Sort(h[i])
			}
		})
	}
	all.Wait()
}

func (h *hashes) has(hash uint64) bool {
	_, ok := slices.BinarySearch(*h.list(hash), hash)
	return ok
}
