//go:build linux

package watch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/fsnotify/fsnotify"
)

// full has the system's limit reached for folders whose name begins with "x".
func full(w *Watcher) {
	add := w.tree.add
	w.tree.add = func(path string) error {
		if strings.HasPrefix(filepath.Base(path), "x") {
			return syscall.ENOSPC
		}
		return add(path)
	}
}

// limitText is what is said of the limit, whatever it is on this machine.
var limitText = `the limit of \d+ watches for each user is reached; as root: sysctl (fs\.inotify\.max_user_watches|user\.max_inotify_watches)=NUMBER`

func TestTheLimitAtTheStart(t *testing.T) {
	root := t.TempDir()
	for i := range 5 {
		if err := os.MkdirAll(filepath.Join(root, fmt.Sprint("x", i), "ok"), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	lib, err := fsnotify.NewWatcher()
	if err != nil {
		t.Fatal(err)
	}
	w := build(Config{Folders: []string{root}}, lib)
	full(w)
	w.busy.Go(w.pump)
	err = w.begin(t.Context())
	if cerr := w.Close(); cerr != nil {
		t.Error(cerr)
	}
	var limit *LimitError
	if !errors.As(err, &limit) || limit.Watched != 6 || limit.Unwatched != 5 || len(limit.First) != maxNamed {
		t.Fatalf("%v", err)
	}
	name := regexp.QuoteMeta(root) + `/x\d`
	want := `^only 6 of 11 folders can be watched, not ` + name + `, ` + name + `, ` + name + ` and 2 more: ` + limitText + `$`
	if !regexp.MustCompile(want).MatchString(err.Error()) {
		t.Errorf("%v\nwant %s", err, want)
	}
}

// Later, it is said which folder is not watched; what it holds is reported.
func TestTheLimitIsReachedLater(t *testing.T) {
	w := begun(t, t.TempDir(), full)
	w.mkdir("y")
	for _, name := range []string{"1", "y/2"} {
		w.write(name, "")
	}
	w.sees("1", "y/2")
	// in one go, as a folder that is moved into the tree comes
	outside := filepath.Join(t.TempDir(), "x")
	if err := errors.Join(os.MkdirAll(filepath.Join(outside, "y"), 0o777),
		os.WriteFile(filepath.Join(outside, "3"), nil, 0o666), os.WriteFile(filepath.Join(outside, "y", "4"), nil, 0o666),
		os.Rename(outside, w.path("x"))); err != nil {
		t.Fatal(err)
	}
	w.sees("x/3", "x/y/4")
	w.mu.Lock()
	defer w.mu.Unlock()
	if want := "^x: " + limitText + ": no space left on device$"; len(w.told) != 1 || !regexp.MustCompile(want).MatchString(w.told[0]) {
		t.Errorf("told %q, want %s", w.told, want)
	}
}

func TestFoldersThatCannotBeRead(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root can read all folders")
	}
	w := begun(t, t.TempDir(), nil)
	w.mkdir("closed")
	w.sees()
	if err := os.Chmod(w.path("closed"), 0); err != nil {
		t.Fatal(err)
	}
	w.rename("closed", "a")
	w.sees()
	w.mu.Lock()
	told := strings.Join(w.told, "\n")
	w.mu.Unlock()
	if told != "a: permission denied" {
		t.Errorf("told %q", told)
	}
	if err := os.Chmod(w.path("a"), 0o777); err != nil {
		t.Fatal(err)
	}
	w.write("a/1", "")
	w.sees("a/1")
}
