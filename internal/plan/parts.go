package plan

import (
	"io/fs"
	"iter"
	"slices"
	"strings"
	"sync/atomic"
)

// part is what is in a folder.
type part struct {
	folder
	files   []file
	subs    []string               // names of the folders to walk; of a huge one known when all was handed out
	huge    bool                   // it is read again whenever it is wanted, and files is empty
	broken  error                  // of a huge one: why it could not be read to the end
	hasStem func(stem string) bool // tells whether there is such a picture
}

// files hands out the files of folders whose outputs can meet.
func (w *walker) files(parts []part) {
	total, huge := 0, false
	for i := range parts {
		total += len(parts[i].files)
		huge = huge || parts[i].huge
	}
	decide, fated := w.decide, w.fated
	switch {
	case decide != nil:
	case !huge && total <= maxBatch && len(parts) == 1: // one batch decides for itself
		w.send(batch{files: parts[0].files, in: &parts[0].folder})
		return
	case !huge && total <= maxBatch:
		var all []file
		for i := range parts {
			all = append(all, parts[i].files...)
		}
		w.send(batch{files: all})
		return
	case w.ctx.Err() != nil:
		decide = func(*Item) {} // nothing is going to be written
	default:
		decide, fated = w.settle(parts)
	}
	w.each(parts, w.ignored, func(b batch) bool {
		b.decide, b.fated = decide, fated
		w.send(b)
		return w.goesOn()
	})
}

// settle holds the names of more files than one batch has against each other.
func (w *walker) settle(parts []part) (decide func(*Item), fated func(string) bool) {
	if s := w.settleSimple(parts); s != nil {
		return s.decide, s.fated
	}
	m := maker{ctx: w.ctx, cfg: w.cfg}
	s, err := settle(*w.cfg, func() iter.Seq[*Item] {
		return func(yield func(*Item) bool) {
			for list := range m.lists(w.batches(parts)) {
				for it := range undecided(list) {
					if !yield(it) {
						return
					}
				}
			}
		}
	})
	if err != nil {
		return failed(err), nil
	}
	return s.decide, s.fated
}

// batches yields the files of parts, to look at their names.
func (w *walker) batches(parts []part) iter.Seq[batch] {
	return func(yield func(batch) bool) {
		w.each(parts, new(atomic.Int64), func(b batch) bool {
			b.decide = func(*Item) {}
			return yield(b) && w.goesOn()
		})
	}
}

// each hands out the files of parts, and counts what is ignored. It can be done
// again.
func (w *walker) each(parts []part, ignored *atomic.Int64, hand func(batch) bool) {
	for i := range parts {
		p := &parts[i]
		if p.huge {
			if !w.reread(p, ignored, hand) {
				return
			}
			continue
		}
		for files := range slices.Chunk(p.files, maxBatch) {
			if !hand(batch{files: files, in: &p.folder}) {
				return
			}
		}
	}
}

// reread hands out the files of a huge folder.
func (w *walker) reread(p *part, ignored *atomic.Int64, hand func(batch) bool) (more bool) {
	own := *w
	own.ignored = ignored
	p.subs, more = nil, true
	p.broken = readBatches(p.path, func(list []fs.DirEntry) bool {
		files, subs := own.pick(p, list)
		p.subs = append(p.subs, subs...)
		more = len(files) == 0 || hand(batch{files: files, in: &p.folder})
		return more
	})
	return more
}

// next is folders to walk together: those of one name in the folders of a group,
// or of names that are the same to some systems.
type next []sub

type sub struct {
	parent int // index of its part
	name   string
}

func (n next) folders(parts []part) []folder {
	var g []folder
	for _, b := range n {
		g = append(g, parts[b.parent].child(b.name))
	}
	return g
}

// below returns what is to be walked in parts.
func (w *walker) below(parts []part) []next {
	var all []sub
	for i := range parts {
		for _, name := range parts[i].subs {
			all = append(all, sub{i, name})
		}
		parts[i].files, parts[i].subs, parts[i].hasStem = nil, nil, nil
	}
	slices.SortStableFunc(all, func(a, b sub) int { return strings.Compare(a.name, b.name) })
	var groups []next
	at := map[string]int{}
	for _, b := range all {
		key := ""
		if w.cfg.Out != "" {
			key = fold(b.name)
		}
		i, ok := at[key]
		if ok && key != "" {
			groups[i] = append(groups[i], b)
			continue
		}
		at[key] = len(groups)
		groups = append(groups, next{b})
	}
	return groups
}
