package plan

import (
	"context"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
)

// Again yields the inputs that stand in folder itself, which is one of those
// walked, once more, for a run that watches it. Where names can meet across
// folders, it walks all of them to know.
func (p *Plan) Again(ctx context.Context, dir string) iter.Seq[Item] {
	return func(yield func(Item) bool) {
		q, err := Open(ctx, p.cfg)
		if err != nil {
			return // ctx is done, or the output folder is an input by now
		}
		dir := filepath.Clean(dir)
		if q.seen != nil {
			q.seen.begin()
		}
		m := maker{ctx: ctx, cfg: &q.cfg, stat: true, look: true}
		for list := range m.lists(func(hand func(batch) bool) { q.only(dir, hand) }) {
			for _, it := range list {
				if filepath.Dir(string(it.Job.Input)) == dir && !yield(it) {
					return
				}
			}
		}
	}
}

// only walks the folder dir, and those beside it whose outputs can meet those of
// its files, but nothing below.
func (p *Plan) only(dir string, hand func(batch) bool) {
	w := p.walker()
	w.hand = hand
	if group := w.find(dir); group != nil {
		w.files(w.parts(group))
	}
}

// find returns the group of a folder; nil: it is not walked.
func (w *walker) find(dir string) []folder {
	for name, err := range w.cfg.roots() {
		if err != nil {
			continue
		}
		root, below := splitRoot(name)
		rel, err := filepath.Rel(root, dir)
		if err != nil || rel != "." && !filepath.IsLocal(rel) {
			continue
		}
		if fi, err := os.Stat(root); err != nil || !fi.IsDir() {
			continue
		}
		group := []folder{w.rootFolder(root, below)}
		if rel == "." {
			return group
		}
		if group = w.descend(group, strings.Split(rel, sep)); group != nil {
			return group
		}
	}
	return nil
}

// descend goes down by names.
func (w *walker) descend(group []folder, names []string) []folder {
	for _, name := range names {
		parts := w.parts(group)
		group = nil
		for _, n := range w.below(parts) {
			g := n.folders(parts)
			for _, f := range g {
				if filepath.Base(f.path) == name {
					group = g
				}
			}
		}
		if group == nil {
			return nil
		}
	}
	return group
}

// parts reads the folders of a group, to the end.
func (w *walker) parts(group []folder) []part {
	quiet := *w
	quiet.ignored, quiet.hand = new(atomic.Int64), func(batch) bool { return true }
	var parts []part
	for _, f := range group {
		p, ok := quiet.read(f)
		if !ok {
			continue
		}
		if p.huge { // which is when the folders in it come to light
			quiet.reread(&p, quiet.ignored, quiet.hand)
		}
		parts = append(parts, p)
	}
	return parts
}
