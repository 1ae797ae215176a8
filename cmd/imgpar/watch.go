package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/plan"
	"github.com/imgpar/imgpar/internal/report"
	"github.com/imgpar/imgpar/internal/watch"
)

// checkWatch says what --watch does not go with.
func (f *flags) checkWatch() error {
	switch {
	case !f.watch:
	case f.dryRun:
		return errors.New("--watch and --dry-run exclude each other")
	case f.files0 != "":
		return errors.New("--watch and --files0-from exclude each other: folders are watched")
	case f.place.in && f.journal.off:
		return hintError{errors.New("--watch with --in-place needs the journal: each file that is written would be new"), "leave out --no-journal"}
	}
	return nil
}

// watching is what a run with --watch knows beside its plan.
type watching struct {
	*watch.Watcher
	said announcer
	// young are the inputs that the first pass found and left to the Watcher: they
	// have changed a moment ago, and may still be written to.
	young map[job.Path]plan.Item
	// refused are inputs that the plan has decided, and why, for telling it once.
	refused map[job.Path]string
}

// announcer tells people something, before there is a report and then by it. It is
// safe for concurrent use.
type announcer struct {
	mu  sync.Mutex
	say func(line string)
}

func (a *announcer) tell(line string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.say(line)
}

func (a *announcer) use(say func(line string)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.say = say
}

// openWatch watches the folders among the paths: what comes into them from then on
// is not missed, however long planning and the first pass take. Without --watch it
// returns nil.
func (a *app) openWatch(b *brakes, cfg plan.Config) (*watching, error) {
	if !a.flags.watch {
		return nil, nil
	}
	w := &watching{young: map[job.Path]plan.Item{}, refused: map[job.Path]string{}}
	w.said.use(func(line string) { fmt.Fprintln(a.stderr, "imgpar: "+line) })
	list := folders(cfg.Paths)
	if len(list) == 0 {
		return nil, errors.New("--watch needs a folder among the PATHs")
	}
	var err error
	w.Watcher, err = watch.New(b.gently, watch.Config{
		Folders: list,
		Enters:  cfg.Entering(),
		Wants:   func(name string) bool { return codec.NamesPicture(name) && !strings.HasPrefix(name, ".") },
		Unwatched: func(folder string, err error) {
			w.said.tell(fmt.Sprintf("not watched: %s: %s", report.Printable(folder), job.OneLine(err.Error())))
		},
	})
	switch {
	case b.interrupted():
		if err == nil {
			w.close()
		}
		return nil, statusError(exitInterrupted)
	case err != nil:
		return nil, runError{fmt.Errorf("--watch: %w", err)}
	}
	return w, nil
}

// close ends the watching, if there is one.
func (w *watching) close() {
	if w != nil {
		_ = w.Close() // it was only read
	}
}

// everything works on what is there and, with --watch, on what comes until the
// run is stopped. A file that changes is counted once for each time that there
// was work on it.
func (r *batch) everything(w *watching) error {
	if w == nil {
		return r.work(r.plan.Items())
	}
	w.said.use(r.report.Say)
	defer w.said.use(func(string) {}) // the report ends
	if err := r.work(w.without(r.plan.Items())); err != nil {
		return err
	}
	return r.follow(w)
}

// folders returns the paths that are folders.
func folders(paths []string) []string {
	var list []string
	for _, p := range paths {
		if fi, err := os.Stat(p); err == nil && fi.IsDir() {
			list = append(list, p)
		}
	}
	return list
}

// without leaves out the items that may still be written to: they come later.
func (w *watching) without(items iter.Seq[plan.Item]) iter.Seq[plan.Item] {
	return func(yield func(plan.Item) bool) {
		for it := range items {
			if it.Done == nil && isYoung(it.Job.Input) && w.Mark(string(it.Job.Input)) {
				w.young[it.Job.Input] = it
				continue
			}
			if !yield(it) {
				return
			}
		}
	}
}

func isYoung(name job.Path) bool {
	fi, err := os.Stat(string(name))
	return err == nil && time.Since(fi.ModTime()).Abs() < watch.DefaultSettle
}

// follow works on what comes until the run is stopped. What was left to it and
// has not come by then is canceled.
func (r *batch) follow(w *watching) error {
	if !r.flags.quiet && r.gently.Err() == nil {
		r.report.Say(fmt.Sprintf("watching %s; Ctrl-C ends", folderCount(w.Watched())))
	}
	for {
		changes, err := w.Next(r.gently)
		if err == nil {
			err = r.work(w.fresh(r.gently, r.plan, changes))
		}
		switch {
		case r.gently.Err() != nil:
			return r.work(maps.Values(w.young))
		case err != nil:
			return err
		}
	}
}

// fresh yields the inputs in changed folders that are complete and that there is
// something to do for.
func (w *watching) fresh(ctx context.Context, p *plan.Plan, changes []watch.Change) iter.Seq[plan.Item] {
	return func(yield func(plan.Item) bool) {
		for _, c := range changes {
			for it := range p.Again(ctx, c.Folder) {
				if !c.Complete(filepath.Base(string(it.Job.Input))) {
					continue
				}
				delete(w.young, it.Job.Input)
				if w.wants(it) && !yield(it) {
					return
				}
			}
		}
	}
}

// wants tells whether an input is to be worked on or spoken of: not if all of its
// outputs would be left alone, and of one that cannot be worked on once.
func (w *watching) wants(it plan.Item) bool {
	if it.Done == nil {
		delete(w.refused, it.Job.Input)
		return slices.ContainsFunc(it.Job.Targets(), func(t job.Target) bool { return standing(it.Job, t) == "" })
	}
	if it.Done.Outcome == job.Skipped || w.refused[it.Job.Input] == it.Done.Reason {
		return false
	}
	w.refused[it.Job.Input] = it.Done.Reason
	return true
}

func folderCount(n int) string {
	if n == 1 {
		return "1 folder"
	}
	return fmt.Sprintf("%d folders", n)
}
