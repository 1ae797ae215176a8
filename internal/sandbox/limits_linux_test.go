//go:build linux && (amd64 || arm64)

package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// allocate takes and uses MiB of memory, in slices of the second argument.
func allocate(enter func() error, args []string) (string, error) {
	total, err := strconv.Atoi(args[0])
	if err != nil {
		return "", err
	}
	slice, err := strconv.Atoi(args[1])
	if err != nil {
		return "", err
	}
	if err := enter(); err != nil {
		return "", err
	}
	var kept [][]byte
	for n := 0; n < total; n += slice {
		b := make([]byte, slice<<20)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		kept = append(kept, b)
	}
	return fmt.Sprint(len(kept)), nil
}

func TestMemoryIsLimited(t *testing.T) {
	if shadowed {
		t.Skip("the race detector maps terabytes, so that no limit of data can be set")
	}
	policy := confined(Policy{Memory: 256 << 20})
	for _, slice := range []string{"1", "50"} {
		if r := start(t, "allocate", policy, nil, "100", slice); r.ExitStatus() != 0 {
			t.Errorf("100 MiB in slices of %s: %v", slice, r)
		}
		r := start(t, "allocate", policy, nil, "400", slice)
		if r.ExitStatus() != 2 || !outOfMemory(r.stderr) {
			t.Errorf("400 MiB in slices of %s: %v", slice, r)
		}
	}
	if r := start(t, "allocate", confined(Policy{}), nil, "400", "100"); r.ExitStatus() != 0 {
		t.Errorf("400 MiB without a limit: %v", r)
	}
}

// outOfMemory knows what the runtime says, which depends on what the memory was for.
func outOfMemory(stderr string) bool {
	return strings.Contains(stderr, "out of memory") || strings.Contains(stderr, "cannot allocate memory")
}

// grow writes to the file that it was given, up to a size.
func grow(enter func() error, args []string) (string, error) {
	f := keep(1)[0]
	size, err := strconv.Atoi(args[0])
	if err != nil {
		return "", err
	}
	if err := enter(); err != nil {
		return "", err
	}
	terr := f.Truncate(int64(size))
	_, werr := f.WriteAt([]byte{1}, int64(size)-1)
	return fmt.Sprint(errors.Is(terr, syscall.EFBIG), errors.Is(werr, syscall.EFBIG), terr == nil && werr == nil), nil
}

func TestFileSizeIsLimited(t *testing.T) {
	for size, want := range map[string]string{"1000": "false false true", "1001": "true true false"} {
		f, err := os.Create(filepath.Join(t.TempDir(), "out"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if r := start(t, "grow", confined(Policy{FileSize: 1000}), []*os.File{f}, size); r.stdout != want {
			t.Errorf("%s bytes: %v\nwant %s", size, r, want)
		}
	}
}

// openMany receives descriptors until there is no room for more. (Behind the filter it
// could get them in no other way; before it the limit is the same.)
func openMany(enter func() error, args []string) (string, error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return "", err
	}
	for range 20 {
		if err := unix.Sendmsg(pair[0], []byte("x"), unix.UnixRights(0), nil, 0); err != nil {
			return "", err
		}
	}
	if err := enter(); err != nil {
		return "", err
	}
	highest := 0
	for range 20 {
		oob := make([]byte, unix.CmsgSpace(4))
		_, n, flags, _, err := unix.Recvmsg(pair[1], make([]byte, 1), oob, unix.MSG_CMSG_CLOEXEC)
		if err != nil {
			return "", err
		}
		if flags&unix.MSG_CTRUNC != 0 || n == 0 {
			break
		}
		messages, err := unix.ParseSocketControlMessage(oob[:n])
		if err != nil {
			return "", err
		}
		fds, err := unix.ParseUnixRights(&messages[0])
		if err != nil {
			return "", err
		}
		highest = fds[0]
	}
	return fmt.Sprint(highest), nil
}

func TestDescriptorsAreLimited(t *testing.T) {
	if r := start(t, "open", confined(Policy{Files: 16}), nil); r.stdout != "15" {
		t.Errorf("%v\nwant 15", r)
	}
	if r := start(t, "open", confined(Policy{}), nil); r.stdout < "20" {
		t.Errorf("without a limit: %v", r)
	}
}

// listInherited tells which of two files it has behind Enter: one that it has marked, and one that not.
func listInherited(enter func() error, _ []string) (string, error) {
	keep(1)
	if err := enter(); err != nil {
		return "", err
	}
	var have []bool
	for fd := 3; fd < 5; fd++ {
		have = append(have, unix.Fstat(fd, new(unix.Stat_t)) == nil)
	}
	return fmt.Sprint(have), nil
}

func TestInheritedFilesAreClosed(t *testing.T) {
	files := []*os.File{os.Stdin, os.Stdin}
	if r := start(t, "inherited", confined(Policy{}), files); r.stdout != "[true false]" {
		t.Error(r)
	}
	if r := start(t, "inherited", notConfined, files); r.stdout != "[true true]" {
		t.Errorf("the control proves nothing: %v", r)
	}
}
