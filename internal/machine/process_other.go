//go:build !linux

package machine

import (
	"fmt"

	"github.com/shirou/gopsutil/v3/process"
)

// parents returns the parent of every process, now.
func parents() (map[int]int, error) {
	all, err := process.Processes()
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	of := map[int]int{}
	for _, p := range all {
		if parent, err := p.Ppid(); err == nil { // else it ended in the meantime
			of[int(p.Pid)] = int(parent)
		}
	}
	return of, nil
}

// resident returns the resident bytes of a process, now.
func resident(pid int) (int64, error) {
	p := process.Process{Pid: int32(pid)}
	m, err := p.MemoryInfo()
	if err != nil {
		return 0, err
	}
	return int64(m.RSS), nil
}

// proportional is the same as resident where no share is told.
func proportional(pid int) (int64, error) { return resident(pid) }
