package atomicfile

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// publish gives temp its final name. Without overwrite an existing file is
// never replaced, not even one that appeared a moment ago.
func publish(temp, name string, overwrite bool) error {
	if overwrite {
		return os.Rename(temp, name)
	}
	err := unix.Renameat2(unix.AT_FDCWD, temp, unix.AT_FDCWD, name, unix.RENAME_NOREPLACE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) {
		return publishByLink(temp, name)
	}
	if err != nil {
		return &os.LinkError{Op: "rename", Old: temp, New: name, Err: err}
	}
	return nil
}
