package journal

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestDefaultFile(t *testing.T) {
	state := t.TempDir()
	t.Setenv("XDG_STATE_HOME", state)
	t.Chdir(state)
	names := map[string]bool{}
	for folder, begin := range map[string]string{"/photos/2024": "2024-", "photos": "photos-", "/": "folder-", "/a/.x y\n": "x-y-", "/a/ünï": "n-", "/" + strings.Repeat("x", 300): strings.Repeat("x", maxSlug) + "-"} {
		file, err := DefaultFile(filepath.FromSlash(folder))
		must(t, err)
		base := filepath.Base(file)
		if filepath.Dir(file) != filepath.Join(state, "imgpar") || !strings.HasPrefix(base, begin) || !strings.HasSuffix(base, ".journal") || len(base) > 70 {
			t.Errorf("%s: %s", folder, file)
		}
		names[base] = true
	}
	if len(names) != 6 {
		t.Errorf("they meet: %v", names)
	}
	rel, err := DefaultFile("photos")
	must(t, err)
	if abs, err := DefaultFile(filepath.Join(state, "photos")); err != nil || abs != rel {
		t.Errorf("%s and %s, %v", rel, abs, err)
	}
}

func TestStateFolder(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the places of other systems are their own")
	}
	t.Setenv("XDG_STATE_HOME", "relative")
	t.Setenv("HOME", "/home/me")
	if dir, err := stateFolder(); err != nil || dir != "/home/me/.local/state" {
		t.Errorf("%s, %v", dir, err)
	}
	for _, home := range []string{"", "relative"} {
		t.Setenv("HOME", home)
		if dir, err := stateFolder(); err == nil {
			t.Errorf("HOME=%s: %s", home, dir)
		}
	}
}

func TestStates(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	when := time.Unix(1e9, 123456700)
	look := func(name string) os.FileInfo {
		fi, err := os.Lstat(name)
		must(t, err)
		return fi
	}
	for _, name := range []string{a, b} {
		must(t, os.WriteFile(name, []byte("text"), 0o600))
		must(t, os.Chtimes(name, when, when))
	}
	was := look(a)
	if State(was) != State(look(b)) {
		t.Error("the states of files of one size and time differ")
	}
	if runtime.GOOS != "windows" && Identity(was) == Identity(look(b)) {
		t.Error("two files are one")
	}
	must(t, os.Rename(a, a+"2"))
	if State(look(a+"2")) != State(was) || Identity(look(a+"2")) != Identity(was) {
		t.Error("a rename changes it")
	}
	must(t, os.Chtimes(b, when, when.Add(100)))
	if State(look(b)) == State(was) {
		t.Error("another time is the same state")
	}
	must(t, os.WriteFile(b, []byte("texts"), 0o600))
	must(t, os.Chtimes(b, when, when))
	if State(look(b)) == State(was) {
		t.Error("another size is the same state")
	}
}

func TestContentIsTheHashOfTheBytes(t *testing.T) {
	text := strings.Repeat("abc", 100_000)
	if got, err := Content(strings.NewReader(text)); err != nil || got != Text(text) || got == Text(text[1:]) {
		t.Errorf("%x, %v", got, err)
	}
	if Key([]byte(text)) != Text(text) || Hash(1, 2) == Hash(2, 1) {
		t.Error("hashes that meet")
	}
}
