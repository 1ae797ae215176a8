//go:build unix

package procpool

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// On Unix the link between parent and child is a socket for requests, over which open files
// travel as SCM_RIGHTS messages (unix(7)), and a pipe for answers. Of these four ends Go's
// poller has one, that at which the parent waits for answers: it tells of each socket that
// can be written to again as well, which is one more wake for each request that a child
// takes. A child that has nothing to do waits in recvmsg.

// pair is one end of the link. The parent's takes no files.
type pair struct {
	requests, answers *os.File
	received          []*os.File // by the child, not yet taken
	rights            []byte     // room for what the kernel says of them; nil in the parent
}

// newLink makes a link and returns the parent's end, which is closed on exec, and the
// files that the child inherits.
func newLink() (link, []*os.File, error) {
	requests, answers, err := descriptors()
	if err != nil {
		return nil, nil, err
	}
	// A File polls a descriptor that does not block, so that Close wakes its readers.
	// Nothing comes back over the socket.
	err = errors.Join(
		os.NewSyscallError("fcntl", unix.SetNonblock(answers[0], true)),
		os.NewSyscallError("shutdown", unix.Shutdown(requests[0], unix.SHUT_RD)))
	parent := &pair{requests: os.NewFile(uintptr(requests[0]), "to worker"), answers: os.NewFile(uintptr(answers[0]), "from worker")}
	inherited := []*os.File{os.NewFile(uintptr(requests[1]), "worker's requests"), os.NewFile(uintptr(answers[1]), "worker's answers")}
	if err != nil {
		return nil, nil, errors.Join(err, parent.Close(), inherited[0].Close(), inherited[1].Close())
	}
	return parent, inherited, nil
}

// descriptors makes a pair of sockets and a pipe, of both the parent's end first.
func descriptors() (requests, answers [2]int, err error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	requests, err = unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return requests, answers, os.NewSyscallError("socketpair", err)
	}
	if err := unix.Pipe(answers[:]); err != nil {
		return requests, answers, errors.Join(os.NewSyscallError("pipe", err), unix.Close(requests[0]), unix.Close(requests[1]))
	}
	for _, fd := range [...]int{requests[0], requests[1], answers[0], answers[1]} {
		unix.CloseOnExec(fd)
	}
	return requests, answers, nil
}

// passLink hands the inherited files to a child that is not started yet.
func passLink(cmd *exec.Cmd, inherited []*os.File) {
	const first = 3 // what exec makes of the first of ExtraFiles
	cmd.ExtraFiles = inherited
	cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d,%d", linkEnv, first, first+1))
}

// openLink opens the child's end, as linkEnv describes it.
func openLink(description string) (link, error) {
	var requests, answers int
	if _, err := fmt.Sscanf(description, "%d,%d", &requests, &answers); err != nil {
		return nil, fmt.Errorf("%s=%q is no pair of descriptors", linkEnv, description)
	}
	unix.CloseOnExec(requests)
	unix.CloseOnExec(answers)
	return &pair{
		requests: os.NewFile(uintptr(requests), "requests"),
		answers:  os.NewFile(uintptr(answers), "answers"),
		rights:   make([]byte, unix.CmsgSpace(4*MaxFiles)),
	}, nil
}

func (p *pair) isChild() bool { return p.rights != nil }

// Write implements io.Writer.
func (p *pair) Write(b []byte) (int, error) {
	if p.isChild() {
		return p.answers.Write(b)
	}
	return p.requests.Write(b)
}

// Close implements io.Closer.
func (p *pair) Close() error {
	if !p.isChild() {
		// What writes to a File that is not polled is not woken when that is closed.
		_ = control(p.requests, func(fd int) error { return unix.Shutdown(fd, unix.SHUT_WR) })
	}
	return errors.Join(p.requests.Close(), p.answers.Close())
}

// control calls do with the descriptor of f, and again where a signal came between.
func control(f *os.File, do func(fd int) error) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = conn.Control(func(fd uintptr) {
		for failed = unix.EINTR; failed == unix.EINTR; {
			failed = do(int(fd))
		}
	})
	return cmp.Or(err, failed)
}

// Read implements io.Reader. The child's end keeps the files that come along.
func (p *pair) Read(b []byte) (int, error) {
	if !p.isChild() {
		return p.answers.Read(b)
	}
	var n, used, flags int
	err := control(p.requests, func(fd int) (err error) {
		n, used, flags, _, err = unix.Recvmsg(fd, b, p.rights, receiveFlags)
		return err
	})
	switch {
	case err != nil:
		return 0, os.NewSyscallError("recvmsg", err)
	case flags&unix.MSG_CTRUNC != 0:
		return 0, errors.New("more open files came than were announced, or than this process may have")
	case used > 0:
		if err := p.keep(p.rights[:used]); err != nil {
			return 0, err
		}
	case n == 0 && len(b) > 0:
		return 0, io.EOF
	}
	return n, nil
}

// keep opens the files of control messages.
func (p *pair) keep(control []byte) error {
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
			if receiveFlags == 0 {
				unix.CloseOnExec(fd)
			}
			p.received = append(p.received, os.NewFile(uintptr(fd), "file "+strconv.Itoa(len(p.received))))
		}
	}
	return nil
}

func (p *pair) take(_ io.Reader, n int) ([]*os.File, error) {
	if len(p.received) < n {
		for _, f := range p.received {
			f.Close() // nobody has used it
		}
		return nil, protocolError(fmt.Sprintf("sent %d files where it announced %d", len(p.received), n))
	}
	files := p.received[:n:n]
	p.received = p.received[n:] // of the request behind it, which may have come with this one
	return files, nil
}

func (p *pair) connect(*os.Process) {}

func (p *pair) send(header, payload []byte, files []*os.File) error {
	fds := make([]int, len(files))
	for i, f := range files {
		fds[i] = int(f.Fd())
	}
	rights, sent := unix.UnixRights(fds...), 0
	err := control(p.requests, func(fd int) (err error) {
		sent, err = unix.SendmsgBuffers(fd, [][]byte{header, payload}, rights, nil, 0)
		return err
	})
	if errno, ok := err.(unix.Errno); ok {
		err = os.NewSyscallError("sendmsg", errno)
		if errno != unix.EPIPE && errno != unix.ECONNRESET {
			err = unsentError{err}
		}
	}
	if err != nil {
		return err
	}
	for _, part := range [][]byte{header, payload} {
		if rest := part[min(sent, len(part)):]; len(rest) > 0 {
			if _, err := p.requests.Write(rest); err != nil {
				return err
			}
		}
		sent = max(0, sent-len(part))
	}
	return nil
}

func (p *pair) pending() bool { return poll(p.answers) != 0 }

func (p *pair) hungUp() bool { return poll(p.requests)&^unix.POLLIN != 0 }

// poll asks for what poll(2) says of f at once, where something can be read and else.
func poll(f *os.File) int16 {
	fds := []unix.PollFd{{Events: unix.POLLIN}}
	err := control(f, func(fd int) error {
		fds[0].Fd = int32(fd)
		_, err := unix.Poll(fds, 0)
		return err
	})
	if err != nil {
		return unix.POLLERR
	}
	return fds[0].Revents
}
