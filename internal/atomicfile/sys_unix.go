//go:build unix

package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	noFollow   = unix.O_NOFOLLOW
	closeFirst = false
)

// lock takes the lock on f, which ends with f or with the process. File
// systems without locks are written to without one.
func lock(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	switch {
	case errors.Is(err, unix.EWOULDBLOCK):
		return ErrBusy
	case errors.Is(err, unix.ENOTSUP), errors.Is(err, unix.ENOSYS), errors.Is(err, unix.ENOLCK):
		return nil
	}
	return err
}

// flush has the file system say what it says when a file is closed. The lock is
// flock's: it belongs to the open file and not to the descriptor that is closed.
func flush(f *os.File) error {
	second, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err == nil {
		err = unix.Close(second)
	}
	if err != nil && !errors.Is(err, unix.EINTR) { // it is closed then, and cannot be asked again
		return &os.PathError{Op: "close", Path: f.Name(), Err: err}
	}
	return nil
}

// setTimes gives the file, and never one that a link of this name leads to, the
// time t, to the nanosecond; zero leaves it alone.
func setTimes(name string, t time.Time) error {
	if t.IsZero() {
		return nil
	}
	ts, err := unix.TimeToTimespec(t)
	if err == nil {
		err = unix.UtimesNanoAt(unix.AT_FDCWD, name, []unix.Timespec{ts, ts}, unix.AT_SYMLINK_NOFOLLOW)
	}
	if err != nil {
		return &os.PathError{Op: "utimensat", Path: name, Err: err}
	}
	return nil
}

// SyncFolder has the names in a folder survive a power failure.
func SyncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	// Some file systems cannot sync a folder and say so; that is no failure.
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTSUP) {
		err = nil
	}
	return errors.Join(err, d.Close())
}

// IsFull tells whether a write failed because there is no space left, or none
// left for this user: further files will fail as well.
func IsFull(err error) bool {
	return errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT)
}

// isNoFolder tells whether a part of a path is a file.
func isNoFolder(err error) bool { return errors.Is(err, unix.ENOTDIR) }

// noLinks tells whether a hard link cannot be made here, so that a copy has to
// do. The first is what FAT says, and what the system says of files that are not
// one's own; the last, of one that has as many links as there can be.
func noLinks(err error) bool {
	for _, e := range []error{unix.EPERM, unix.ENOTSUP, unix.EOPNOTSUPP, unix.ENOSYS, unix.EXDEV, unix.EMLINK} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// folderWritable asks whether files may be made in a folder.
func folderWritable(dir string) error {
	return unix.Faccessat(unix.AT_FDCWD, dir, unix.W_OK|unix.X_OK, unix.AT_EACCESS)
}

// countLinks returns the number of hard links to the file that fi describes.
func countLinks(_ string, fi fs.FileInfo) (uint64, error) {
	st, ok := fi.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, errors.ErrUnsupported
	}
	return uint64(st.Nlink), nil
}

// likeOld gives f what the old file has beside its content. It goes from who
// may do so to who may not: the file is one's own alone until then.
func likeOld(f, old *os.File, info fs.FileInfo) (notes []string, err error) {
	if err := chown(f, info); err != nil {
		return nil, err
	}
	notes, err = copyAttributes(f, old)
	if err != nil {
		return nil, err
	}
	now, err := f.Stat()
	if err == nil && now.Mode().Perm() != info.Mode().Perm() { // FAT refuses even what is no change
		err = f.Chmod(info.Mode().Perm())
	}
	if err != nil {
		return nil, because("it cannot keep its permissions", err)
	}
	return notes, nil
}

// chown gives f the owner and the group that info has, where they differ.
func chown(f *os.File, info fs.FileInfo) error {
	fi, err := f.Stat()
	if err != nil {
		return err
	}
	want, ok := info.Sys().(*syscall.Stat_t)
	have, ok2 := fi.Sys().(*syscall.Stat_t)
	if !ok || !ok2 {
		return errors.ErrUnsupported
	}
	uid, gid := -1, -1
	if have.Uid != want.Uid {
		uid = int(want.Uid)
	}
	if have.Gid != want.Gid {
		gid = int(want.Gid)
	}
	switch {
	case uid < 0 && gid < 0:
		return nil
	case uid < 0:
		return orNil("it cannot keep its group", f.Chown(uid, gid))
	}
	return orNil("it cannot keep its owner", f.Chown(uid, gid))
}

func orNil(what string, err error) error {
	if err == nil {
		return nil
	}
	return because(what, err)
}
