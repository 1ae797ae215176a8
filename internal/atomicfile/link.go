package atomicfile

import (
	"errors"
	"io/fs"
	"os"
)

// publishByLink is publish for systems whose rename always replaces: a hard
// link fails where a file exists. On file systems without hard links it looks
// first and then renames, which leaves a moment in between.
func publishByLink(temp, name string) error {
	err := os.Link(temp, name)
	if err == nil {
		return os.Remove(temp)
	}
	if errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, serr := os.Lstat(name); serr == nil {
		return &os.LinkError{Op: "rename", Old: temp, New: name, Err: fs.ErrExist}
	} else if !errors.Is(serr, fs.ErrNotExist) {
		return serr
	}
	return os.Rename(temp, name)
}
