package plan

import (
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/cespare/xxhash/v2"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
)

// What a name is to the run.
type role int

const (
	isInput  role = iota
	isBackup      // under which an original is kept, in place
	isOutput
	isNumbered // an input whose name, without its number, is another's output

	roles = iota
)

// claim is a name that an item needs, and that meets another.
type claim struct {
	role   role
	input  string // of the item
	target int    // of an output: its index in namer.targets
	name   string
	made   int      // bytes at its end, see keyer.keys
	keys   []string // by which it meets others
}

// holders are the claims on one key, by their role.
type holders [roles][]*claim

// fate is what becomes of an item whose names meet others.
type fate struct {
	outcome job.Outcome // "": it is run
	reason  string
	renamed map[int]string // outputs by their target
}

// settler decides what becomes of items that would write one file, would write
// over another's input, or over the original that is kept of one.
type settler struct {
	namer  namer
	keyer  *keyer
	names  hashes
	inputs hashes // of all inputs, see isMine
	twice  map[uint64]bool
	claims []*claim // by input, in its order: input, backup, outputs
	meet   map[string]*holders
	taken  map[string]string // keys of outputs that are written, and whose they are
	next   map[string]int    // number to try for a key
	fates  map[string]*fate  // by input
	freed  map[uint64]bool   // names of inputs that are left alone, which their makers may have again

	mu   sync.Mutex      // guards keyer and late, once the items are settled
	late map[string]bool // keys of outputs with a number, and of items that came after the first loop
}

// settle finds out which of the items meet. What decides them sets Done or other
// Outputs. It loops over the items up to twice, and keeps one
// hash for each name, or two below an output folder, and of names that meet their
// text. An item that comes only after that is held against the others when it is
// decided. Decide may be called from several goroutines.
//
// Which items are decided how follows from their inputs and outputs alone, not
// from their order or from what is on the disk.
func settle(c Config, items func() iter.Seq[*Item]) (*settler, error) {
	n, err := c.namer()
	if err != nil {
		return nil, err
	}
	s := newSettler(n)
	s.each(items(), func(_ *Item, c claim, beside, below []byte) {
		if c.role == isInput && s.shifts() {
			s.inputs.add(journal.Made(0, n.cfg.ledger.key(job.Path(c.input))))
		}
		s.names.add(xxhash.Sum64(beside))
		if below != nil {
			s.names.add(xxhash.Sum64(below))
		}
	})
	s.inputs.seal()
	if s.twice = s.names.seal(); len(s.twice) > 0 {
		s.each(items(), s.collect)
		s.resolve()
	}
	return s, nil
}

// newSettler returns one that knows of no name.
func newSettler(n namer) *settler {
	return &settler{namer: n, keyer: newKeyer(), taken: map[string]string{}, next: map[string]int{}, fates: map[string]*fate{}, freed: map[uint64]bool{}, late: map[string]bool{}}
}

// settleAll settles a list of items, which is all there is.
func settleAll(c Config, items []Item) error {
	s, err := settle(c, func() iter.Seq[*Item] { return undecided(items) })
	if err != nil || len(s.fates) == 0 && !s.shifts() {
		return err
	}
	for it := range undecided(items) {
		s.meetPeers(it)
		if f, ok := s.fates[string(it.Job.Input)]; ok {
			s.apply(f, it)
		}
	}
	return nil
}

// shifts tells whether outputs get other numbers when inputs come or go, so that
// one that was made of an input is to be another's.
func (s *settler) shifts() bool {
	return s.namer.cfg.Conflict == RenameConflict && s.namer.cfg.ledger != nil
}

func (s *settler) meetPeers(it *Item) {
	if s.shifts() {
		it.peers = s.isMine
	}
}

// isMine tells whether an output was made of one of the inputs.
func (s *settler) isMine(made uint64) bool { return s.inputs.has(journal.Made(0, made)) }

// each visits the names of all items that are to be run, with their keys.
func (s *settler) each(items iter.Seq[*Item], visit func(it *Item, c claim, beside, below []byte)) {
	for it := range items {
		s.namesOf(it, func(c claim) {
			beside, below := s.keyer.keys(c.name, c.made)
			visit(it, c, beside, below)
		})
	}
}

// namesOf visits the names that an item needs. One that has its result stands
// in nobody's way.
func (s *settler) namesOf(it *Item, visit func(claim)) {
	if it.Done != nil {
		return
	}
	input := string(it.Job.Input)
	visit(claim{role: isInput, input: input, name: input})
	if p := it.Job.InPlace; p != nil && p.Backup != "" {
		visit(claim{role: isBackup, input: input, name: input + p.Backup})
	}
	for k := range s.namer.targets {
		output := string(*s.namer.place(it, k))
		visit(claim{role: isOutput, input: input, target: k, name: output, made: s.namer.made(it, k, output)})
	}
}

// collect keeps a name that meets another, by its hash.
func (s *settler) collect(_ *Item, c claim, beside, below []byte) {
	for _, key := range [][]byte{beside, below} {
		if key != nil && s.twice[xxhash.Sum64(key)] {
			c.keys = append(c.keys, string(key))
		}
	}
	if c.keys != nil {
		s.claims = append(s.claims, &c)
	}
	if plain, ok := withoutNumber(c.name); ok && c.role == isInput && s.namer.numbers() {
		key, _ := s.keyer.keys(plain, 0)
		if s.twice[xxhash.Sum64(key)] {
			s.claims = append(s.claims, &claim{role: isNumbered, input: c.input, name: c.name, keys: []string{string(key)}})
		}
	}
}

// place is where an item has the output of a target.
func (n namer) place(it *Item, k int) *job.Path {
	if !n.cfg.InPlace {
		k--
	}
	if k < 0 {
		return &it.Job.Output
	}
	return &it.Job.Also[k].Output
}

// fated tells whether decide does something to an input, if it is one of those
// that were settled.
func (s *settler) fated(input string) bool {
	_, ok := s.fates[input] // which nothing is added to any more
	return ok
}

// decide gives an item its fate.
func (s *settler) decide(it *Item) {
	if it.Done != nil {
		return
	}
	s.meetPeers(it)
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.fates[string(it.Job.Input)]
	switch {
	case !ok && !s.known(it):
		s.admit(it)
	case ok:
		s.apply(f, it)
	}
}

// apply does to an item what was found for it.
func (s *settler) apply(f *fate, it *Item) {
	if f.reason == reasonEarlier {
		it.Job.Output, it.Job.Also = "", nil
	}
	if f.outcome != "" {
		it.end(f.outcome, f.reason)
		return
	}
	it.Job.Also = slices.Clone(it.Job.Also)
	for k, name := range f.renamed {
		*s.namer.place(it, k) = job.Path(name)
	}
}

// known tells whether the names of an item were there when they were settled.
func (s *settler) known(it *Item) bool {
	known := true
	s.namesOf(it, func(c claim) {
		beside, below := s.keyer.keys(c.name, c.made)
		known = known && s.names.has(xxhash.Sum64(beside)) && (below == nil || s.names.has(xxhash.Sum64(below)))
	})
	return known
}

// admit decides an item that came, or whose outputs got other names, while the
// others were settled.
func (s *settler) admit(it *Item) {
	var mine []string
	s.namesOf(it, func(c claim) {
		beside, below := s.keyer.keys(c.name, c.made)
		if it.Done == nil && !(s.free(beside) && s.free(below)) && c.role != isInput {
			it.fail(fmt.Sprintf("collision: %s, which is another's, and the input has come or changed since the run began", c.name))
		}
		mine = append(mine, string(beside), string(below))
	})
	if it.Done == nil {
		for _, key := range mine {
			s.late[key] = key != ""
		}
	}
}

func (it *Item) fail(reason string) { it.end(job.Failed, reason) }

// end decides the item. A reason may hold names, and those line breaks.
func (it *Item) end(o job.Outcome, reason string) {
	res := it.Job.End(o, job.OneLine(reason))
	it.Done = &res
}
