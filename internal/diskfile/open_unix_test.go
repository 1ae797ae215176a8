//go:build unix

package diskfile

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// A file is closed in processes that are started, waits rather than says that it
// would, and has the permissions that the umask leaves of those asked for.
func TestOpenedFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "new")
	f, err := Open(name, os.O_RDWR|os.O_CREATE, 0o640)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	onExec, err := unix.FcntlInt(f.Fd(), unix.F_GETFD, 0)
	if err != nil || onExec&unix.FD_CLOEXEC == 0 {
		t.Errorf("stays open in processes that are started: flags %#x, %v", onExec, err)
	}
	flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
	if err != nil || flags&unix.O_NONBLOCK != 0 {
		t.Errorf("does not wait: flags %#x, %v", flags, err)
	}
	fi, err := f.Stat()
	if err != nil || fi.Mode()&^0o640 != 0 || fi.Mode()&0o600 != 0o600 {
		t.Errorf("mode %v, %v", fi.Mode(), err)
	}
}
