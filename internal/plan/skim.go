package plan

import (
	"bytes"
	"path/filepath"

	"github.com/cespare/xxhash/v2"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
)

// skimmer finds what is up to date among the files of one folder. In a second
// run that is nearly everything, and it takes a few hashes and two looks at the
// disk for each: neither an item nor a name is made. It is a short cut through
// namer, settler and look: what it says is up to date is so by them as well, and
// what it does not know it leaves to them.
type skimmer struct {
	cfg     *Config
	in, out place
	outputs baseNames
}

// place is a folder with inputs or with outputs.
type place struct {
	statFolder
	abs []byte // the absolute form of a name in it, see ledger.key
	at  int    // where in abs the base name begins
}

func (p *place) key(base []byte) uint64 {
	p.abs = append(p.abs[:p.at], base...)
	return journal.Key(p.abs)
}

// skim takes what is up to date from a batch, and counts it.
func (m *maker) skim(b batch) batch {
	if m.upToDate == nil || b.in == nil || b.decide != nil && b.fated == nil || !m.cfg.skims() {
		return b
	}
	s := newSkimmer(m.cfg, b.in)
	if s == nil {
		return b
	}
	defer s.close()
	s.outputs = m.cfg.baseNames(b)
	if b.decide == nil {
		if s.meet(b) {
			return b
		}
		b.decide, b.fated = func(*Item) {}, func(string) bool { return false }
	}
	keys := make([]uint64, len(b.files))
	for i := range keys {
		keys[i] = s.out.key(s.outputs.base(i))
	}
	var left []file
	total := int64(0)
	for i, rec := range m.cfg.Journal.LookupAll(keys) {
		f := b.files[i]
		if size, ok := s.upToDate(b.base(f), i, rec); ok && !b.fated(f.path) {
			total += size
		} else {
			left = append(left, f)
		}
	}
	m.upToDate(len(b.files)-len(left), total)
	b.files = left
	return b
}

// skims tells whether there can be something for a skimmer in this run.
func (c *Config) skims() bool {
	return c.Journal.Len() > 0 && c.ledger != nil && !c.Job.Checksum && !c.Job.Overwrite && c.simple()
}

// newSkimmer opens the folders of inputs and outputs; nil: there is none.
func newSkimmer(c *Config, in *folder) *skimmer {
	output, _ := c.outputLike(in)
	if output == "" {
		return nil
	}
	var err error
	s := &skimmer{cfg: c}
	if s.in, err = c.place(in.path, in.prefix+anyName); err != nil {
		return nil
	}
	if s.out, err = c.place(filepath.Dir(output), output); err != nil {
		s.in.close()
		return nil
	}
	return s
}

// place opens a folder. In it would be a file of anyName.
func (c *Config) place(folder, like string) (p place, err error) {
	p.abs = c.ledger.appendAbs(nil, like)
	p.at = len(p.abs) - len(anyName)
	p.statFolder, err = openStat(folder)
	return p, err
}

func (s *skimmer) close() {
	s.in.close()
	s.out.close()
}

// meet tells whether two names of a batch that is a whole folder may meet: what
// the settler would find, or a hash that is another's by chance.
func (s *skimmer) meet(b batch) bool {
	same := bytes.Equal(s.in.abs[:s.in.at], s.out.abs[:s.out.at])
	hashes := make([]uint64, 0, 2*len(b.files))
	var room [256]byte
	for i, f := range b.files {
		hashes = append(hashes, xxhash.Sum64(appendFold(room[:0], string(s.outputs.base(i)))))
		if same {
			hashes = append(hashes, xxhash.Sum64(appendFold(room[:0], b.base(f))))
		}
	}
	return anyTwice(hashes)
}

// anyTwice tells whether a hash is there twice.
func anyTwice(hashes []uint64) bool {
	size := 1
	for size < 2*len(hashes) {
		size *= 2
	}
	table := make([]uint64, size) // 0 is free
	for _, h := range hashes {
		h = max(h, 1)
		at := h & uint64(size-1)
		for ; table[at] != 0; at = (at + 1) & uint64(size-1) {
			if table[at] == h {
				return true
			}
		}
		table[at] = h
	}
	return false
}

// upToDate tells whether the i-th output, of which the journal has rec, is there
// as it was made of its input, and the size of the input.
func (s *skimmer) upToDate(base string, i int, rec journal.Record) (size int64, ok bool) {
	if rec.Outcome != job.OK {
		return 0, false
	}
	size, state, ok := s.in.stat(base)
	if !ok {
		return 0, false
	}
	input := s.in.key([]byte(base))
	t := job.Target{Pipeline: s.cfg.names.targets[0].pipeline, Format: s.outputs.list[i].format}
	if rec.Digest != digest(request(s.cfg.ledger.terms, input, &t), state) {
		return 0, false
	}
	_, made, ok := s.out.stat(string(s.outputs.base(i)))
	if !ok || journal.Made(made, input) != rec.State {
		return 0, false
	}
	return size, true
}
