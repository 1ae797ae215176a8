//go:build !linux

package plan

import (
	"os"
	"path/filepath"

	"github.com/imgpar/imgpar/internal/journal"
)

// statFolder looks at files in a folder.
type statFolder struct{ path string }

func openStat(path string) (statFolder, error) { return statFolder{path}, nil }

// stat returns size and state of a file; not ok: it is none, or no regular one.
func (f statFolder) stat(name string) (size int64, state uint64, ok bool) {
	fi, err := os.Lstat(filepath.Join(f.path, name))
	if err != nil || !fi.Mode().IsRegular() {
		return 0, 0, false
	}
	return fi.Size(), journal.State(fi), true
}

func (statFolder) close() {}
