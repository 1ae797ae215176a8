//go:build unix

package procpool

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// killGroup kills the process, which may have left its group, and that group. It has
// nothing to report: what it cannot kill is gone already.
func killGroup(p *os.Process) {
	_ = unix.Kill(-p.Pid, unix.SIGKILL)
	_ = p.Kill()
}

// interruptGroup asks the process and its group to end.
func interruptGroup(p *os.Process) { _ = unix.Kill(-p.Pid, unix.SIGINT) }

// signalName is the signal that ended the process, or "".
func signalName(state *os.ProcessState) string {
	status, ok := state.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() {
		return ""
	}
	return unix.SignalName(status.Signal())
}
