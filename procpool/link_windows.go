package procpool

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/windows"
)

// On Windows the link between parent and child is a pair of pipes.

type pipes struct {
	r, w *os.File
}

func (p pipes) Read(b []byte) (int, error)  { return p.r.Read(b) }
func (p pipes) Write(b []byte) (int, error) { return p.w.Write(b) }
func (p pipes) Close() error                { return errors.Join(p.r.Close(), p.w.Close()) }

func (p pipes) send(b []byte, files []*os.File) error { return errors.ErrUnsupported }
func (p pipes) take(n int) ([]*os.File, error)        { return nil, nil }

// newLink makes a link and returns the parent's end and the files that the child inherits.
func newLink() (link, []*os.File, error) {
	requestR, requestW, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	resultR, resultW, err := os.Pipe()
	if err != nil {
		return nil, nil, errors.Join(err, requestR.Close(), requestW.Close())
	}
	parent, inherited := pipes{resultR, requestW}, []*os.File{requestR, resultW}
	for _, f := range inherited {
		h := windows.Handle(f.Fd())
		if err := windows.SetHandleInformation(h, windows.HANDLE_FLAG_INHERIT, windows.HANDLE_FLAG_INHERIT); err != nil {
			return nil, nil, errors.Join(err, parent.Close(), requestR.Close(), resultW.Close())
		}
	}
	return parent, inherited, nil
}

// passLink hands the inherited files to a child that is not started yet.
func passLink(cmd *exec.Cmd, inherited []*os.File) {
	r, w := inherited[0].Fd(), inherited[1].Fd()
	cmd.SysProcAttr.AdditionalInheritedHandles = []syscall.Handle{syscall.Handle(r), syscall.Handle(w)}
	cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d,%d", linkEnv, r, w))
}

// openLink opens the child's end, as linkEnv describes it.
func openLink(description string) (link, error) {
	var r, w uintptr
	if _, err := fmt.Sscanf(description, "%d,%d", &r, &w); err != nil {
		return nil, fmt.Errorf("%s=%q is no pair of handles", linkEnv, description)
	}
	return pipes{os.NewFile(r, "from parent"), os.NewFile(w, "to parent")}, nil
}
