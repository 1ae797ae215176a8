package procpool

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// On Windows the link between parent and child is a pair of pipes. Open files travel as
// handles that the parent makes in the child (DuplicateHandle), of which it sends the values.

type pipes struct {
	r, w  *os.File
	child *os.Process // of the parent's end
}

func (p *pipes) Read(b []byte) (int, error)  { return p.r.Read(b) }
func (p *pipes) Write(b []byte) (int, error) { return p.w.Write(b) }
func (p *pipes) Close() error                { return errors.Join(p.r.Close(), p.w.Close()) }

func (p *pipes) connect(child *os.Process) { p.child = child }

func (p *pipes) pending() bool {
	available, err := peek(p.r)
	return available > 0 || err != nil
}

func (p *pipes) hungUp() bool {
	_, err := peek(p.r)
	return err != nil
}

var peekNamedPipe = windows.NewLazySystemDLL("kernel32.dll").NewProc("PeekNamedPipe")

// peek returns how many bytes can be read at once. It fails once the other end is closed.
func peek(pipe *os.File) (available uint32, err error) {
	if ok, _, err := peekNamedPipe.Call(pipe.Fd(), 0, 0, 0, uintptr(unsafe.Pointer(&available)), 0); ok == 0 {
		return 0, os.NewSyscallError("PeekNamedPipe", err)
	}
	return available, nil
}

func (p *pipes) send(header, payload []byte, files []*os.File) error {
	var values []byte
	var failed error
	err := p.child.WithHandle(func(child uintptr) {
		for _, f := range files {
			var h windows.Handle
			failed = windows.DuplicateHandle(windows.CurrentProcess(), windows.Handle(f.Fd()), windows.Handle(child), &h, 0, false, windows.DUPLICATE_SAME_ACCESS)
			if failed != nil {
				return
			}
			values = binary.LittleEndian.AppendUint64(values, uint64(h))
		}
	})
	switch {
	case err != nil:
		return err // the child is gone
	case failed != nil:
		return unsentError{os.NewSyscallError("DuplicateHandle", failed)}
	}
	_, err = p.Write(slices.Concat(header, payload, values))
	return err
}

func (p *pipes) take(r io.Reader, n int) ([]*os.File, error) {
	values := make([]byte, 8*n)
	if _, err := io.ReadFull(r, values); err != nil {
		return nil, err
	}
	files := make([]*os.File, n)
	for i := range files {
		files[i] = os.NewFile(uintptr(binary.LittleEndian.Uint64(values[8*i:])), fmt.Sprint("file ", i))
	}
	return files, nil
}

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
	parent, inherited := &pipes{r: resultR, w: requestW}, []*os.File{requestR, resultW}
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
	return &pipes{r: os.NewFile(r, "from parent"), w: os.NewFile(w, "to parent")}, nil
}
