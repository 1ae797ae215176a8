package plan

import (
	"context"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// maxBatch is how many files are looked at in one go. What is in a folder of no
// more is held against each other there, too.
const maxBatch = 1024

// walker is one walk over the paths of a plan. It reads folders and hands out
// what is in them; what costs time for each file is left to others.
type walker struct {
	ctx     context.Context
	cfg     *Config                 // with its namer
	out     fs.FileInfo             // the output folder, which is not walked; nil: not there
	seen    *pathSet                // nil: nothing can be met twice
	decide  func(*Item)             // nil: each folder decides for itself
	fated   func(input string) bool // see batch
	ignored *atomic.Int64
	abort   bool             // end at once when the context is done
	hand    func(batch) bool // takes a batch; false: no more is wanted
	named   []file           // on the command line, not handed out yet
	stems   stems
	until   time.Time // end of the grace, once the context is done
	cut     bool      // the walk was given up
	err     error     // what makes the whole run senseless
	stop    bool      // no more is wanted
}

// batch is files to look at.
type batch struct {
	files  []file
	decide func(*Item)             // what their names become; nil: hold them against each other only
	fated  func(input string) bool // which decide does something to; nil: for all that is known, any
	in     *folder                 // has all of the files; nil: they were named, or are in several
	done   []Item                  // more, with their results
}

// file is an input to look at.
type file struct {
	path  string
	below int         // where in path that below the root begins
	typ   fs.FileMode // as the folder says
	info  fs.FileInfo // if it is known, or err
	err   error
}

// folder is one that is walked.
type folder struct {
	path   string
	prefix string // of the paths in it
	abs    string // the same as an absolute path, if paths are held against each other
	below  int    // where in prefix that below the root begins
	rules  *rules // of the .imgparignore files in it and above, up to the root
}

// walk hands out everything. It is an iter.Seq.
func (w *walker) walk(hand func(batch) bool) {
	w.hand = hand
	for name, err := range w.cfg.roots() {
		if err != nil {
			w.give(w.cfg.decided(file{path: name}, job.Failed, "unreadable: "+job.Plain(err)))
		} else {
			w.root(name)
		}
		if !w.goesOn() {
			return
		}
	}
	w.flush()
}

// goesOn tells whether there is more to do.
func (w *walker) goesOn() bool {
	if w.stop || w.err != nil {
		return false
	}
	if w.ctx.Err() == nil {
		return true
	}
	if w.until.IsZero() {
		w.until = time.Now().Add(grace)
	}
	w.cut = w.cut || w.abort || time.Now().After(w.until)
	return !w.cut
}

func (w *walker) give(it Item) { w.send(batch{done: []Item{it}}) }

func (w *walker) send(b batch) {
	if len(b.files)+len(b.done) > 0 && !w.stop {
		w.stop = !w.hand(b)
	}
}

// roots are the paths to walk.
func (c *Config) roots() iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, p := range c.Paths {
			if !yield(p, nil) {
				return
			}
		}
		if c.List == nil {
			return
		}
		for name, err := range c.List.Names() {
			if !yield(name, err) {
				return
			}
		}
	}
}

// root takes in one path of the command line.
func (w *walker) root(name string) {
	path, below := splitRoot(name)
	fi, err := os.Stat(path)
	if err == nil && fi.IsDir() {
		if w.out != nil && os.SameFile(fi, w.out) {
			w.err = w.cfg.outIsInput()
			return
		}
		w.flush()
		w.group([]folder{w.rootFolder(path, below)})
		return
	}
	if below < 0 {
		below = len(path) - len(filepath.Base(path))
	}
	if !w.takes(path) {
		return
	}
	f := file{path: path, below: below, info: fi, err: err}
	if err == nil && w.earlier(path, below) {
		w.flush()
		w.give(w.cfg.decided(f, job.Skipped, reasonEarlier))
		return
	}
	if w.named = append(w.named, f); len(w.named) == maxBatch {
		w.flush()
	}
}

// flush hands out the files that were named.
func (w *walker) flush() {
	w.send(batch{files: w.named, decide: w.decide, fated: w.fated})
	w.named = nil
}

func (w *walker) rootFolder(path string, below int) folder {
	f := folder{path: path, prefix: inside(path), below: below}
	if path == "." {
		f.prefix = ""
	}
	if below < 0 {
		f.below = len(f.prefix)
	}
	if w.seen != nil {
		if abs, err := filepath.Abs(path); err == nil {
			f.abs = inside(abs)
		} else {
			f.abs = f.prefix
		}
	}
	return f
}

// inside returns what the paths in a folder begin with.
func inside(path string) string {
	if strings.HasSuffix(path, sep) {
		return path
	}
	return path + sep
}

// child is a folder in f.
func (f folder) child(name string) folder {
	c := folder{path: f.prefix + name, prefix: f.prefix + name + sep, below: f.below, rules: f.rules}
	if f.abs != "" {
		c.abs = f.abs + name + sep
	}
	return c
}

// takes tells whether path is an input of this walk: one that was not taken yet.
func (w *walker) takes(path string) bool {
	if w.seen == nil {
		return true
	}
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return w.seen.take("", path)
}

// group walks folders whose outputs can meet: one folder, or several beside each
// other whose names differ in ways that some systems do not see.
func (w *walker) group(g []folder) {
	parts := make([]part, 0, len(g))
	for _, f := range g {
		if !w.goesOn() {
			return
		}
		if p, ok := w.read(f); ok {
			parts = append(parts, p)
		}
	}
	w.files(parts)
	for _, p := range parts {
		if p.broken != nil {
			w.unreadable(p.folder, p.broken)
		}
	}
	for _, next := range w.below(parts) {
		if !w.goesOn() {
			return
		}
		w.group(next.folders(parts))
	}
}

// read lists a folder; not ok: nothing in it is to be worked on.
func (w *walker) read(f folder) (part, bool) {
	p := part{folder: f}
	list, huge, err := readFolder(f.path, w.cfg.listed)
	if err != nil {
		w.unreadable(f, err)
		// What was listed before the error is worked on all the same.
	}
	if len(list) == 0 {
		return p, false
	}
	if p.rules, err = f.rules.read(f.path, len(f.prefix)); err != nil {
		w.unreadable(f, err)
		return p, false
	}
	p.huge = huge
	if p.hasStem = func(stem string) bool { return hasStem(list, stem) }; huge {
		list = nil
		if p.hasStem, err = w.stemsOf(f.path); err != nil {
			w.unreadable(f, err)
			return p, false
		}
		return p, true
	}
	p.files, p.subs = w.pick(&p, list)
	return p, true
}

// stemsOf tells which pictures are in a huge folder, if it matters.
func (w *walker) stemsOf(path string) (func(string) bool, error) {
	if w.cfg.Out != "" || len(w.cfg.names.targets) == 0 {
		return nil, nil
	}
	return stemsOf(path)
}

// earlier tells whether a file is what an earlier run made of another one.
func (w *walker) earlier(path string, below int) bool {
	root := path[:below]
	return w.cfg.names.earlier(path[below:], func(dir, stem string) bool {
		return w.stems.has(filepath.Clean(root+"."+sep+filepath.FromSlash(dir)), stem)
	})
}

// earlierIn tells the same of a file in a folder.
func (w *walker) earlierIn(p *part, name string) bool {
	if w.cfg.Out != "" || len(w.cfg.names.targets) == 0 {
		return false
	}
	return w.cfg.names.earlier((p.prefix + name)[p.below:], func(dir, stem string) bool {
		from := filepath.Clean(p.prefix[:p.below] + filepath.FromSlash(dir)) // "." of nothing, as p.path has it
		if from == p.path {
			return p.hasStem(stem)
		}
		return w.stems.has(from, stem)
	})
}

// unreadable adds a folder that cannot be walked, once.
func (w *walker) unreadable(f folder, err error) {
	if !w.takes(f.path) {
		return
	}
	it := w.cfg.decided(file{path: f.path, below: min(f.below, len(f.path))}, job.Failed, "unreadable: "+job.Plain(err))
	it.folder = true
	w.give(it)
}

// pick sorts out what is in a folder.
func (w *walker) pick(p *part, list []fs.DirEntry) (files []file, subs []string) {
	for _, e := range list {
		name := e.Name()
		switch {
		case e.IsDir():
			if w.cfg.enters(&p.folder, name) && !w.isOut(p.prefix+name) {
				subs = append(subs, name)
			}
		case !w.cfg.wants(&p.folder, name), w.earlierIn(p, name):
			w.ignored.Add(1)
		case w.seen == nil || w.seen.take(p.abs, name):
			files = append(files, file{path: p.prefix + name, below: p.below, typ: e.Type()})
		}
	}
	return files, subs
}

// isOut tells whether a folder is that of the outputs.
func (w *walker) isOut(path string) bool {
	if w.out == nil {
		return false
	}
	fi, err := os.Stat(path)
	return err == nil && os.SameFile(fi, w.out)
}

// enters tells whether a folder found in a walk is walked, but for the one of the
// outputs.
func (c *Config) enters(f *folder, name string) bool {
	return !hidden(name) && !matches(c.Exclude, f, name) && !f.rules.ignores(f, name, true)
}

// wants tells whether a file found in a walk is an input, by its name.
func (c *Config) wants(f *folder, name string) bool {
	if hidden(name) || !codec.NamesPicture(name) || matches(c.Exclude, f, name) || f.rules.ignores(f, name, false) {
		return false
	}
	return len(c.Include) == 0 || matches(c.Include, f, name)
}

func hidden(name string) bool { return strings.HasPrefix(name, ".") }
