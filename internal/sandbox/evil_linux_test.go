//go:build linux && (amd64 || arm64)

package sandbox

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// A deed is what a process must not do. It is tried by a child that is confined and must
// not succeed there, but meet its fate; and in a control by a child that is not, where it
// must succeed, or at least, where the kernel has reasons of its own against it (no
// rights, a meaning that is left out lest the machine suffer), reach the kernel.
type deed struct {
	name    string
	fate    fate               // in the sandbox
	refused bool               // the control may be refused
	prepare func(*scene) error // before the sandbox is entered; may be nil
	do      func(*scene) error
}

// A scene is where deeds are done.
type scene struct {
	dir    string // with a file "photo" and a link "alias" to it
	tcp    string // address of a listener
	parent int
	fd     int // what prepare has got
	code   uintptr
}

// sys makes a system call as it is, without the library's help.
func sys(number uintptr, args ...uintptr) error {
	_, err := sysValue(number, args...)
	return err
}

func sysValue(number uintptr, args ...uintptr) (uintptr, error) {
	var a [6]uintptr
	copy(a[:], args)
	value, _, errno := unix.RawSyscall6(number, a[0], a[1], a[2], a[3], a[4], a[5])
	if errno != 0 {
		return 0, errno
	}
	return value, nil
}

// What a child says of its deed.
const (
	succeeded = "succeeded"
	refusal   = "refused "
)

func doEvil(enter func() error, args []string) (string, error) {
	s := scene{dir: args[1], tcp: args[2], parent: os.Getppid()}
	for _, d := range deeds() {
		if d.name != args[0] {
			continue
		}
		if d.prepare != nil {
			if err := d.prepare(&s); err != nil {
				return "", fmt.Errorf("prepare: %w", err)
			}
		}
		if err := enter(); err != nil {
			return "", err
		}
		err := d.do(&s)
		if errno, ok := err.(unix.Errno); ok {
			return fmt.Sprint(refusal, int(errno)), nil
		}
		return succeeded, err
	}
	return "", fmt.Errorf("nobody knows how to %s", args[0])
}

// met tells whether a child met a fate.
func met(r run, f fate) bool {
	if f == kill {
		return r.Signaled() && r.Signal() == unix.SIGSYS
	}
	return r.ExitStatus() == 0 && r.stdout == fmt.Sprint(refusal, int(f&unix.SECCOMP_RET_DATA))
}

func TestEvil(t *testing.T) {
	names := map[string]bool{}
	for _, d := range deeds() {
		if names[d.name] {
			t.Errorf("there are two deeds %q", d.name)
		}
		names[d.name] = true
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			if r := start(t, "evil", notConfined, nil, d.name, newDir(t), newListener(t)); r.stdout != succeeded {
				reached := strings.HasPrefix(r.stdout, refusal) && !met(r, d.fate)
				if !d.refused || !reached {
					t.Errorf("the control proves nothing: %v", r)
				}
			}
			if r := start(t, "evil", confined(Policy{}), nil, d.name, newDir(t), newListener(t)); !met(r, d.fate) {
				t.Errorf("in the sandbox: %v\nwant %v", r, d.fate)
			}
		})
	}
	t.Logf("%d deeds", len(names))
}

// String is for messages of tests.
func (f fate) String() string {
	switch {
	case f == allow:
		return "passes"
	case f == kill:
		return "kills"
	}
	return unix.ErrnoName(unix.Errno(f & unix.SECCOMP_RET_DATA))
}

func newDir(t *testing.T) string {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "photo"), []byte("pixels"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("photo", filepath.Join(dir, "alias")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func newListener(t *testing.T) string {
	var config net.ListenConfig
	config.SetMultipathTCP(false)
	l, err := config.Listen(t.Context(), "tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr().String()
}

func (s *scene) path(name string) string { return filepath.Join(s.dir, name) }

func (s *scene) photo() string { return s.path("photo") }

// proc is a file of the parent in /proc.
func (s *scene) proc(name string) string { return fmt.Sprintf("/proc/%d/%s", s.parent, name) }

func (s *scene) listener() *unix.SockaddrInet4 {
	addr := net.TCPAddrFromAddrPort(mustAddrPort(s.tcp))
	return &unix.SockaddrInet4{Port: addr.Port, Addr: [4]byte(addr.IP.To4())}
}
