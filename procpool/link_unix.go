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

// On Unix the link between parent and child is a pair of connected stream sockets, over
// which open files travel as SCM_RIGHTS messages (unix(7)).

// socket is one end. The parent's takes no files: the kernel drops those that a read
// without room for them meets.
type socket struct {
	*os.File
	child    bool
	received []*os.File // by the child, not yet taken
	rights   []byte     // room for what the kernel says of them
}

// newLink makes a link and returns the parent's end, which is closed on exec, and the
// files that the child inherits.
func newLink() (link, []*os.File, error) {
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
	return &socket{File: parent}, []*os.File{inherited}, nil
}

// passLink hands the inherited files to a child that is not started yet.
func passLink(cmd *exec.Cmd, inherited []*os.File) {
	const first = 3 // what exec makes of the first of ExtraFiles
	cmd.ExtraFiles = inherited
	cmd.Env = append(cmd.Env, linkEnv+"="+strconv.Itoa(first))
}

// openLink opens the child's end, as linkEnv describes it.
func openLink(description string) (link, error) {
	fd, err := strconv.Atoi(description)
	if err != nil {
		return nil, fmt.Errorf("%s=%q is no descriptor", linkEnv, description)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		return nil, fmt.Errorf("%s=%d: %w", linkEnv, fd, err)
	}
	unix.CloseOnExec(fd)
	return &socket{File: os.NewFile(uintptr(fd), "parent"), child: true, rights: make([]byte, unix.CmsgSpace(4*MaxFiles))}, nil
}

// Read implements io.Reader. The child's end keeps the files that come along.
func (s *socket) Read(p []byte) (int, error) {
	if !s.child {
		return s.File.Read(p)
	}
	conn, err := s.SyscallConn()
	if err != nil {
		return 0, err
	}
	var (
		n, used, flags int
		failed         error
	)
	err = conn.Read(func(fd uintptr) bool {
		for {
			n, used, flags, _, failed = unix.Recvmsg(int(fd), p, s.rights, receiveFlags)
			if failed != unix.EINTR {
				return failed != unix.EAGAIN
			}
		}
	})
	switch {
	case err != nil:
		return 0, err
	case failed != nil:
		return 0, os.NewSyscallError("recvmsg", failed)
	case flags&unix.MSG_CTRUNC != 0:
		return 0, errors.New("more open files came than were announced, or than this process may have")
	case used > 0:
		if err := s.keep(s.rights[:used]); err != nil {
			return 0, err
		}
	case n == 0 && len(p) > 0:
		return 0, io.EOF
	}
	return n, nil
}

// keep opens the files of control messages.
func (s *socket) keep(control []byte) error {
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil {
		return err
	}
	for _, m := range messages {
		fds, err := unix.ParseUnixRights(&m)
		if err != nil {
			return err
		}
		for _, fd := range fds {
			unix.CloseOnExec(fd)
			s.received = append(s.received, os.NewFile(uintptr(fd), "file "+strconv.Itoa(len(s.received))))
		}
	}
	return nil
}

func (s *socket) take(_ io.Reader, n int) ([]*os.File, error) {
	files := s.received
	s.received = nil
	if len(files) != n {
		for _, f := range files {
			f.Close() // nobody has used it
		}
		return nil, protocolError(fmt.Sprintf("sent %d files where it announced %d", len(files), n))
	}
	return files, nil
}

func (s *socket) connect(*os.Process) {}

func (s *socket) send(header, payload []byte, files []*os.File) error {
	fds := make([]int, len(files))
	for i, f := range files {
		fds[i] = int(f.Fd())
	}
	conn, err := s.SyscallConn()
	if err != nil {
		return err
	}
	rights, sent := unix.UnixRights(fds...), 0
	var failed error
	err = conn.Write(func(fd uintptr) bool {
		for {
			sent, failed = unix.SendmsgBuffers(int(fd), [][]byte{header, payload}, rights, nil, 0)
			if failed != unix.EINTR {
				return failed != unix.EAGAIN
			}
		}
	})
	switch {
	case err != nil:
		return err
	case failed == unix.EPIPE || failed == unix.ECONNRESET:
		return os.NewSyscallError("sendmsg", failed)
	case failed != nil:
		return unsentError{os.NewSyscallError("sendmsg", failed)}
	}
	for _, part := range [][]byte{header, payload} {
		if rest := part[min(sent, len(part)):]; len(rest) > 0 {
			if _, err := s.Write(rest); err != nil {
				return err
			}
		}
		sent = max(0, sent-len(part))
	}
	return nil
}

func (s *socket) pending() bool {
	conn, err := s.SyscallConn()
	if err != nil {
		return true
	}
	waits := true
	err = conn.Control(func(fd uintptr) {
		_, _, err := unix.Recvfrom(int(fd), make([]byte, 1), unix.MSG_PEEK|unix.MSG_DONTWAIT)
		waits = err != unix.EAGAIN && err != unix.EINTR
	})
	return err != nil || waits
}
