package procpool

import (
	"os"
	"syscall"
	"time"

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

// timerSlack is how much longer than it asked for a thread of a child may sleep.
const timerSlack = 5 * time.Millisecond

// relaxTimers has what this thread starts wake up less often: the slack of timers is
// inherited (prctl(2), PR_SET_TIMERSLACK). Go's monitor thread looks every 20 µs for work
// that has stalled, for a millisecond and more behind every system call that takes long.
// In a child that works on one task it finds nothing, and takes the CPU each time: two
// thirds of all context switches of a run over photos, and 3 to 5 % of its CPU time.
func relaxTimers() {
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(timerSlack.Nanoseconds()), 0, 0, 0) // only slower without
}
