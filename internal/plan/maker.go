package plan

import (
	"context"
	"io/fs"
	"iter"
	"os"
	"sync/atomic"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/scheduler"
)

// maker makes items of batches, several batches at once.
type maker struct {
	ctx      context.Context // done: what is made is canceled
	cfg      *Config
	stat     bool                         // look at every file; else only at what may be none
	look     bool                         // find out what is done already
	nameless bool                         // without outputs
	upToDate func(files int, bytes int64) // takes in what is up to date, which then is no item; nil: it is one
	ignored  *atomic.Int64                // links to folders; nil: are not counted
}

// lists yields the items of each batch, in order.
func (m *maker) lists(batches iter.Seq[batch]) iter.Seq[[]Item] {
	type none = struct{}
	task := scheduler.Task[none, batch, []Item]{
		Run: func(_ context.Context, _ none, b batch) ([]Item, error) { return m.items(b), nil },
	}
	return func(yield func([]Item) bool) {
		// The walk itself watches the context: what it finds is wanted to the end.
		for r := range scheduler.Map(context.WithoutCancel(m.ctx), scheduler.Config[none]{}, batches, task) {
			list := r.Value
			if r.Err != nil {
				list = m.lost(r.Input, job.OneLine(r.Err.Error()))
			}
			if len(list) > 0 && !yield(list) {
				return
			}
		}
	}
}

// lost makes the items of a batch that could not be made.
func (m *maker) lost(b batch, reason string) []Item {
	list := b.done
	for _, f := range b.files {
		list = append(list, m.cfg.decided(f, job.Crashed, reason))
	}
	return list
}

// items makes the items of a batch.
func (m *maker) items(b batch) []Item {
	canceled := ""
	if m.ctx.Err() != nil {
		canceled = context.Cause(m.ctx).Error()
	} else {
		b = m.skim(b)
	}
	list := make([]Item, 0, len(b.files)+len(b.done))
	infos := make([]fs.FileInfo, 0, len(b.files))
	for _, f := range b.files {
		if canceled != "" {
			list = append(list, m.cfg.decided(f, job.Canceled, canceled))
			continue
		}
		if fi, ok := m.item(&list, f); ok {
			infos = append(infos, fi)
		}
	}
	if canceled == "" && !m.nameless {
		m.settle(list, infos, b.decide)
	}
	return append(list, b.done...)
}

// item adds the item of a file, and returns what the system says of it; not ok:
// it is no input.
func (m *maker) item(list *[]Item, f file) (fi fs.FileInfo, ok bool) {
	fi, err := f.info, f.err
	if fi == nil && err == nil && (m.stat || !f.typ.IsRegular()) {
		fi, err = os.Stat(f.path)
	}
	if fi != nil && fi.IsDir() { // a link to a folder is not followed
		if m.ignored != nil {
			m.ignored.Add(1)
		}
		return nil, false
	}
	if fi == nil && err == nil {
		*list = append(*list, m.named(f))
		return nil, true
	}
	if reason := unfit(f.path, fi, err); reason != "" {
		*list = append(*list, m.cfg.decided(f, job.Failed, reason))
		return nil, true
	}
	it := m.named(f)
	it.Bytes = fi.Size()
	*list = append(*list, it)
	return fi, true
}

// named makes the item of a file with its outputs, if they are wanted.
func (m *maker) named(f file) Item {
	it := m.cfg.item(f)
	if !m.nameless {
		m.cfg.names.name(&it)
	}
	return it
}

// settle decides what names that meet become, and then what is done already.
// infos are the files' own.
func (m *maker) settle(list []Item, infos []fs.FileInfo, decide func(*Item)) {
	if decide != nil {
		for it := range undecided(list) {
			decide(it)
		}
	} else if err := settleAll(*m.cfg, list); err != nil {
		for it := range undecided(list) {
			failed(err)(it)
		}
	}
	for i := range list {
		if m.look && list[i].Done == nil {
			m.cfg.look(&list[i], infos[i])
		}
	}
}

// undecided yields the items that have no result.
func undecided(list []Item) iter.Seq[*Item] {
	return func(yield func(*Item) bool) {
		for i := range list {
			if list[i].Done == nil && !yield(&list[i]) {
				return
			}
		}
	}
}

// failed decides that names cannot be held against each other.
func failed(err error) func(*Item) {
	return func(it *Item) { it.fail("collision: " + job.Plain(err)) }
}
