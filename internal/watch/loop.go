package watch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// maxQueued is how many events wait in memory: four times what Linux keeps. If
// more come, they are lost, as when the system's own queue is full.
const maxQueued = 1 << 16

// relistShare is the share of time, one in so many parts, that may go into
// listing everything when events are lost again and again.
const relistShare = 10

// errGone says why a folder is not watched any more.
var errGone = errors.New("it was removed or moved away")

// inbox holds the events until loop has time for them. The library's channels
// must always be read: its own goroutine, waiting for a reader, may hold the
// lock that setting a watch needs.
type inbox struct {
	more chan struct{} // has a value when there is something; capacity 1

	mu     sync.Mutex // guards what follows
	events []fsnotify.Event
	lost   bool // some events
	closed bool
}

// put changes the inbox, and wakes its reader.
func (b *inbox) put(change func()) {
	b.mu.Lock()
	change()
	b.mu.Unlock()
	select {
	case b.more <- struct{}{}:
	default: // it has been told
	}
}

// take empties the inbox.
func (b *inbox) take() (events []fsnotify.Event, lost, closed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	events, lost = b.events, b.lost
	b.events, b.lost = nil, false
	return events, lost, b.closed
}

// pump takes the events from the library until that is closed.
func (w *Watcher) pump() {
	b := &w.inbox
	for events, errs := w.fs.Events, w.fs.Errors; events != nil || errs != nil; {
		select {
		case ev, ok := <-events:
			switch {
			case !ok:
				events = nil
			default:
				b.put(func() {
					if len(b.events) < maxQueued {
						b.events = append(b.events, ev)
					} else {
						b.lost = true
					}
				})
			}
		case err, ok := <-errs:
			switch {
			case !ok:
				errs = nil
			case !harmless(err):
				b.put(func() { b.lost = true })
			}
		}
	}
	b.put(func() { b.closed = true })
}

// loop hears of changes, lets files settle and hands over what is complete. It
// owns the tree.
func (w *Watcher) loop(ctx context.Context) {
	defer close(w.ended)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		if w.tree.watched == 0 {
			w.err = ErrNothingLeft
			return
		}
		out := w.out
		if len(w.settling.ready) == 0 {
			out = nil
		}
		w.set(timer)
		select {
		case <-ctx.Done():
			w.err = fsnotify.ErrClosed
			return
		case <-w.inbox.more:
			events, lost, closed := w.inbox.take()
			if closed {
				w.err = fsnotify.ErrClosed
				return
			}
			for _, ev := range events {
				w.event(ctx, ev)
			}
			if lost && w.relistAt.IsZero() {
				w.relistAt = time.Now().Add(max(w.cfg.Settle, relistShare*w.cost))
			}
		case m := <-w.marks:
			m.ok <- w.touch(filepath.Dir(m.path), filepath.Base(m.path))
		case now := <-timer.C:
			if !w.relistAt.IsZero() && !now.Before(w.relistAt) {
				w.relist(ctx)
			}
			w.settling.pass(time.Now())
		case out <- w.settling.ready:
			w.settling.ready = nil
		}
	}
}

// set has the timer fire when there is something to do.
func (w *Watcher) set(timer *time.Timer) {
	at, waits := w.settling.next()
	if !w.relistAt.IsZero() && (!waits || w.relistAt.Before(at)) {
		at, waits = w.relistAt, true
	}
	if !waits {
		timer.Stop()
		return
	}
	timer.Reset(time.Until(at))
}

// event looks at what an event names.
func (w *Watcher) event(ctx context.Context, ev fsnotify.Event) {
	path := filepath.Clean(ev.Name)
	dir, name := filepath.Dir(path), filepath.Base(path)
	switch {
	case ev.Has(fsnotify.Create): // also of what was there before, by another name
	case ev.Has(fsnotify.Remove), ev.Has(fsnotify.Rename):
		w.gone(path)
		return
	case w.tree.isWatched(path), w.settling.waits(dir, name):
		return
	}
	if w.tree.folders[dir] == nil {
		return // by a name that it has no more
	}
	fi, err := os.Lstat(path)
	switch {
	case err != nil: // gone already
	case !fi.IsDir():
		w.touch(dir, name)
	case dir != path && w.cfg.Enters(path):
		w.tree.drop(path)
		w.tree.enter(ctx, path, w.found)
	}
}

// gone drops what was a folder.
func (w *Watcher) gone(path string) {
	if w.tree.folders[path] == nil {
		return
	}
	w.tree.drop(path)
	if slices.Contains(w.cfg.Folders, path) {
		w.cfg.Unwatched(path, errGone)
	}
}

func (w *Watcher) found(folder, name string) { w.touch(folder, name) }

// touch has a file settle, if it matters. It returns false if its folder is not
// watched.
func (w *Watcher) touch(folder, name string) bool {
	if w.cfg.Wants(name) {
		w.settling.touch(folder, name, time.Now())
	}
	return w.tree.isWatched(folder)
}

// relist begins anew: everything is listed and reported.
func (w *Watcher) relist(ctx context.Context) {
	start := time.Now()
	w.relistAt = time.Time{}
	for _, f := range w.cfg.Folders {
		known := w.tree.folders[f] != nil
		w.tree.drop(f)
		w.tree.enter(ctx, f, w.found)
		if known && w.tree.folders[f] == nil {
			w.cfg.Unwatched(f, errGone)
		}
	}
	w.cost = time.Since(start)
}
