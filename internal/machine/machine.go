// Package machine says what this machine has to give: memory and, for
// measurements, the memory that processes take.
//
// The number of workers is not here: runtime.GOMAXPROCS is the right one, and
// honours the limits of a container.
package machine

import (
	"fmt"

	"github.com/shirou/gopsutil/v3/mem"
	"github.com/shirou/gopsutil/v3/process"
)

// Share is the part of the memory that can be had which a run plans to use.
const Share = 0.6

// MemoryBudget returns the bytes that pictures in work may take together:
// Share of the smaller one of the available memory and the container's limit.
func MemoryBudget() (int64, error) {
	vm, err := mem.VirtualMemory()
	if err != nil {
		return 0, fmt.Errorf("read the available memory: %w", err)
	}
	return budget(int64(vm.Available), cgroupLimit("/")), nil
}

// budget weighs available bytes against a limit; a limit of 0 is none.
func budget(available, limit int64) int64 {
	if limit > 0 && limit < available {
		available = limit
	}
	return int64(Share * float64(available))
}

// TreeRSS returns the resident bytes of a process and all below it, now.
// Memory that they share counts once for each.
func TreeRSS(pid int) (int64, error) {
	p, err := process.NewProcess(int32(pid))
	if err != nil {
		return 0, err
	}
	m, err := p.MemoryInfo()
	if err != nil {
		return 0, err
	}
	total := int64(m.RSS)
	children, err := p.Children()
	if err != nil {
		return total, nil // none, or it ended in the meantime
	}
	for _, c := range children {
		if n, err := TreeRSS(int(c.Pid)); err == nil { // else it ended in the meantime
			total += n
		}
	}
	return total, nil
}
