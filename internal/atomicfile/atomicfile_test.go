package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// only fails unless dir holds exactly the named files: no temporary one.
func only(t *testing.T, dir string, names ...string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, e := range list {
		have[e.Name()] = true
	}
	for _, n := range names {
		if !have[n] {
			t.Errorf("%s is missing", n)
		}
		delete(have, n)
	}
	for n := range have {
		t.Errorf("%s was left behind", n)
	}
}

// write makes a file.
func write(name string, data []byte, opt Options) error {
	p, err := Create(name, opt)
	if err != nil {
		return err
	}
	_, err = finish(p, string(data))
	return err
}

func TestFoldersAndFileAreMade(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a", "b", "c.txt")
	if err := write(name, []byte("hello"), Options{}); err != nil {
		t.Fatal(err)
	}
	if got := read(t, name); got != "hello" {
		t.Errorf("got %q", got)
	}
	only(t, filepath.Dir(name), "c.txt")
}

func TestAnExistingFileIsKept(t *testing.T) {
	for _, link := range []bool{false, true} {
		dir := t.TempDir()
		name := filepath.Join(dir, "c.txt")
		if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		var err error
		if link {
			temp := filepath.Join(dir, "temp")
			if err := os.WriteFile(temp, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			err = publishByLink(temp, name)
			if err := os.Remove(temp); err != nil {
				t.Fatal(err)
			}
		} else {
			err = write(name, []byte("new"), Options{})
		}
		if !errors.Is(err, fs.ErrExist) {
			t.Errorf("link %v: got %v, want fs.ErrExist", link, err)
		}
		if got := read(t, name); got != "old" {
			t.Errorf("link %v: got %q", link, got)
		}
		only(t, dir, "c.txt")
	}
}

func TestPublishByLink(t *testing.T) {
	dir := t.TempDir()
	temp, name := filepath.Join(dir, "temp"), filepath.Join(dir, "c.txt")
	if err := os.WriteFile(temp, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := publishByLink(temp, name); err != nil {
		t.Fatal(err)
	}
	if got := read(t, name); got != "x" {
		t.Errorf("got %q", got)
	}
	only(t, dir, "c.txt")
}

func TestOverwrite(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "c.txt")
	if err := os.WriteFile(name, []byte("a longer old text"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := write(name, []byte("new"), Options{Overwrite: true}); err != nil {
		t.Fatal(err)
	}
	if got := read(t, name); got != "new" {
		t.Errorf("got %q", got)
	}
	only(t, dir, "c.txt")
}

// The time goes with the file through the rename, also where one that was left
// over is taken over, or one that exists is replaced.
func TestTheGivenTime(t *testing.T) {
	name := filepath.Join(t.TempDir(), "c.txt")
	for i, want := range []time.Time{
		time.Date(1999, 12, 31, 23, 59, 59, 123456700, time.UTC), // a multiple of what NTFS keeps
		time.Date(1969, 7, 20, 20, 17, 40, 0, time.UTC),          // before the epoch
		time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC),              // beyond 31 bits
	} {
		if i == 1 {
			if err := os.WriteFile(TempName(name), []byte("half"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := write(name, []byte("text"), Options{Overwrite: true, ModTime: want}); err != nil {
			t.Fatal(err)
		}
		fi, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if !fi.ModTime().Equal(want) {
			t.Errorf("changed at %v, want %v", fi.ModTime(), want)
		}
	}
	begin := time.Now().Add(-2 * time.Second) // file systems have coarse clocks
	if err := write(name, []byte("text"), Options{Overwrite: true}); err != nil {
		t.Fatal(err)
	}
	if fi, err := os.Stat(name); err != nil || fi.ModTime().Before(begin) {
		t.Errorf("without a time: changed at %v, %v", fi.ModTime(), err)
	}
	only(t, filepath.Dir(name), "c.txt")
}

// What a killed process leaves is longer than the new text here: it must be
// cut, not written over.
func TestALeftoverIsTakenOver(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "c.txt")
	leave := func() {
		if err := os.WriteFile(TempName(name), []byte("half of something long"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	leave()
	if err := write(name, []byte("new"), Options{}); err != nil {
		t.Fatal(err)
	}
	if got := read(t, name); got != "new" {
		t.Errorf("got %q", got)
	}
	only(t, dir, "c.txt")
	leave()
	p, err := Create(name, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Abort(); err != nil {
		t.Fatal(err)
	}
	only(t, dir, "c.txt")
	if got := read(t, name); got != "new" {
		t.Errorf("got %q", got)
	}
}

func TestAFolderThatIsAFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{filepath.Join("a", "c.txt"), filepath.Join("a", "b", "c.txt")} {
		err := write(filepath.Join(dir, name), nil, Options{})
		if err == nil || !strings.Contains(err.Error(), "something that is no folder stands in the way") || strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v", name, err)
		}
	}
	only(t, dir, "a")
}

// What a killed process left of a probe is removed, and a probe of another one is
// as good as one's own.
func TestProbe(t *testing.T) {
	dir := t.TempDir()
	left := TempName(filepath.Join(dir, "probe"))
	if err := os.WriteFile(left, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Probe(dir); err != nil {
		t.Error(err)
	}
	only(t, dir)
	var ends [8]chan error
	for i := range ends {
		ends[i] = make(chan error, 1)
		go func() {
			for range 200 {
				if err := Probe(dir); err != nil {
					ends[i] <- err
					break
				}
			}
			close(ends[i])
		}()
	}
	for _, end := range ends {
		if err := <-end; err != nil {
			t.Error(err)
		}
	}
	only(t, dir)
	if err := Probe(filepath.Join(dir, "nowhere")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("in no folder: %v", err)
	}
}
