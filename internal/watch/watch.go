// Package watch tells when folders have something new, and which of it is
// complete. It knows nothing of what the files are for.
//
// Events of the system say where to look; what is found there decides. A file
// is complete when two looks at it, a settle time apart, find the same size and
// time of change, and its folder is reported then, at most once in a settle
// time. A watch is set before a folder is listed, so that nothing can come
// unseen in between. When events are lost, because more came than the system
// keeps, every folder is listed again, and everything in it is reported.
//
// Not seen is what gives no events: on network file systems what other machines
// write, on Linux also what is written through a shared mapping of memory.
package watch

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// DefaultSettle is how long a file must not have changed to count as complete:
// longer than copying pauses, and the granularity of times on FAT.
const DefaultSettle = 2 * time.Second

// ErrNothingLeft says that all folders are gone.
var ErrNothingLeft = errors.New("no folder is left to watch")

// Config says what to watch.
type Config struct {
	// Folders are watched with all below them.
	Folders []string
	// Enters tells whether a folder found below those is watched; nil: all are.
	// A link is no folder.
	Enters func(folder string) bool
	// Wants tells whether a file matters, by its base name; nil: all do.
	Wants func(name string) bool
	// Settle is the settle time; 0: DefaultSettle.
	Settle time.Duration
	// Unwatched is told of folders that are not watched, or no longer, and of the
	// reason. What such a folder holds when it is found is reported all the same.
	// It is called by New and by a goroutine of the Watcher; nil: nobody is told.
	Unwatched func(folder string, err error)
}

// Change is a folder that has something new.
type Change struct {
	Folder string // as Config.Folders has it, cleaned, or below one of those
	names  map[string]bool
}

// Complete tells whether the file with that base name is new or has changed,
// and is complete.
func (c Change) Complete(name string) bool { return c.names[name] }

// Watcher watches folders. Its methods are safe for concurrent use.
type Watcher struct {
	cfg     Config
	fs      *fsnotify.Watcher
	inbox   inbox
	watched int // folders, when New returned

	out    chan map[string]map[string]bool // of loop: folders and names, complete
	marks  chan mark
	cancel context.CancelFunc // ends loop
	ended  chan struct{}      // closed by loop; err is set then
	err    error
	busy   sync.WaitGroup // loop and pump

	tree     tree     // from here on loop's own
	settling settling //
	relistAt time.Time
	cost     time.Duration // of the last listing of everything
}

// mark is a wish of Mark.
type mark struct {
	path string
	ok   chan bool
}

// New sets the watches. When it returns, nothing that is written from then on
// is missed, and what was there before is not reported. Close ends it.
func New(ctx context.Context, cfg Config) (*Watcher, error) {
	fs, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, explainInstances(err)
	}
	w := build(cfg, fs)
	w.busy.Go(w.pump)
	if err := w.begin(ctx); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// build makes a Watcher that does nothing yet.
func build(cfg Config, fs *fsnotify.Watcher) *Watcher {
	if cfg.Settle <= 0 {
		cfg.Settle = DefaultSettle
	}
	if cfg.Enters == nil {
		cfg.Enters = func(string) bool { return true }
	}
	if cfg.Wants == nil {
		cfg.Wants = func(string) bool { return true }
	}
	if cfg.Unwatched == nil {
		cfg.Unwatched = func(string, error) {}
	}
	cfg.Folders = slices.Clone(cfg.Folders)
	for i, f := range cfg.Folders {
		cfg.Folders[i] = filepath.Clean(f)
	}
	w := &Watcher{
		cfg: cfg, fs: fs, inbox: inbox{more: make(chan struct{}, 1)},
		out: make(chan map[string]map[string]bool), marks: make(chan mark),
		ended: make(chan struct{}), cancel: func() {},
		settling: settling{settle: cfg.Settle, look: lookAt},
	}
	w.tree = tree{enters: cfg.Enters, add: fs.Add, remove: fs.Remove, unwatched: cfg.Unwatched}
	return w
}

// begin watches the folders and starts loop.
func (w *Watcher) begin(ctx context.Context) error {
	var limit LimitError
	w.tree.unwatched = func(folder string, err error) {
		if !limit.add(folder, err) {
			w.cfg.Unwatched(folder, err)
		}
	}
	for _, f := range w.cfg.Folders {
		if fi, err := os.Stat(f); err != nil {
			return err
		} else if !fi.IsDir() {
			return fmt.Errorf("watch %s: not a folder", f)
		}
		w.tree.enter(ctx, f, nil)
	}
	w.tree.unwatched = w.cfg.Unwatched
	w.watched = w.tree.watched
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case limit.Unwatched > 0:
		limit.Watched = w.watched
		return &limit
	case w.watched == 0:
		return ErrNothingLeft
	}
	live, cancel := context.WithCancel(context.Background())
	w.cancel = cancel
	w.busy.Go(func() { w.loop(live) })
	return nil
}

// Watched returns how many folders New began to watch.
func (w *Watcher) Watched() int { return w.watched }

// Mark has a file reported when it is complete, as if an event had named it. It
// returns false if its folder is not watched.
func (w *Watcher) Mark(path string) bool {
	m := mark{filepath.Clean(path), make(chan bool, 1)}
	select {
	case w.marks <- m:
		return <-m.ok
	case <-w.ended:
		return false
	}
}

// Next waits until a folder has files that are complete and were not reported
// before, and returns all such folders, sorted. Its errors are ctx's,
// ErrNothingLeft, and those after which nothing can be watched.
func (w *Watcher) Next(ctx context.Context) ([]Change, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case ready := <-w.out:
		changes := make([]Change, 0, len(ready))
		for _, folder := range slices.Sorted(maps.Keys(ready)) {
			changes = append(changes, Change{folder, ready[folder]})
		}
		return changes, nil
	case <-w.ended:
		return nil, w.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Close ends the watching. Next must not be called any more.
func (w *Watcher) Close() error {
	w.cancel()
	err := w.fs.Close()
	w.busy.Wait()
	return err
}
