package procpool

import (
	"os"
	"syscall"

	"golang.org/x/sys/windows"
)

// sysProcAttr keeps the console's Ctrl-C away from a child.
func sysProcAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
}

func awaitExit(*os.Process) bool { return false }

// killGroup kills the process alone: Windows has no group to kill. It has nothing to
// report: what it cannot kill is gone already.
func killGroup(p *os.Process) { _ = p.Kill() }

// interruptGroup does nothing: a process of Windows cannot be asked to end.
func interruptGroup(*os.Process) {}

func signalName(*os.ProcessState) string { return "" }

// relaxTimers does nothing here.
func relaxTimers() {}
