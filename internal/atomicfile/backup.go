package atomicfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// checkBackup refuses a backup whose name is taken. It returns the number of
// hard links that the original may have: two, if one is the backup.
//
// A name that holds the same bytes is not taken: it is what a run left that was
// killed between the backup and the new file.
func checkBackup(name string, orig fs.FileInfo, backup string) (links uint64, err error) {
	if backup == "" {
		return 1, nil
	}
	fi, err := os.Lstat(backup)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return 1, nil
	case err != nil:
		return 0, because("the backup", err)
	case os.SameFile(fi, orig):
		return 2, nil
	}
	same, err := SameBytes(name, backup, orig, fi)
	if err != nil {
		return 0, because("the backup", err)
	}
	if !same {
		return 0, fmt.Errorf("the backup %s exists", filepath.Base(backup))
	}
	Settle(backup, fi)
	return 1, nil
}

// SameBytes compares two files of which a and b tell; one that b says is not
// regular is another. Links are followed from one only.
func SameBytes(one, two string, a, b fs.FileInfo) (bool, error) {
	if !b.Mode().IsRegular() || a.Size() != b.Size() {
		return false, nil
	}
	f, err := os.Open(one)
	if err != nil {
		return false, err
	}
	defer f.Close() // only read
	g, err := os.OpenFile(two, os.O_RDONLY|noFollow, 0)
	if err != nil {
		return false, err
	}
	defer g.Close() // only read
	var p, q [64 << 10]byte
	for {
		n, err := io.ReadFull(f, p[:])
		m, _ := io.ReadFull(g, q[:]) // what it lacks shows in m
		if n != m || !bytes.Equal(p[:n], q[:m]) {
			return false, nil
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return true, nil
		}
		if err != nil {
			return false, err
		}
	}
}

// backUp makes the backup, and has it on the disk when it returns. It is the
// old file itself under a second name, with all that belongs to it, or a copy
// where there are no hard links. undo takes a backup away that was made here.
func backUp(old *os.File, r Replacement) (undo func() error, err error) {
	undo = func() error { return nil }
	if r.Backup == "" {
		return undo, nil
	}
	if _, err := checkBackup(old.Name(), r.Old, r.Backup); err != nil {
		return undo, err
	}
	err = os.Link(old.Name(), r.Backup)
	if err != nil && !errors.Is(err, fs.ErrExist) && noLinks(err) {
		err = copyBackup(old, r)
	}
	switch {
	case errors.Is(err, fs.ErrExist): // the one that was found good
	case err != nil:
		return undo, because("the backup", err)
	default:
		undo = func() error { return removeBackup(old.Name(), r) }
	}
	if err := SyncFolder(filepath.Dir(r.Backup)); err != nil {
		return undo, and(because("the backup's folder cannot be synced", err), undo())
	}
	return undo, nil
}

// copyBackup makes the backup as a copy.
func copyBackup(old *os.File, r Replacement) error {
	if _, err := old.Seek(0, io.SeekStart); err != nil {
		return err
	}
	temp := TempName(r.Backup)
	f, err := openTemp(temp, 0o600)
	if err != nil {
		return err
	}
	if _, err = likeOld(f, old, r.Old); err == nil {
		_, err = io.Copy(f, old)
	}
	if err == nil {
		err = complete(f, r.Old.ModTime(), true)
	}
	if err == nil {
		err = publish(temp, r.Backup, false)
	}
	if err != nil {
		return and(err, discard(f))
	}
	release(f)
	return nil
}

// removeBackup removes a backup again, if what it holds has a name besides.
func removeBackup(name string, r Replacement) error {
	backup, err := os.Lstat(r.Backup)
	if err != nil {
		return because("the backup", err)
	}
	now, err := os.Lstat(name)
	if err != nil || !os.SameFile(now, r.Old) && !os.SameFile(now, backup) {
		return fmt.Errorf("the backup %s is left", filepath.Base(r.Backup))
	}
	if err := os.Remove(r.Backup); err != nil {
		return because("the backup is left", err)
	}
	return nil
}
