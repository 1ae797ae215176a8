package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// settle is the settle time of the tests; nothing in them depends on it.
const settle = 50 * time.Millisecond

// deadline is far more than anything here takes.
const deadline = time.Minute

// watched is a Watcher of a folder with what was reported so far.
type watched struct {
	*Watcher
	t    *testing.T
	root string
	got  map[string]int // how often a file was reported, by its path below root

	mu   sync.Mutex
	told []string // by Unwatched, guarded by mu
}

// begun watches a folder. Hidden names do not count. The function may change
// the Watcher before it works.
func begun(t *testing.T, root string, change func(*Watcher)) *watched {
	t.Helper()
	lib, err := fsnotify.NewWatcher()
	if err != nil {
		t.Fatal(err)
	}
	w := &watched{t: t, root: root, got: map[string]int{}}
	shown := func(path string) bool { return !strings.HasPrefix(filepath.Base(path), ".") }
	w.Watcher = build(Config{Folders: []string{root}, Settle: settle, Enters: shown, Wants: shown,
		Unwatched: func(folder string, err error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.told = append(w.told, w.rel(folder)+": "+err.Error())
		}}, lib)
	if change != nil {
		change(w.Watcher)
	}
	w.busy.Go(w.pump)
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := w.begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *watched) rel(path string) string {
	rel, err := filepath.Rel(w.root, path)
	if err != nil {
		w.t.Error(err)
	}
	return filepath.ToSlash(rel)
}

// path returns the name of a file below root.
func (w *watched) path(rel string) string { return filepath.Join(w.root, filepath.FromSlash(rel)) }

func (w *watched) write(rel, text string) {
	w.t.Helper()
	if err := os.WriteFile(w.path(rel), []byte(text), 0o666); err != nil {
		w.t.Fatal(err)
	}
}

func (w *watched) mkdir(rel string) {
	w.t.Helper()
	if err := os.MkdirAll(w.path(rel), 0o777); err != nil {
		w.t.Fatal(err)
	}
}

func (w *watched) rename(from, to string) {
	w.t.Helper()
	if err := os.Rename(w.path(from), w.path(to)); err != nil {
		w.t.Fatal(err)
	}
}

// next takes the next report.
func (w *watched) next() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), deadline)
	defer cancel()
	changes, err := w.Next(ctx)
	if err != nil {
		w.t.Fatalf("after %v: %v", w.got, err)
	}
	for _, c := range changes {
		if len(c.names) == 0 {
			w.t.Errorf("%s is reported without files", c.Folder)
		}
		for name := range c.names {
			w.got[w.rel(filepath.Join(c.Folder, name))]++
		}
	}
}

// sees waits until a file is reported that is written now, last of all, and
// holds everything that was reported since the last time against want.
func (w *watched) sees(want ...string) {
	w.t.Helper()
	w.write("last", time.Now().String())
	want = append(want, "last")
	for seen := false; !seen; {
		w.next()
		seen = true
		for _, name := range want {
			seen = seen && w.got[name] > 0
		}
	}
	got := slices.Sorted(maps.Keys(w.got))
	slices.Sort(want)
	if !slices.Equal(got, want) {
		w.t.Errorf("reported: %q\nwant: %q", got, want)
	}
	clear(w.got)
}

func TestWhatIsThereIsNotNew(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "old"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	w := begun(t, root, nil)
	w.write("new", "")
	w.write(".hidden", "")
	w.sees("new")
	w.write("old", "changed")
	w.sees("old")
	if err := os.Remove(w.path("old")); err != nil {
		t.Fatal(err)
	}
	w.write("gone", "")
	if err := os.Remove(w.path("gone")); err != nil {
		t.Fatal(err)
	}
	w.sees()
	// as rsync and careful programs write
	w.write(".new.tmp", "new")
	w.rename(".new.tmp", "new")
	w.sees("new")
}

// The file grows each time that it is looked at, up to a size; then it is
// complete, and not before.
func TestASlowWriterIsReportedOnce(t *testing.T) {
	const whole = 6
	w := begun(t, t.TempDir(), func(w *Watcher) {
		w.settling.look = func(path string) (state, bool) {
			st, ok := lookAt(path)
			if ok && filepath.Base(path) == "slow" && st.size < whole {
				f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
				if err != nil {
					t.Error(err)
					return st, ok
				}
				_, err = f.WriteString("x")
				if err := errors.Join(err, f.Close()); err != nil {
					t.Error(err)
				}
			}
			return st, ok
		}
	})
	w.write("slow", "")
	w.write("fast", "")
	for w.got["slow"] == 0 {
		w.next()
	}
	if fi, err := os.Stat(w.path("slow")); err != nil || fi.Size() != whole {
		t.Errorf("reported with %d bytes (%v), want %d", fi.Size(), err, whole)
	}
	w.sees("slow", "fast")
}

func TestNewFolders(t *testing.T) {
	w := begun(t, t.TempDir(), nil)
	w.mkdir("a/b/c")
	w.write("a/b/c/1", "")
	w.mkdir("a/.hidden")
	w.write("a/.hidden/2", "")
	w.sees("a/b/c/1")
	w.write("a/b/c/2", "")
	w.mkdir("a/b/c/d")
	w.write("a/b/c/d/3", "")
	w.sees("a/b/c/2", "a/b/c/d/3")
}

// A folder keeps its watch when it is moved, with the name that it had. What is
// below it, too.
func TestFoldersAreMoved(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "outside")
	w := begun(t, t.TempDir(), nil)
	w.mkdir("a/b")
	w.write("a/b/1", "")
	w.sees("a/b/1")

	w.rename("a", "c") // within the tree
	w.write("c/b/2", "")
	w.sees("c/b/1", "c/b/2")
	w.write("c/b/3", "")
	w.sees("c/b/3")

	if err := os.Rename(w.path("c"), outside); err != nil {
		t.Fatal(err)
	}
	w.sees()
	if err := os.WriteFile(filepath.Join(outside, "b", "not seen"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	w.sees()

	if err := os.Rename(outside, w.path("a")); err != nil { // and back
		t.Fatal(err)
	}
	w.sees("a/b/1", "a/b/2", "a/b/3", "a/b/not seen")
	w.write("a/b/4", "")
	w.sees("a/b/4")

	w.rename("a", "d")
	w.mkdir("a/b") // another of that name
	w.write("a/b/5", "")
	w.write("d/b/6", "")
	w.sees("a/b/5", "d/b/1", "d/b/2", "d/b/3", "d/b/4", "d/b/6", "d/b/not seen")
	w.write("a/b/7", "")
	w.write("d/b/8", "")
	w.sees("a/b/7", "d/b/8")
}

// The folder is moved while New goes through the tree: behind the watch of its
// old name, before the one of its new parent.
func TestAFolderIsMovedDuringTheFirstListing(t *testing.T) {
	root := t.TempDir()
	w := begun(t, root, func(w *Watcher) {
		for _, dir := range []string{"a", "z"} {
			if err := os.Mkdir(filepath.Join(root, dir), 0o777); err != nil {
				t.Fatal(err)
			}
		}
		add := w.tree.add
		w.tree.add = func(path string) error {
			if filepath.Base(path) == "z" && w.tree.isWatched(filepath.Join(root, "a")) {
				if err := os.Rename(filepath.Join(root, "a"), filepath.Join(root, "z", "a")); err != nil {
					t.Error(err)
				}
			}
			return add(path)
		}
		// Folders are listed in the order of the disk; a is to be the first.
		w.tree.enters = func(path string) bool {
			if filepath.Base(path) == "z" {
				w.tree.enter(t.Context(), filepath.Join(root, "a"), nil)
			}
			return true
		}
	})
	w.write("z/a/1", "")
	w.sees("z/a/1")
	w.write("z/a/2", "")
	w.sees("z/a/2")
}

func TestManyFiles(t *testing.T) {
	w := begun(t, t.TempDir(), nil)
	var want []string
	for d := range 4 {
		w.mkdir(fmt.Sprint("d", d))
		for i := range 500 {
			name := fmt.Sprintf("d%d/%d", d, i)
			w.write(name, name)
			want = append(want, name)
		}
	}
	w.sees(want...)
}

// Folders that come and go as fast as can be leave nothing behind: neither a
// lock that two wait for nor folders that are not there.
func TestFoldersComeAndGo(t *testing.T) {
	w := begun(t, t.TempDir(), nil)
	for i := range 300 {
		w.mkdir("a/b")
		w.rename("a", "c")
		if i%3 == 0 {
			w.write("c/b/file", "")
		}
		if err := os.RemoveAll(w.path("c")); err != nil {
			t.Fatal(err)
		}
	}
	w.mkdir("a/b")
	w.write("a/b/1", "")
	w.sees("a/b/1")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var left []string
	for path := range w.tree.folders {
		left = append(left, w.rel(path))
	}
	slices.Sort(left)
	if want := []string{".", "a", "a/b"}; !slices.Equal(left, want) || w.tree.watched != 3 || len(w.tree.byID) > 3 {
		t.Errorf("watched: %d, %q, want %q", w.tree.watched, left, want)
	}
}

// After lost events everything is reported, and folders are watched that nobody
// told of.
func TestLostEvents(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"1", "a/2", "a/.3"} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, nil, 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{fsnotify.ErrEventOverflow, errors.New("read: input/output error")} {
		w := begun(t, root, nil)
		w.fs.Errors <- err
		for w.got["a/2"] == 0 {
			w.next()
		}
		w.write("a/2", err.Error())
		w.sees("1", "a/2")
	}
}

// The inbox has an end, and what does not go into it counts as lost.
func TestTheInboxIsBounded(t *testing.T) {
	w := build(Config{}, &fsnotify.Watcher{Events: make(chan fsnotify.Event), Errors: make(chan error)})
	w.busy.Go(w.pump)
	for range maxQueued + 10 {
		w.fs.Events <- fsnotify.Event{Name: "a", Op: fsnotify.Write}
	}
	close(w.fs.Events)
	close(w.fs.Errors)
	w.busy.Wait()
	if events, lost, closed := w.inbox.take(); len(events) != maxQueued || !lost || !closed {
		t.Errorf("%d events, lost: %v, closed: %v", len(events), lost, closed)
	}
}

func TestRootsThatGo(t *testing.T) {
	w := begun(t, t.TempDir(), nil)
	w.mkdir("a")
	w.write("a/1", "")
	w.sees("a/1")
	if err := os.RemoveAll(w.root); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Next(t.Context()); !errors.Is(err, ErrNothingLeft) {
		t.Errorf("%v, want %v", err, ErrNothingLeft)
	}
	if want := []string{".: " + errGone.Error()}; !slices.Equal(w.told, want) {
		t.Errorf("told %q, want %q", w.told, want)
	}
	if w.Mark(w.path("a/1")) {
		t.Error("a file can be marked in a folder that is gone")
	}
}

func TestMark(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "old"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	w := begun(t, root, nil)
	if !w.Mark(w.path("old")) || !w.Mark(w.path("nothing")) || w.Mark(filepath.Join(t.TempDir(), "elsewhere")) {
		t.Error("a folder is watched if it is not, or not if it is")
	}
	w.sees("old")
}

func TestNextEndsWithItsContext(t *testing.T) {
	w := begun(t, t.TempDir(), nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	if _, err := w.Next(t.Context()); !errors.Is(err, fsnotify.ErrClosed) {
		t.Errorf("%v", err)
	}
}

func TestNewRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := New(t.Context(), Config{Folders: []string{file + "x"}}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
	if _, err := New(t.Context(), Config{Folders: []string{file}}); err == nil || !strings.HasSuffix(err.Error(), "file: not a folder") {
		t.Errorf("a file: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New(ctx, Config{Folders: []string{t.TempDir()}}); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
	w, err := New(t.Context(), Config{Folders: []string{filepath.Dir(file), filepath.Dir(file) + "/."}})
	if err != nil || w.Watched() != 1 {
		t.Errorf("a folder by two names: %d watched, %v", w.Watched(), err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}
