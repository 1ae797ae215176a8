package plan

import (
	"cmp"
	"context"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"
)

// grace is how long a walk goes on when its context is done, so that what was
// not begun gets a result.
const grace = 2 * time.Second

// Plan is what a run will do, found as it is asked for.
type Plan struct {
	ctx      context.Context
	cfg      Config
	out      fs.FileInfo                  // the output folder, which is not walked; nil: not there
	seen     *pathSet                     // what was taken; nil: the walk cannot meet a file twice
	decide   func(*Item)                  // what names that meet become; nil: each folder decides for itself
	fated    func(input string) bool      // see batch
	upToDate func(files int, bytes int64) // see PassOver

	counted               bool // a first walk has counted the inputs
	files, bytes, ignored atomic.Int64
	ended, cut            atomic.Bool
}

// Open makes the plan of a run over c.Paths and c.List. Where names of outputs
// can meet across folders, it walks them all to know which do; else it returns
// at once. It fails with ctx's error when that is done before.
//
// When ctx is done later, the walk goes on for two seconds at most; all that it
// still finds is canceled.
func Open(ctx context.Context, c Config) (*Plan, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p, err := newPlan(ctx, c)
	if err != nil || !p.cfg.reachesFar() {
		return p, err
	}
	if p.seen == nil {
		p.seen = newPathSet()
	}
	if err := p.first(); err != nil {
		return nil, err
	}
	return p, nil
}

// newPlan makes a plan that has not looked at anything yet.
func newPlan(ctx context.Context, c Config) (*Plan, error) {
	c.listed = cmp.Or(c.listed, maxListed)
	c = c.withLedger()
	names, err := newNamer(c)
	if err != nil {
		return nil, err
	}
	c.names = &names
	p := &Plan{ctx: ctx, cfg: c}
	if c.Out != "" {
		p.out, _ = os.Stat(c.Out) // not there yet: nothing to leave out
	}
	if c.List != nil || len(c.Paths) > 1 {
		p.seen = newPathSet()
	}
	return p, nil
}

// first walks everything, to hold the names against each other. What comes up
// later is not of this run.
func (p *Plan) first() error {
	var wrong error
	s, err := settle(p.cfg, func() iter.Seq[*Item] {
		w := p.walker()
		w.abort, w.decide = true, func(*Item) {}
		m := maker{ctx: p.ctx, cfg: &p.cfg, stat: !p.counted}
		return func(yield func(*Item) bool) {
			p.seen.begin()
			for list := range m.lists(w.walk) {
				for i := range list {
					p.count(1, list[i].Bytes)
					if list[i].Done == nil && !yield(&list[i]) {
						return
					}
				}
			}
			p.counted, wrong = true, w.err
		}
	})
	if ended := p.ctx.Err(); ended != nil {
		return ended
	}
	if wrong != nil {
		return wrong
	}
	if err != nil {
		return err
	}
	p.decide, p.fated = s.decide, s.fated
	return nil
}

// PassOver lets Items not yield what the journal says is up to date, but tell
// upToDate how many inputs of how many bytes. It is called by several goroutines
// at once, until the loop over Items ends. Not every such input is found this
// way: some are yielded all the same.
func (p *Plan) PassOver(upToDate func(files int, bytes int64)) { p.upToDate = upToDate }

// Items yields every input once, in the order in which it is best worked on: the
// largest of those that are known next. What needs no work has its result, and
// is not held back. It can be looped over once.
func (p *Plan) Items() iter.Seq[Item] { return largestFirst(p.lists()) }

// lists yields all inputs, as the walk finds them.
func (p *Plan) lists() iter.Seq[[]Item] {
	return func(yield func([]Item) bool) {
		w := p.walker()
		w.ignored = &p.ignored
		if p.seen != nil {
			p.seen.begin()
		}
		m := maker{ctx: p.ctx, cfg: &p.cfg, stat: true, look: true, ignored: &p.ignored, upToDate: p.passOver()}
		for list := range m.lists(w.walk) {
			for i := range list {
				p.count(1, list[i].Bytes)
			}
			if !yield(list) {
				return
			}
		}
		p.cut.Store(w.cut)
		p.ended.Store(true)
	}
}

// count adds inputs to the total, unless it is known.
func (p *Plan) count(files int, bytes int64) {
	if !p.counted {
		p.files.Add(int64(files))
		p.bytes.Add(bytes)
	}
}

// passOver is what takes in what is not yielded; nil: everything is.
func (p *Plan) passOver() func(files int, bytes int64) {
	if p.upToDate == nil {
		return nil
	}
	return func(files int, bytes int64) {
		p.count(files, bytes)
		p.upToDate(files, bytes)
	}
}

func (p *Plan) walker() *walker {
	return &walker{ctx: p.ctx, cfg: &p.cfg, out: p.out, seen: p.seen, decide: p.decide, fated: p.fated, ignored: new(atomic.Int64)}
}

// Ignored returns the number of files in walked folders that are not named like
// pictures, hidden, left out by globs or .imgparignore, or outputs of an earlier
// run, so far; complete when Items has ended.
func (p *Plan) Ignored() int { return int(p.ignored.Load()) }

// Total returns the number of inputs and their bytes, those with a result
// included, and whether that is all: when the names had to be held against each
// other first, or the walk has ended. Else it is what was found so far.
func (p *Plan) Total() (files int, bytes int64, known bool) {
	return int(p.files.Load()), p.bytes.Load(), p.counted || p.ended.Load()
}

// Cut tells whether the walk was given up before its end, because the context was
// done: then there are inputs that Items has not yielded.
func (p *Plan) Cut() bool { return p.cut.Load() }

// Count walks as a plan does and returns the number of inputs and their bytes. It
// is for showing how far a run is, looks at no more than names and sizes, and may
// run beside Items. It fails with ctx's error when that is done before it ends.
func Count(ctx context.Context, c Config) (files int, bytes int64, err error) {
	p, err := newPlan(ctx, c)
	if err != nil {
		return 0, 0, err
	}
	if p.seen != nil {
		p.seen.begin()
	}
	w := p.walker()
	w.abort, w.decide = true, func(*Item) {}
	m := maker{ctx: ctx, cfg: &p.cfg, stat: true, nameless: true}
	for list := range m.lists(w.walk) {
		files += len(list)
		for i := range list {
			bytes += list[i].Bytes
		}
	}
	return files, bytes, ctx.Err()
}

// reachesFar tells whether outputs of files in different folders can be one, or
// inputs of others.
func (c *Config) reachesFar() bool {
	if c.List != nil || len(c.Paths) > 1 || !c.names.confined() {
		return true
	}
	for _, path := range c.Paths {
		if c.Out != "" && holds(c.Out, path) {
			return true
		}
	}
	return false
}

// holds tells whether path is below folder or folder itself.
func holds(folder, path string) bool {
	want, err := os.Stat(folder)
	if err != nil {
		return false // not there, so nothing is in it
	}
	if path, err = filepath.Abs(path); err != nil {
		return true // for all that is known
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	for {
		if fi, err := os.Stat(path); err == nil && os.SameFile(fi, want) {
			return true
		}
		up := filepath.Dir(path)
		if up == path {
			return false
		}
		path = up
	}
}
