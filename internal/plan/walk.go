package plan

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// walker collects the items of a plan.
type walker struct {
	ctx   context.Context
	cfg   Config
	names namer
	out   fs.FileInfo     // the output folder, which is not walked; nil: not there
	seen  map[string]bool // absolute paths of what has an item: nothing has two
	plan  Plan
}

// root takes in one path of the command line.
func (w *walker) root(path string) error {
	fi, err := os.Stat(path)
	if err == nil && fi.IsDir() {
		return w.folder(path, "")
	}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	path = filepath.Clean(path)
	base := filepath.Base(path)
	earlier := func(dir, stem string) bool {
		return pictureWithStem(filepath.Join(filepath.Dir(path), filepath.FromSlash(dir)), stem)
	}
	switch {
	case w.again(path):
	case err == nil && w.names.earlier(base, earlier):
		w.decide(path, base, job.Skipped, reasonEarlier)
	default:
		w.file(path, base, fi, err)
	}
	return nil
}

// folder walks dir, which stands at rel below its root.
func (w *walker) folder(dir, rel string) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	list, err := os.ReadDir(dir)
	if err != nil && !w.again(dir) {
		w.decide(dir, rel, job.Failed, "unreadable: "+job.Plain(err))
		// What was listed before the error is worked on all the same.
	}
	stems := pictureStems(list)
	made := func(from, stem string) bool {
		if from = filepath.FromSlash(from); from == rel {
			return stems[stem]
		}
		return pictureWithStem(filepath.Join(strings.TrimSuffix(dir, rel), from), stem)
	}
	for _, e := range list {
		path, below := filepath.Join(dir, e.Name()), filepath.Join(rel, e.Name())
		switch {
		case e.IsDir():
			if w.enters(path, below, e.Name()) {
				if err := w.folder(path, below); err != nil {
					return err
				}
			}
		case !w.wants(below, e.Name()), w.names.earlier(below, made):
			w.plan.ignored++
		default:
			fi, err := os.Stat(path)
			switch {
			case err == nil && fi.IsDir():
				w.plan.ignored++ // a link to a folder is not followed
			case !w.again(path):
				w.file(path, below, fi, err)
			}
		}
	}
	return nil
}

// enters tells whether a folder is walked.
func (w *walker) enters(path, rel, name string) bool {
	if hidden(name) || matches(w.cfg.Exclude, rel, name) {
		return false
	}
	if w.out == nil {
		return true
	}
	fi, err := os.Stat(path)
	return err != nil || !os.SameFile(fi, w.out)
}

// wants tells whether a file found in a walk is an input, by its name.
func (w *walker) wants(rel, name string) bool {
	if !codec.NamesPicture(name) || hidden(name) || matches(w.cfg.Exclude, rel, name) {
		return false
	}
	return len(w.cfg.Include) == 0 || matches(w.cfg.Include, rel, name)
}

func hidden(name string) bool { return strings.HasPrefix(name, ".") }

// matches tells whether a glob fits: those with a slash the whole path below
// the root, others the base name.
func matches(globs []string, rel, name string) bool {
	for _, g := range globs {
		subject := name
		if strings.Contains(g, "/") {
			subject = filepath.ToSlash(rel)
		}
		if doublestar.MatchUnvalidated(g, subject) {
			return true
		}
	}
	return false
}

// pictureStems returns the stems of the names in a folder that are like
// pictures'.
func pictureStems(list []fs.DirEntry) map[string]bool {
	stems := make(map[string]bool, len(list))
	for _, e := range list {
		if _, ok := codec.FromName(e.Name()); ok {
			stems[strings.TrimSuffix(e.Name(), filepath.Ext(e.Name()))] = true
		}
	}
	return stems
}

func pictureWithStem(dir, stem string) bool {
	list, err := os.ReadDir(dir)
	return err == nil && pictureStems(list)[stem]
}

// again tells whether a path was seen before.
func (w *walker) again(path string) bool {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	seen := w.seen[path]
	w.seen[path] = true
	return seen
}

// file adds an input with what os.Stat said of it.
func (w *walker) file(path, rel string, fi fs.FileInfo, err error) {
	if err != nil {
		w.decide(path, rel, job.Failed, w.missing(path, err))
		return
	}
	if !fi.Mode().IsRegular() {
		w.decide(path, rel, job.Failed, "unsupported: "+describe(fi.Mode())+", not a file")
		return
	}
	it := w.item(path, rel)
	it.Bytes = fi.Size()
	w.names.name(&it)
	w.plan.items = append(w.plan.items, it)
}

// missing says why a path cannot be looked at.
func (w *walker) missing(path string, err error) string {
	if target, lerr := os.Readlink(path); lerr == nil && errors.Is(err, fs.ErrNotExist) {
		return fmt.Sprintf("unreadable: a dangling link to %s", target)
	}
	return "unreadable: " + job.Plain(err)
}

func (w *walker) item(path, rel string) Item {
	it := Item{Job: w.cfg.Job, below: len(path) - len(rel)}
	it.Job.Input = job.Path(path)
	return it
}

// decide adds an input whose result is known.
func (w *walker) decide(path, rel string, o job.Outcome, reason string) {
	it := w.item(path, rel)
	it.end(o, reason)
	w.plan.items = append(w.plan.items, it)
}
