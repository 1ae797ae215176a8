package procpool

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// sysProcAttr puts a child into a group of its own, away from the terminal's Ctrl-C, and
// has the kernel kill it when the thread that started it is gone: see spawn.
func sysProcAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: unix.SIGKILL}
}

// receiveFlags has the kernel close received files on exec.
const receiveFlags = unix.MSG_CMSG_CLOEXEC

// awaitExit waits for the end of the process and leaves it unreaped: its number, which is
// also its group's, cannot pass to another process before the group is killed.
func awaitExit(p *os.Process) bool {
	for {
		err := unix.Waitid(unix.P_PID, p.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if err != unix.EINTR {
			return err == nil
		}
	}
}
