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

// Settle removes the second name of the finished file name, which fi describes,
// if a killed process left one: publishByLink has two names for a moment.
func Settle(name string, fi fs.FileInfo) {
	if links, err := countLinks(name, fi); err != nil || links < 2 {
		return
	}
	temp := TempName(name)
	if twin, err := os.Lstat(temp); err == nil && os.SameFile(twin, fi) {
		_ = os.Remove(temp) // nothing is lost but tidiness
	}
}
