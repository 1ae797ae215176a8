package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/imgpar/imgpar/internal/atomicfile"
)

// writable returns an error if nothing at all can be written below an output
// folder, "" being none. It leaves nothing behind: of a folder that is not there
// yet, it tries the nearest one above it that is.
func writable(out string) error {
	if out == "" {
		return nil
	}
	dir, made := out, true
	for {
		_, err := os.Stat(dir)
		if err == nil {
			break
		}
		if _, lerr := os.Lstat(dir); lerr == nil || !errors.Is(err, fs.ErrNotExist) {
			return err // a link to nowhere, or a folder that nobody may look into
		}
		dir, made = filepath.Dir(dir), false
	}
	f, err := os.CreateTemp(dir, atomicfile.Prefix+"*.tmp")
	if err == nil {
		return errors.Join(f.Close(), os.Remove(f.Name()))
	}
	if made && hasFolders(dir) {
		return nil // in which it may be allowed
	}
	return err
}

// hasFolders tells whether there is a folder in dir.
func hasFolders(dir string) bool {
	list, _ := os.ReadDir(dir) // what can be read of it
	for _, e := range list {
		if e.IsDir() {
			return true
		}
	}
	return false
}
