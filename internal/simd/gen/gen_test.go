package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestFilesAreAsGenerated(t *testing.T) {
	for _, f := range files {
		for name, want := range f.generate() {
			path := filepath.Join(root, f.dir, name)
			if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s is not what the generator writes (%v)", path, err)
			}
		}
	}
}
