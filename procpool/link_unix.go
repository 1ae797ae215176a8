//go:build unix

package procpool

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// On Unix the link between parent and child is a pair of connected stream sockets.

// newLink makes a link and returns the parent's end, which is closed on exec, and the
// files that the child inherits.
func newLink() (io.ReadWriteCloser, []*os.File, error) {
	syscall.ForkLock.RLock()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err == nil {
		unix.CloseOnExec(fds[0])
		unix.CloseOnExec(fds[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, nil, os.NewSyscallError("socketpair", err)
	}
	// A File polls a descriptor that does not block, so that Close wakes its readers.
	err = unix.SetNonblock(fds[0], true)
	parent, inherited := os.NewFile(uintptr(fds[0]), "worker"), os.NewFile(uintptr(fds[1]), "worker's end")
	if err != nil {
		return nil, nil, errors.Join(os.NewSyscallError("fcntl", err), parent.Close(), inherited.Close())
	}
	return parent, []*os.File{inherited}, nil
}

// passLink hands the inherited files to a child that is not started yet.
func passLink(cmd *exec.Cmd, inherited []*os.File) {
	const first = 3 // what exec makes of the first of ExtraFiles
	cmd.ExtraFiles = inherited
	cmd.Env = append(cmd.Env, linkEnv+"="+strconv.Itoa(first))
}

// openLink opens the child's end, as linkEnv describes it.
func openLink(description string) (io.ReadWriteCloser, error) {
	fd, err := strconv.Atoi(description)
	if err != nil {
		return nil, fmt.Errorf("%s=%q is no descriptor", linkEnv, description)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		return nil, fmt.Errorf("%s=%d: %w", linkEnv, fd, err)
	}
	unix.CloseOnExec(fd)
	return os.NewFile(uintptr(fd), "parent"), nil
}
