//go:build unix

package bench

import (
	"os/exec"
	"syscall"
)

// killGroup makes a command the head of a group of processes, which is killed as a
// whole: those that a script has started do not go on without it.
func killGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
