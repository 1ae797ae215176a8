//go:build unix

package diskfile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// Open is [os.OpenFile] for a file on a disk; perm is permissions alone. It does
// not offer the file to the runtime's poller, which takes pipes and sockets only:
// of six system calls that os.OpenFile makes on Linux, two are left.
func Open(name string, flag int, perm fs.FileMode) (*os.File, error) {
	for {
		fd, err := syscall.Open(name, flag|syscall.O_CLOEXEC, uint32(perm.Perm()))
		switch {
		case err == nil:
			return os.NewFile(uintptr(fd), name), nil
		case !errors.Is(err, syscall.EINTR): // some network file systems are interrupted, as package os knows
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
	}
}
