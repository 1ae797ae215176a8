package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
)

// Folders knows the folders that were made for files which are not there yet, and
// removes those in which none appears. It is safe for concurrent use; the zero
// value is ready. A nil *Folders makes folders and knows nothing of them.
type Folders struct {
	mu   sync.Mutex
	made map[string]int // guarded by mu; how many files are on their way in each
}

// make makes a folder and those above it, for a file that is going to be in it.
func (f *Folders) make(dir string) error {
	if f == nil {
		return makeFolder(dir)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var missing []string
	for d := dir; ; d = filepath.Dir(d) {
		fi, err := os.Stat(d)
		if err == nil && fi.IsDir() && d == dir {
			f.count(dir)
			return nil
		}
		if err == nil || filepath.Dir(d) == d {
			break
		}
		missing = append(missing, d)
	}
	for _, d := range slices.Backward(missing) {
		if os.Mkdir(d, 0o777) != nil {
			break // makeFolder will say why
		}
		if f.made == nil {
			f.made = map[string]int{}
		}
		f.made[d] = 0
	}
	f.count(dir)
	return makeFolder(dir)
}

// use says that a file is on its way in a folder, which is there already. The file
// has a temporary name in it by now, with which nobody can remove the folder.
func (f *Folders) use(dir string) {
	if f == nil {
		return
	}
	f.mu.Lock()
	f.count(dir)
	f.mu.Unlock()
}

// count counts a file on its way to a folder, if that was made here. The caller
// holds mu.
func (f *Folders) count(dir string) {
	if n, ok := f.made[dir]; ok {
		f.made[dir] = n + 1
	}
}

// keep says that a file in a folder has its name: the folder stays, and those
// above it.
func (f *Folders) keep(dir string) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for {
		if _, ok := f.made[dir]; !ok {
			return
		}
		delete(f.made, dir)
		dir = filepath.Dir(dir)
	}
}

// leave says that a file on its way is no more. What was made for it is removed,
// unless others are on theirs.
func (f *Folders) leave(dir string) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.made[dir] > 0 {
		f.made[dir]--
	}
	for {
		if n, ok := f.made[dir]; !ok || n > 0 {
			return
		}
		if err := syscall.Rmdir(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return // there is something in it
		}
		delete(f.made, dir)
		dir = filepath.Dir(dir)
	}
}

// makeFolder makes a folder and those above it.
func makeFolder(dir string) error {
	err := os.MkdirAll(dir, 0o777)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist), isNoFolder(err):
		return because("something that is no folder stands in the way of the output's folder", err)
	}
	return because("the output's folder cannot be made", err)
}
