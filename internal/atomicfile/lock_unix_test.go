//go:build unix

package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Two processes that write one file must not mix their bytes. A second open
// file description stands for the second process: flock locks those.
func TestTheSecondWriterIsTold(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "c.txt")
	other, err := os.Create(TempName(name))
	if err != nil {
		t.Fatal(err)
	}
	if err := lock(other); err != nil {
		t.Fatal(err)
	}
	if err := write(name, []byte("x"), Options{}); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v, want ErrBusy", err)
	}
	only(t, dir, filepath.Base(TempName(name))) // the other's file is untouched
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if err := write(name, []byte("x"), Options{}); err != nil {
		t.Errorf("after the other ended: %v", err)
	}
}

// In a folder that others may write to, a planted link must not lead the
// write elsewhere.
func TestAPlantedLinkIsNotFollowed(t *testing.T) {
	dir := t.TempDir()
	name, victim := filepath.Join(dir, "c.txt"), filepath.Join(dir, "victim")
	if err := os.WriteFile(victim, []byte("keep"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(victim, TempName(name)); err != nil {
		t.Fatal(err)
	}
	if err := write(name, []byte("x"), Options{}); err == nil {
		t.Error("wrote through a planted link")
	}
	if got := read(t, victim); got != "keep" {
		t.Errorf("victim is %q", got)
	}
}

// A link that takes the temporary file's place does not lead the time elsewhere.
func TestTheTimeOfAPlantedLink(t *testing.T) {
	dir := t.TempDir()
	link, victim := filepath.Join(dir, "link"), filepath.Join(dir, "victim")
	if err := os.WriteFile(victim, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(victim, link); err != nil {
		t.Fatal(err)
	}
	old := time.Date(2001, 2, 3, 4, 5, 6, 789, time.UTC)
	if err := setTimes(link, old); err != nil {
		t.Fatal(err)
	}
	if fi, err := os.Stat(victim); err != nil || fi.ModTime().Equal(old) {
		t.Errorf("the victim has the time, or %v", err)
	}
	if fi, err := os.Lstat(link); err != nil || !fi.ModTime().Equal(old) {
		t.Errorf("the link has the time %v, %v", fi.ModTime(), err)
	}
}

// A file that was renamed away while waiting for its lock is not this name's
// any more: writing to it would change a finished file.
func TestARenamedFileIsNotReused(t *testing.T) {
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "temp"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, same, err := isAt(f, f.Name()); err != nil || !same {
		t.Errorf("fresh file: %v, %v", same, err)
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, "final")); err != nil {
		t.Fatal(err)
	}
	if _, same, err := isAt(f, f.Name()); err != nil || same {
		t.Errorf("renamed file: %v, %v", same, err)
	}
}
