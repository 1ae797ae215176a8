package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/imgpar/imgpar/internal/atomicfile"
)

// writable returns the error of writing into an output folder, "" being none. It
// leaves nothing behind: of a folder that is not there yet, it tries the nearest
// one above it that is.
func writable(out string) error {
	if out == "" {
		return nil
	}
	dir := out
	for {
		_, err := os.Stat(dir)
		if err == nil {
			break
		}
		if _, lerr := os.Lstat(dir); lerr == nil || !errors.Is(err, fs.ErrNotExist) {
			return err // a link to nowhere, or a folder that nobody may look into
		}
		dir = filepath.Dir(dir)
	}
	return atomicfile.Probe(dir)
}

// holdsNothing tells whether a folder is empty, or none.
func holdsNothing(dir string) bool {
	f, err := os.Open(dir)
	if err != nil {
		return true
	}
	defer f.Close() // only read
	names, _ := f.Readdirnames(1)
	return len(names) == 0
}
