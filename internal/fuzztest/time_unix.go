//go:build unix

package fuzztest

import (
	"syscall"
	"time"
)

// cpuTime is the processor time that this process has taken, which does not grow
// while others keep the machine busy.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
