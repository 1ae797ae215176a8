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

// original makes a file to replace and returns its name and what it is.
func original(t *testing.T, text string) (name string, old fs.FileInfo) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "a.jpg")
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name, stat(t, name)
}

func stat(t *testing.T, name string) fs.FileInfo {
	t.Helper()
	fi, err := os.Lstat(name)
	if err != nil {
		t.Fatal(err)
	}
	return fi
}

// swap replaces a file.
func swap(name, text string, r Replacement) (notes []string, err error) {
	p, err := Replace(name, r)
	if err != nil {
		return nil, err
	}
	return finish(p, text)
}

// finish writes a text and commits.
func finish(p *Pending, text string) (notes []string, err error) {
	if _, err := p.File.WriteString(text); err != nil {
		return nil, errors.Join(err, p.Abort())
	}
	return p.Commit()
}

// replace fails the test if it cannot be done without notes.
func replace(t *testing.T, name, text string, r Replacement) {
	t.Helper()
	if err := CheckReplace(name, r.Old, r.Backup); err != nil {
		t.Fatal(err)
	}
	notes, err := swap(name, text, r)
	if err != nil || len(notes) > 0 {
		t.Fatalf("%v, notes %q", err, notes)
	}
	if got := read(t, name); got != text {
		t.Errorf("holds %q", got)
	}
}

func TestReplace(t *testing.T) {
	name, old := original(t, "a longer old text")
	if err := os.WriteFile(TempName(name), []byte("what a killed run left, which is longer still"), 0o600); err != nil {
		t.Fatal(err)
	}
	var will fs.FileInfo
	replace(t, name, "new", Replacement{Old: old, Before: func(fi fs.FileInfo) error {
		will = fi
		if got := read(t, name); got != "a longer old text" {
			t.Errorf("before: %q", got)
		}
		return nil
	}})
	now := stat(t, name)
	if !os.SameFile(will, now) || will.Size() != now.Size() || !will.ModTime().Equal(now.ModTime()) || will.Mode() != now.Mode() {
		t.Errorf("announced %v, is %v", will, now)
	}
	only(t, filepath.Dir(name), "a.jpg")

	when := time.Date(1999, 12, 31, 23, 59, 59, 123456700, time.UTC)
	replace(t, name, "newer", Replacement{Old: now, ModTime: when})
	if !stat(t, name).ModTime().Equal(when) {
		t.Errorf("changed at %v", stat(t, name).ModTime())
	}
}

func TestTheBackupIsTheOriginal(t *testing.T) {
	name, old := original(t, "old")
	backup := name + ".orig"
	replace(t, name, "new", Replacement{Old: old, Backup: backup})
	if got := read(t, backup); got != "old" {
		t.Errorf("the backup holds %q", got)
	}
	if !os.SameFile(stat(t, backup), old) {
		t.Error("the backup is another file")
	}
	only(t, filepath.Dir(name), "a.jpg", "a.jpg.orig")

	// It is not given up for the next one.
	err := CheckReplace(name, stat(t, name), backup)
	if err == nil || err.Error() != "the backup a.jpg.orig exists" {
		t.Errorf("check: %v", err)
	}
	_, err = swap(name, "newest", Replacement{Old: stat(t, name), Backup: backup})
	if err == nil || err.Error() != "the backup a.jpg.orig exists" {
		t.Errorf("replace: %v", err)
	}
	if read(t, name) != "new" || read(t, backup) != "old" {
		t.Errorf("now %q and %q", read(t, name), read(t, backup))
	}
	only(t, filepath.Dir(name), "a.jpg", "a.jpg.orig")
}

// A run that was killed between the backup and the new name left either.
func TestTheBackupOfAKilledRun(t *testing.T) {
	for _, byLink := range []bool{true, false} {
		name, old := original(t, "old")
		backup := name + ".orig"
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if byLink {
			err = os.Link(name, backup)
		} else {
			err = copyBackup(f, Replacement{Old: old, Backup: backup})
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		replace(t, name, "new", Replacement{Old: old, Backup: backup})
		if got := read(t, backup); got != "old" {
			t.Errorf("link %v: the backup holds %q", byLink, got)
		}
		only(t, filepath.Dir(name), "a.jpg", "a.jpg.orig")
	}
}

// Where there are no hard links a copy is made, of the same time, and a file
// that is there already is not replaced by it.
func TestTheBackupByCopy(t *testing.T) {
	name, old := original(t, strings.Repeat("old ", 100_000))
	backup := name + ".orig"
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := Replacement{Old: old, Backup: backup}
	if err := copyBackup(f, r); err != nil {
		t.Fatal(err)
	}
	if read(t, backup) != read(t, name) {
		t.Error("the copy differs")
	}
	fi := stat(t, backup)
	if !fi.ModTime().Equal(old.ModTime()) || fi.Mode() != old.Mode() || os.SameFile(fi, old) {
		t.Errorf("the copy is %v, the original %v", fi, old)
	}
	if same, err := SameBytes(name, backup, old, fi); !same || err != nil {
		t.Errorf("not the same: %v", err)
	}
	if err := os.WriteFile(backup, []byte(strings.Repeat("odl ", 100_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if same, err := SameBytes(name, backup, old, stat(t, backup)); same || err != nil {
		t.Errorf("the same: %v", err)
	}
	if err := copyBackup(f, r); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second time: %v", err)
	}
	only(t, filepath.Dir(name), "a.jpg", "a.jpg.orig")
}

// A file that somebody changed while its successor was made stays, and so does
// no backup.
func TestAFileThatChanged(t *testing.T) {
	for what, change := range map[string]func(name string) error{
		"size": func(name string) error { return os.WriteFile(name, []byte("longer"), 0o644) },
		"time": func(name string) error { return os.Chtimes(name, time.Time{}, time.Now().Add(time.Hour)) },
		"replaced": func(name string) error {
			return errors.Join(os.Rename(name, name+"2"), os.WriteFile(name, []byte("old"), 0o644))
		},
	} {
		for _, late := range []bool{false, true} {
			name, old := original(t, "old")
			r := Replacement{Old: old, Backup: name + ".orig"}
			err := error(nil)
			if late {
				r.Before = func(fs.FileInfo) error { err = change(name); return nil }
			} else {
				err = change(name)
			}
			_, rerr := swap(name, "new", r)
			if err != nil || !errors.Is(rerr, ErrChanged) {
				t.Errorf("%s, late %v: %v, %v", what, late, rerr, err)
			}
			if got := read(t, name); got == "new" {
				t.Errorf("%s, late %v: it was replaced", what, late)
			}
			if _, err := os.Lstat(TempName(name)); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s, late %v: the temporary file is left", what, late)
			}
			// The original that was moved away has its second name still.
			if _, err := os.Lstat(r.Backup); !errors.Is(err, fs.ErrNotExist) && !(late && what == "replaced") {
				t.Errorf("%s, late %v: the backup is left, or %v", what, late, err)
			}
		}
	}
}

func TestWhatIsNotReplaced(t *testing.T) {
	name, old := original(t, "old")
	dir := filepath.Dir(name)
	link := filepath.Join(dir, "link")
	if err := os.Symlink(name, link); err != nil {
		t.Skip("no links here:", err)
	}
	readOnly := filepath.Join(dir, "readonly")
	if err := os.WriteFile(readOnly, nil, 0o444); err != nil {
		t.Fatal(err)
	}
	twice := filepath.Join(dir, "twice")
	if err := errors.Join(os.WriteFile(twice, nil, 0o644), os.Link(twice, twice+"2"), os.Link(twice, twice+"3")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, backup, want string }{
		{name, "", ""},
		{name, filepath.Join(dir, "none"), ""},
		{name, link, "the backup link exists"}, // though it leads to the same bytes
		{name, dir, "the backup " + filepath.Base(dir) + " exists"},
		{link, "", "a link; --in-place replaces files only"},
		{dir, "", "no regular file"},
		{readOnly, "", "read-only"},
		{twice, "", "3 hard links: replacing one would part them"},
		{twice, twice + "2", "3 hard links: replacing one would part them"},
		{filepath.Join(dir, "nowhere"), "", "file"},
	} {
		was := old
		if c.name != name && c.name != filepath.Join(dir, "nowhere") {
			was = stat(t, c.name)
		}
		err := CheckReplace(c.name, was, c.backup)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s, backup %q: %v, want %q", filepath.Base(c.name), c.backup, err, c.want)
		}
	}
}

// A killed publishByLink leaves two names of one file; anything else of the
// temporary name is not its business.
func TestSettle(t *testing.T) {
	name, _ := original(t, "text")
	if err := os.Link(name, TempName(name)); err != nil {
		t.Fatal(err)
	}
	Settle(name, stat(t, name))
	only(t, filepath.Dir(name), "a.jpg")
	if err := errors.Join(os.WriteFile(TempName(name), []byte("text"), 0o600), os.Link(name, name+"2")); err != nil {
		t.Fatal(err)
	}
	Settle(name, stat(t, name))
	only(t, filepath.Dir(name), "a.jpg", "a.jpg2", filepath.Base(TempName(name)))
}
