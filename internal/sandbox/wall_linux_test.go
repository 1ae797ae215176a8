//go:build linux && (amd64 || arm64)

package sandbox

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// What landlock holds by itself, should the filter ever let it through.
var walled = []struct {
	name string
	abi  int
	want unix.Errno
	do   func(s *scene) error
}{
	{"read a file", 1, unix.EACCES, func(s *scene) error { return open(s.photo(), unix.O_RDONLY) }},
	{"make a file", 1, unix.EACCES, func(s *scene) error { return open(s.path("new"), unix.O_CREAT|unix.O_WRONLY) }},
	{"unlink", 1, unix.EACCES, func(s *scene) error { return unix.Unlink(s.photo()) }},
	{"exec", 1, unix.EACCES, func(*scene) error { return unix.Exec("/bin/true", []string{"true"}, nil) }},
	{"ptrace the parent", 1, unix.EPERM, func(s *scene) error { return sys(unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(s.parent)) }},
	{"truncate", 3, unix.EACCES, func(s *scene) error { return unix.Truncate(s.photo(), 0) }},
	{"connect by TCP", 4, unix.EACCES, func(s *scene) error {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
		if err != nil {
			return err
		}
		return unix.Connect(fd, s.listener())
	}},
	{"connect to an abstract socket", 6, unix.EPERM, func(s *scene) error {
		fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
		if err != nil {
			return err
		}
		return unix.Connect(fd, &unix.SockaddrUnix{Name: "@" + s.dir})
	}},
	{"kill the parent", 6, unix.EPERM, func(s *scene) error { return unix.Kill(s.parent, unix.SIGCONT) }},
}

// doWalled does one of them behind landlock alone.
func doWalled(_ func() error, args []string) (string, error) {
	s := scene{dir: args[1], tcp: args[2], parent: os.Getppid()}
	if os.Getenv(policyEnv) != notConfined {
		if err := dropCapabilities(); err != nil {
			return "", err
		}
		if err := restrict(); err != nil {
			return "", err
		}
	}
	for _, d := range walled {
		if d.name == args[0] {
			err := d.do(&s)
			if errno, ok := err.(unix.Errno); ok {
				return fmt.Sprint(refusal, int(errno)), nil
			}
			return succeeded, err
		}
	}
	return "", fmt.Errorf("nobody knows how to %s", args[0])
}

func TestLandlockHoldsByItself(t *testing.T) {
	for _, d := range walled {
		t.Run(d.name, func(t *testing.T) {
			if abi := landlockABI(); abi < d.abi {
				t.Skipf("this kernel has version %d of landlock; this came with %d", abi, d.abi)
			}
			dir := newDir(t)
			abstract, err := net.Listen("unix", "@"+dir)
			if err != nil {
				t.Fatal(err)
			}
			defer abstract.Close()
			if r := start(t, "walled", confined(Policy{}), nil, d.name, dir, newListener(t)); r.stdout != fmt.Sprint(refusal, int(d.want)) {
				t.Errorf("behind landlock: %v\nwant %v", r, d.want)
			}
			r := start(t, "walled", notConfined, nil, d.name, dir, newListener(t))
			if _, err := os.Stat(filepath.Join(dir, "photo")); err != nil && d.name != "unlink" {
				t.Error(err)
			}
			if r.ExitStatus() != 0 || r.stdout != succeeded && d.name != "exec" && d.name != "ptrace the parent" {
				t.Errorf("the control proves nothing: %v", r)
			}
		})
	}
}
