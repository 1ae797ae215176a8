package main

import (
	"io/fs"
	"os"
	"path/filepath"
)

// list returns the files below a folder.
func list(folder string) (names []string, err error) {
	err = filepath.WalkDir(folder, func(name string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

// copyFiles copies files below a folder to the same places below another.
func copyFiles(names []string, from, to string) error {
	for _, name := range names {
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		copied := filepath.Join(to, rel)
		if err := os.MkdirAll(filepath.Dir(copied), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(copied, data, 0o666); err != nil {
			return err
		}
	}
	return nil
}
