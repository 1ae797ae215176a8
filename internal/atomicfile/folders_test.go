package atomicfile

import (
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
)

// Folders that were made for files that never appear are gone again; those that
// were there, or hold anything, stay.
func TestFoldersThatNobodyUses(t *testing.T) {
	dir := t.TempDir()
	var folders Folders
	begin := func(name string) *Pending {
		p, err := Create(filepath.Join(dir, filepath.FromSlash(name)), Options{Folders: &folders})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	abort := func(p *Pending) {
		if err := p.Abort(); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "old"), 0o777); err != nil {
		t.Fatal(err)
	}
	one, two, three, four := begin("a/b/1"), begin("a/b/2"), begin("a/3"), begin("old/new/4")
	abort(one)
	only(t, filepath.Join(dir, "a", "b"), filepath.Base(two.File.Name()))
	abort(two)
	abort(four)
	only(t, filepath.Join(dir, "a"), filepath.Base(three.File.Name()))
	only(t, filepath.Join(dir, "old"))
	abort(three)
	only(t, dir, "old")

	one, two = begin("a/b/1"), begin("a/b/c/2")
	if _, err := finish(one, "text"); err != nil {
		t.Fatal(err)
	}
	abort(two)
	only(t, filepath.Join(dir, "a", "b"), "1")
	if err := os.Remove(filepath.Join(dir, "a", "b", "1")); err != nil {
		t.Fatal(err)
	}
	abort(begin("a/b/1")) // it had a file once
	only(t, filepath.Join(dir, "a"), "b")

	// A link to nowhere stands where a folder is to be: it is nobody's to remove.
	if err := os.Symlink("nowhere", filepath.Join(dir, "link")); err != nil {
		t.Skip("no links here:", err)
	}
	if _, err := Create(filepath.Join(dir, "link", "x", "1"), Options{Folders: &folders}); err == nil {
		t.Error("made below a link to nowhere")
	}
	only(t, dir, "a", "old", "link")
	if len(folders.made) > 0 {
		t.Errorf("still known: %v", folders.made)
	}
}

// One leaves a folder while another begins a file in it.
func TestFoldersThatComeAndGo(t *testing.T) {
	dir := t.TempDir()
	var folders Folders
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for range 300 {
				p, err := Create(filepath.Join(dir, "a", "b", strconv.Itoa(i)), Options{Folders: &folders})
				if err == nil {
					err = p.Abort()
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	only(t, dir)
}
