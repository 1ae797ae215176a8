package watch

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// listChunk is how many names of a folder are in memory at once.
const listChunk = 1024

// tree is the folders that were entered. All but those of which unwatched was
// told are watched.
type tree struct {
	enters    func(folder string) bool
	add       func(folder string) error // sets a watch
	remove    func(folder string) error
	unwatched func(folder string, err error)

	folders map[string]*folder
	watched int // of folders
	// byID holds the folders by what they are, not what they are called. The system
	// has one watch for each, which keeps the name that it was set under: a folder
	// that was moved must be dropped before it is watched by its new name.
	byID map[fileID]string
}

// folder is one that was entered.
type folder struct {
	id      fileID
	watched bool
	below   map[string]bool // base names of the folders in it that were entered
}

// enter watches a folder and those below it. Each file in them goes to found, if
// that is not nil, after the watch is set.
func (t *tree) enter(ctx context.Context, path string, found func(folder, name string)) {
	if dir := filepath.Dir(path); dir != path && t.folders[dir] != nil {
		t.folders[dir].below[filepath.Base(path)] = true
	}
	if ctx.Err() != nil || t.folders[path] != nil || t.isElsewhere(path) {
		return
	}
	err := t.watch(path)
	if errors.Is(err, fs.ErrNotExist) {
		return // gone meanwhile
	}
	folders, lerr := list(ctx, path, found)
	if err == nil && !errors.Is(lerr, fs.ErrNotExist) {
		err = lerr
	}
	if err != nil {
		t.unwatched(path, explain(err))
	}
	for _, name := range folders {
		if sub := filepath.Join(path, name); t.enters(sub) {
			t.enter(ctx, sub, found)
		}
	}
}

// watch sets the watch of one folder, and takes it in unless it is not there.
func (t *tree) watch(path string) error {
	err := t.add(path)
	if errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f := &folder{watched: err == nil, below: map[string]bool{}}
	if f.watched {
		t.watched++
		if fi, err := os.Stat(path); err == nil {
			f.id = identify(fi)
		}
	}
	if t.folders == nil {
		t.folders, t.byID = map[string]*folder{}, map[fileID]string{}
	}
	t.folders[path] = f
	if f.id != (fileID{}) {
		t.byID[f.id] = path
	}
	return err
}

func (t *tree) isWatched(path string) bool {
	f := t.folders[path]
	return f != nil && f.watched
}

// isElsewhere tells whether a folder is watched by another name that it still
// has, say because a link leads to it. If it has that name no more, it is
// dropped there.
func (t *tree) isElsewhere(path string) bool {
	fi, err := os.Stat(path)
	if err != nil {
		return false
	}
	id := identify(fi)
	other, known := t.byID[id]
	if !known || other == path {
		return false
	}
	if there, err := os.Stat(other); err == nil && identify(there) == id {
		return true
	}
	t.drop(other)
	return false
}

// drop ends the watches of a folder and of those below it.
func (t *tree) drop(path string) {
	f := t.folders[path]
	if f == nil {
		return
	}
	for name := range f.below {
		t.drop(filepath.Join(path, name))
	}
	delete(t.folders, path)
	if f.watched {
		t.watched--
	}
	if t.byID[f.id] == path {
		delete(t.byID, f.id)
	}
	if parent := t.folders[filepath.Dir(path)]; parent != nil {
		delete(parent.below, filepath.Base(path))
	}
	_ = t.remove(path) // of a folder that is gone there is no watch any more
}

// list calls found with the files in a folder, and returns the folders.
func list(ctx context.Context, path string, found func(folder, name string)) (folders []string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() // it was only read
	for ctx.Err() == nil {
		entries, err := f.ReadDir(listChunk)
		for _, e := range entries {
			switch {
			case e.IsDir():
				folders = append(folders, e.Name())
			case found != nil:
				found(path, e.Name())
			}
		}
		if errors.Is(err, io.EOF) {
			return folders, nil
		}
		if err != nil {
			return folders, err
		}
	}
	return folders, nil
}
