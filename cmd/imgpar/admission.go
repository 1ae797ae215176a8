package main

import (
	"fmt"

	"github.com/imgpar/imgpar/internal/machine"
	"github.com/imgpar/imgpar/internal/runner"
)

// admission decides whether a job is begun, by the memory that one picture may have. A
// job that is foreseen to take more fails before: to try would end the whole run, in
// goroutine mode, or a subprocess.
type admission struct {
	each       int64 // bytes for a picture; 0: any
	subprocess int64 // for a subprocess, if that is less; 0: any
}

// refusal returns why a job that takes at least so many bytes is not to be begun, or "".
func (a *admission) refusal(need int64, inSubprocess bool) string {
	switch {
	case a.each > 0 && need > a.each:
		return fmt.Sprintf("too-large: needs about %s of memory, and a picture may take %s; --mem raises that", memoryText(need), memoryText(a.each))
	case inSubprocess && a.subprocess > 0 && need+runner.RuntimeBytes > a.subprocess:
		return fmt.Sprintf("too-large: needs about %s of memory, and a subprocess may take %s; --worker-mem raises that", memoryText(need+runner.RuntimeBytes), memoryText(a.subprocess))
	}
	return ""
}

// memoryText is a number of bytes for people, with a digit behind the point.
func memoryText(n int64) string {
	if n < 1e9 {
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

// memory returns the bytes that the pictures in work may take together, and those that
// one may. One that is heavier than the first runs alone, so that a small --mem refuses
// nothing. A large one is believed: the user knows of swap, and of what is going to end.
func (f *flags) memory() (together, one int64, err error) {
	one, err = machine.MemoryBudget()
	together, one = f.mem, max(one, f.mem)
	if together == 0 {
		together = one
	}
	return together, one, err
}
