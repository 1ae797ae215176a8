// Package machine says what this machine has to give: memory and, for
// supervision and measurements, the memory that processes take.
//
// The number of workers is not here: runtime.GOMAXPROCS is the right one, and
// honours the limits of a container.
package machine

import (
	"cmp"
	"fmt"
	"runtime"

	"github.com/shirou/gopsutil/v3/mem"
)

// Share is the part of the memory that can be had which a run plans to use.
const Share = 0.6

// MemoryBudget returns the bytes that pictures in work may take together:
// Share of the smaller one of the available memory and the container's limit.
func MemoryBudget() (int64, error) {
	available, limit, err := Memory()
	if err != nil {
		return 0, err
	}
	return budget(available, limit), nil
}

// Memory returns the bytes that this machine has available, and those that the
// container may take; 0: it has no limit.
func Memory() (available, limit int64, err error) {
	vm, err := mem.VirtualMemory()
	if err != nil {
		return 0, 0, fmt.Errorf("read the available memory: %w", err)
	}
	if limit = cgroupLimit("/"); limit > int64(vm.Total) { // it limits nothing; version 1 says so by a huge number
		limit = 0
	}
	return int64(vm.Available), limit, nil
}

// Total returns the bytes of memory that this machine has, or that its container may
// take.
func Total() (int64, error) {
	vm, err := mem.VirtualMemory()
	if err != nil {
		return 0, fmt.Errorf("read the memory: %w", err)
	}
	return lesser(int64(vm.Total), cgroupLimit("/")), nil
}

// budget weighs available bytes against a limit; a limit of 0 is none.
func budget(available, limit int64) int64 {
	if limit > 0 && limit < available {
		available = limit
	}
	return int64(Share * float64(available))
}

// CPU returns the model of the processor, or its architecture where the system names none.
func CPU() string { return cmp.Or(cpuName(), runtime.GOARCH) }

// Tree returns a process and all below it, now.
func Tree(root int) ([]int, error) {
	of, err := parents()
	if err != nil {
		return nil, err
	}
	below := map[int][]int{}
	for pid, parent := range of {
		below[parent] = append(below[parent], pid)
	}
	tree := []int{root}
	for i := 0; i < len(tree); i++ {
		tree = append(tree, below[tree[i]]...)
	}
	return tree, nil
}

// RSS returns the resident bytes of processes together, now; one that has
// ended has none. Memory that they share counts once for each.
func RSS(pids ...int) int64 {
	total := int64(0)
	for _, pid := range pids {
		if bytes, err := resident(pid); err == nil {
			total += bytes
		}
	}
	return total
}

// PSS returns the bytes that processes together take, now: what several of them
// share counts once, divided among them. One that has ended takes none. Where the
// system does not tell (all but Linux, and of a process that may not be looked
// into), it is as RSS, in which what is shared counts for each.
func PSS(pids ...int) int64 {
	total := int64(0)
	for _, pid := range pids {
		bytes, err := proportional(pid)
		if err != nil {
			bytes = RSS(pid)
		}
		total += bytes
	}
	return total
}
