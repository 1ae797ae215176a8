package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// ErrChanged says that a file is not as it was when it was read.
var ErrChanged = errors.New("the file changed while in work")

// Replacement says what a file is replaced by, and what of it stays.
type Replacement struct {
	Old     fs.FileInfo // the file when it was read
	Backup  string      // name under which the old file stays; "": it does not
	ModTime time.Time   // of the new file; zero: now

	// Before, if not nil, is called when the new file is on the disk with all
	// but its name, with what the file is going to be. Only a power failure or
	// the end of the process can come between it and the new name, or an error
	// that Commit returns. Its own error is such a one.
	Before func(fs.FileInfo) error
}

// Replace begins a file that is going to replace the file name, durably: when
// Commit returns, the new file and, if asked for, the backup would survive a
// power failure. The new file has the old one's permissions (those of 0777),
// owner and group, and on Linux and macOS its extended attributes, which on Linux
// include POSIX ACLs. If it cannot have the owner, the group or an attribute that
// belongs to users, the file stays as it is. Attributes that belong to the system
// may be lost: the notes of Commit say which.
func Replace(name string, r Replacement) (*Pending, error) {
	old, err := openSame(name, r.Old)
	if err != nil {
		return nil, err
	}
	p := &Pending{name: name, swap: &r, old: old}
	if p.File, err = openTemp(TempName(name), 0o600); err != nil {
		_ = old.Close() // only read
		return nil, err
	}
	noteBegun(p.File.Name())
	if p.notes, err = likeOld(p.File, old, r.Old); err != nil {
		return nil, and(err, p.Abort())
	}
	return p, nil
}

// replace is Commit for a file that replaces another.
func (p *Pending) replace() (notes []string, err error) {
	if err = complete(p.File, p.swap.ModTime, true); err == nil {
		err = exchange(p.File, p.old, p.name, *p.swap)
	}
	if err != nil {
		return nil, and(err, p.Abort())
	}
	_ = p.old.Close() // only read
	release(p.File)
	notes = p.notes
	if err := SyncFolder(filepath.Dir(p.name)); err != nil {
		notes = append(notes, "a power failure may bring the original back: its folder cannot be synced: "+bare(err).Error())
	}
	return notes, nil
}

// exchange gives the new file f the name of the old one, which gets that of the
// backup. The look at the file comes last: it cannot be excluded that another
// process changes it behind that, but the moment is as short as can be.
func exchange(f, old *os.File, name string, r Replacement) error {
	undo, err := backUp(old, r)
	if err != nil {
		return err
	}
	if r.Before != nil {
		fi, err := os.Lstat(f.Name())
		if err == nil {
			err = r.Before(fi)
		}
		if err != nil {
			return and(err, undo())
		}
	}
	if closeFirst {
		_ = old.Close() // only read; it could not be replaced while it is open
	}
	err = isSame(name, r.Old)
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err == nil {
		return nil
	}
	// A server whose answer was lost renames, and then says that it could not.
	if _, done, serr := isAt(f, name); serr == nil && done {
		return nil
	}
	return and(err, undo())
}

// openSame opens the file name if it is still the one that old describes.
func openSame(name string, old fs.FileInfo) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|noFollow, 0)
	if err != nil {
		return nil, err
	}
	if err := isSame(name, old); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// isSame holds a file against what it was.
func isSame(name string, old fs.FileInfo) error {
	now, err := os.Lstat(name)
	switch {
	case err != nil:
		return err
	case !os.SameFile(now, old), now.Size() != old.Size(), now.Mode() != old.Mode(), !now.ModTime().Equal(old.ModTime()):
		return ErrChanged
	}
	return nil
}

// CheckReplace says what speaks against replacing the file name, which was as
// old describes it when it was opened. It is for asking before the work on the
// new content; Replace and Commit find what changes in between, but for hard links.
func CheckReplace(name string, old fs.FileInfo, backup string) error {
	now, err := os.Lstat(name)
	switch {
	case err != nil:
		return err
	case now.Mode()&fs.ModeSymlink != 0:
		return errors.New("a link; --in-place replaces files only")
	case !now.Mode().IsRegular():
		return errors.New("no regular file")
	case now.Mode().Perm()&0o222 == 0:
		return errors.New("read-only")
	}
	if err := isSame(name, old); err != nil {
		return err
	}
	allowed, err := checkBackup(name, now, backup)
	if err != nil {
		return err
	}
	links, err := countLinks(name, now)
	if err != nil {
		return err
	}
	if links > allowed {
		return fmt.Errorf("%d hard links: replacing one would part them", links)
	}
	if err := folderWritable(filepath.Dir(name)); err != nil {
		return because("its folder cannot be written to", err)
	}
	return nil
}
