//go:build unix && !linux

package procpool

import (
	"os"
	"syscall"
)

// sysProcAttr puts a child into a group of its own, away from the terminal's Ctrl-C.
func sysProcAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

const receiveFlags = 0

// awaitExit cannot be had everywhere: the rest of the group is killed just after the
// child is reaped, not just before.
func awaitExit(*os.Process) bool { return false }

// relaxTimers does nothing here.
func relaxTimers() {}
