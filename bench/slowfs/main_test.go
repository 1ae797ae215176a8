package main

import (
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const delay = 40 * time.Millisecond

// slow mounts a new folder and gives back where it is, and where it is slow.
func slow(t *testing.T, slow delays) (below, above string, made *opens) {
	t.Helper()
	if _, err := os.Stat("/dev/fuse"); err != nil || os.Getuid() != 0 {
		t.Skip("needs /dev/fuse and root")
	}
	below, above = t.TempDir(), t.TempDir()
	made = new(opens)
	server, err := mount(below, above, slow, made)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Unmount(); err != nil {
			t.Error(err)
		}
	})
	return below, above, made
}

// Many opens take little more than one, in one folder too, of files that are
// there and of files that are made.
func TestOpensWaitSideBySide(t *testing.T) {
	_, above, made := slow(t, delays{open: delay})
	const n = 32
	for _, flags := range []int{os.O_RDWR | os.O_CREATE | os.O_EXCL, os.O_RDONLY, os.O_RDWR | os.O_CREATE} {
		started := time.Now()
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() {
				started := time.Now()
				file, err := os.OpenFile(filepath.Join(above, strconv.Itoa(i)), flags, 0o600)
				if err != nil {
					t.Error(err)
					return
				}
				if took := time.Since(started); took < delay {
					t.Errorf("flags %#x: an open took %v", flags, took)
				}
				file.Close()
			})
		}
		all.Wait()
		if took := time.Since(started); took > n*delay/4 {
			t.Errorf("flags %#x: %d opens took %v, %v each", flags, n, took, delay)
		}
	}
	if number, waited := made.number.Load(), time.Duration(made.waited.Load()); number != 3*n || waited < 3*n*delay {
		t.Errorf("counted %d opens, which waited %v", number, waited)
	}
}

// Nothing but opens and reads waits.
func TestTheRestIsFast(t *testing.T) {
	below, above, _ := slow(t, delays{open: time.Second})
	for i := range 20 {
		if err := os.WriteFile(filepath.Join(below, strconv.Itoa(i)), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	started := time.Now()
	entries, err := os.ReadDir(above)
	if err != nil || len(entries) != 20 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	for _, e := range entries {
		name := filepath.Join(above, e.Name())
		if _, err := os.Lstat(name); err != nil {
			t.Error(err)
		}
		if err := os.Rename(name, name+"x"); err != nil {
			t.Error(err)
		}
	}
	if took := time.Since(started); took > time.Second {
		t.Errorf("took %v", took)
	}
}

func TestReadsWait(t *testing.T) {
	below, above, _ := slow(t, delays{read: delay})
	if err := os.WriteFile(filepath.Join(below, "a"), []byte("what it holds"), 0o600); err != nil {
		t.Fatal(err)
	}
	started := time.Now()
	data, err := os.ReadFile(filepath.Join(above, "a"))
	if took := time.Since(started); err != nil || string(data) != "what it holds" || took < delay {
		t.Errorf("%q, %v, in %v", data, err, took)
	}
}

// A program that writes safely needs more than open and write of storage.
func TestWhatSafeWritingNeeds(t *testing.T) {
	_, above, _ := slow(t, delays{})
	a, b := filepath.Join(above, "a"), filepath.Join(above, "b")
	file, err := os.OpenFile(a, os.O_RDWR|os.O_CREATE|os.O_EXCL|syscall.O_NOFOLLOW, 0o640)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := os.OpenFile(a, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o640); !os.IsExist(err) {
		t.Errorf("a second O_EXCL: %v", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		t.Error(err)
	}
	if other, err := os.Open(a); err != nil {
		t.Error(err)
	} else {
		if err := syscall.Flock(int(other.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != syscall.EWOULDBLOCK {
			t.Errorf("a second lock: %v", err)
		}
		other.Close()
	}
	if err := os.WriteFile(b, nil, 0o600); err != nil {
		t.Error(err)
	}
	if err := unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_NOREPLACE); err != unix.EEXIST {
		t.Errorf("a rename over a file: %v", err)
	}
	if err := os.Remove(b); err != nil {
		t.Error(err)
	}
	if err := unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_NOREPLACE); err != nil {
		t.Errorf("a rename: %v", err)
	}
	if err := os.Symlink("b", a); err != nil {
		t.Error(err)
	}
	if _, err := os.OpenFile(a, os.O_RDONLY|syscall.O_NOFOLLOW, 0); err == nil {
		t.Error("O_NOFOLLOW followed a link")
	}
	if err := unix.Setxattr(b, "user.imgpar", []byte("v"), 0); err != nil && err != unix.ENOTSUP { // of the file system below
		t.Error(err)
	}
}
