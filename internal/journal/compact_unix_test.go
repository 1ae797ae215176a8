//go:build unix

package journal

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/internal/job"
)

func TestCompaction(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "a.journal"), filepath.Join(dir, "link")
	want := superseded(t, file)
	must(t, os.Symlink("a.journal", link))
	must(t, os.WriteFile(file+".new", []byte("of a run that was killed"), 0o600))
	j := open(t, link)
	if n := strings.Count(read(t, file), "\n"); n != len(want)+1 {
		t.Errorf("%d lines, want %d", n, len(want)+1)
	}
	knows(t, file, want...)
	newer := Record{1 << 40, 1, 1, job.OK, ""}
	must(t, j.Append(newer))
	knows(t, link, append(want, newer)...)
	if list, err := os.ReadDir(dir); err != nil || len(list) != 2 {
		t.Errorf("%v, %v", list, err)
	}
	if fi, err := os.Lstat(link); err != nil || fi.Mode().IsRegular() {
		t.Errorf("the link was replaced: %v", err)
	}
}

// While another run appends, nobody may put a new file in the place of its own.
func TestNoCompactionWhileAnotherRunIsThere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.journal")
	other := open(t, file)
	want := superseded(t, file) // the same file, written over
	before := read(t, file)
	open(t, file)
	if read(t, file) != before {
		t.Error("it was written anew")
	}
	newer := Record{1 << 40, 1, 1, job.OK, ""}
	must(t, other.Append(newer))
	knows(t, file, append(want, newer)...)
}

// A file that was replaced after it was opened is not the journal any more.
func TestAReplacedFileIsOpenedAgain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.journal")
	old, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	must(t, err)
	must(t, os.Remove(file))
	superseded(t, file)
	j := &Journal{file: file, open: old}
	if err := j.begin(); !errors.Is(err, errBusy) {
		t.Errorf("%v, want errBusy", err)
	}
	must(t, j.Close())
}

// A run that holds the journal for itself is waited for.
func TestALockedJournalIsBusy(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.journal")
	f, err := os.Create(file)
	must(t, err)
	if ok, err := lock(f, true); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if _, err := tryOpen(file); !errors.Is(err, errBusy) {
		t.Errorf("%v, want errBusy", err)
	}
	done := make(chan error, 1)
	go func() {
		j, err := Open(file)
		done <- errors.Join(err, j.Close())
	}()
	must(t, f.Close())
	must(t, <-done)
	if read(t, file) != header {
		t.Errorf("%q", read(t, file))
	}
}
