package plan

import (
	"cmp"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/cespare/xxhash/v2"

	"github.com/imgpar/imgpar/internal/job"
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

// settle finds out which of the items meet, and returns what decides them: it
// sets Done or other Outputs. It loops over the items up to twice, and keeps one
// hash for each name, or two below an output folder, and of names that meet their
// text. An item that comes only after that is held against the others when it is
// decided. Decide may be called from several goroutines.
//
// Which items are decided how follows from their inputs and outputs alone, not
// from their order or from what is on the disk.
func settle(c Config, items func() iter.Seq[*Item]) (decide func(*Item), err error) {
	s, err := newSettler(c, items)
	if err != nil {
		return nil, err
	}
	return s.decide, nil
}

// newSettler settles items.
func newSettler(c Config, items func() iter.Seq[*Item]) (*settler, error) {
	n, err := c.namer()
	if err != nil {
		return nil, err
	}
	s := &settler{namer: n, keyer: newKeyer(), taken: map[string]string{}, next: map[string]int{}, fates: map[string]*fate{}, freed: map[uint64]bool{}, late: map[string]bool{}}
	s.each(items(), func(_ *Item, _ claim, beside, below []byte) {
		s.names.add(xxhash.Sum64(beside))
		if below != nil {
			s.names.add(xxhash.Sum64(below))
		}
	})
	if s.twice = s.names.seal(); len(s.twice) > 0 {
		s.each(items(), s.collect)
		s.resolve()
	}
	return s, nil
}

// settleAll settles a list of items, which is all there is.
func settleAll(c Config, items []Item) error {
	s, err := newSettler(c, func() iter.Seq[*Item] { return undecided(items) })
	if err != nil || len(s.fates) == 0 {
		return err
	}
	for it := range undecided(items) {
		if f, ok := s.fates[string(it.Job.Input)]; ok {
			s.apply(f, it)
		}
	}
	return nil
}

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

// resolve finds the fate of each item with names that were collected, in the
// order of their inputs.
func (s *settler) resolve() {
	slices.SortFunc(s.claims, func(a, b *claim) int {
		return cmp.Or(strings.Compare(a.input, b.input), cmp.Compare(a.role, b.role), cmp.Compare(a.target, b.target))
	})
	s.index()
	if s.leaveEarlier() {
		s.index()
	}
	for len(s.claims) > 0 {
		n := 1
		for n < len(s.claims) && s.claims[n].input == s.claims[0].input {
			n++
		}
		s.resolveItem(s.claims[:n])
		s.claims = s.claims[n:]
	}
	s.meet, s.taken, s.next = nil, nil, nil
}

// index notes who has which key.
func (s *settler) index() {
	s.meet = map[string]*holders{}
	for _, c := range s.claims {
		for _, key := range c.keys {
			if s.meet[key] == nil {
				s.meet[key] = &holders{}
			}
			s.meet[key][c.role] = append(s.meet[key][c.role], c)
		}
	}
}

// leaveEarlier skips the inputs that are what an earlier run made of others, by
// names that do not say in which folder those are: only here all are known. Their
// own outputs are nobody's concern then.
func (s *settler) leaveEarlier() bool {
	for _, c := range s.claims {
		if c.role != isOutput || !s.namer.scatters(c.target) {
			continue
		}
		for _, key := range c.keys {
			h := s.meet[key]
			for _, other := range h[isInput] {
				s.leave(other, c)
			}
			if len(h[isOutput]) > 1 {
				for _, other := range h[isNumbered] {
					s.leave(other, c)
				}
			}
		}
	}
	s.claims = slices.DeleteFunc(s.claims, func(c *claim) bool { return s.fates[c.input] != nil })
	return len(s.fates) > 0
}

// leave skips an input that was made of another one with the stem in its name.
func (s *settler) leave(made, of *claim) {
	if stemOf(made.input) == stemOf(of.input) {
		return
	}
	s.fates[made.input] = &fate{outcome: job.Skipped, reason: reasonEarlier}
	beside, _ := s.keyer.keys(made.input, 0)
	s.freed[xxhash.Sum64(beside)] = true
}

// numbers tells whether outputs that stand in the walked folders may have a number,
// and names that do not tell from where they come.
func (n namer) numbers() bool {
	for k := range n.targets {
		if n.cfg.Conflict == RenameConflict && n.scatters(k) {
			return true
		}
	}
	return false
}

// reasonEarlier is the reason of an input that is left alone.
const reasonEarlier = "an output of an earlier run, by its name"

// scatters tells whether the outputs of a target stand in the walked folders, and
// their names tell the stems of their inputs but not the folders.
func (n namer) scatters(k int) bool {
	t := n.targets[k].template
	return n.cfg.Out == "" && t.has("stem") && !t.has("dir")
}

func stemOf(input string) string { return fieldsOf(filepath.ToSlash(input)).Stem }

// other returns the first that meets c and is of a role, or nil.
func (s *settler) other(c *claim, r role) *claim {
	for _, key := range c.keys {
		for _, o := range s.meet[key][r] {
			if o != c {
				return o
			}
		}
	}
	return nil
}

// resolveItem finds the fate of an item by those of its names that meet others.
func (s *settler) resolveItem(names []*claim) {
	f := &fate{renamed: map[int]string{}}
	for _, c := range names {
		switch {
		case c.role == isInput, c.role == isNumbered:
		case c.role == isBackup:
			if s.other(c, isInput) != nil {
				f.end(job.Failed, "collision: the original would be kept as %s, which is another input", c.name)
			}
		case s.namer.cfg.Conflict == RenameConflict:
			s.rename(c, f)
		default:
			s.refuse(c, names, f)
		}
	}
	if f.outcome == "" {
		for _, c := range names {
			if c.role == isOutput {
				s.take(c)
			}
		}
	}
	if f.outcome != "" || len(f.renamed) > 0 {
		s.fates[names[0].input] = f
	}
}

// end decides; what was found first stays, but for a failure.
func (f *fate) end(o job.Outcome, reason string, args ...any) {
	if f.outcome == "" || f.outcome == job.Skipped && o == job.Failed {
		f.outcome, f.reason = o, fmt.Sprintf(reason, args...)
	}
}

// take notes that an output is written.
func (s *settler) take(c *claim) {
	for _, key := range c.keys {
		if _, ok := s.taken[key]; !ok {
			s.taken[key] = c.input
		}
	}
}

// owner returns the input whose output, written already, meets c.
func (s *settler) owner(c *claim) (string, bool) {
	for _, key := range c.keys {
		if input, ok := s.taken[key]; ok {
			return input, true
		}
	}
	return "", false
}

// refuse decides an item for an output that meets another name, where it is not
// given another.
func (s *settler) refuse(c *claim, names []*claim, f *fate) {
	fails := s.namer.cfg.Conflict != SkipConflict
	input, backup, output := s.other(c, isInput), s.other(c, isBackup), s.other(c, isOutput)
	switch {
	case slices.ContainsFunc(names, c.meets):
		f.end(job.Failed, "collision: two of its outputs would be %s", c.name)
	case fails && output != nil:
		f.end(job.Failed, "collision: %s would write %s, too", output.input, output.name)
	case input != nil && input.input == c.input:
		f.end(job.Failed, "collision: the output is the input itself")
	case input != nil:
		f.end(job.Failed, "collision: the output %s is another input", c.name)
	case backup != nil:
		f.end(job.Failed, "collision: the output %s is where the original of %s would be kept", c.name, backup.input)
	}
	if by, ok := s.owner(c); ok && !fails {
		f.end(job.Skipped, "collision: %s is written from %s", c.name, by)
	}
}

// meets tells whether c and o are two outputs with a key in common.
func (c *claim) meets(o *claim) bool {
	return o != c && o.role == isOutput && slices.ContainsFunc(o.keys, func(key string) bool { return slices.Contains(c.keys, key) })
}

// rename gives an output a number, if its name is not free.
func (s *settler) rename(c *claim, f *fate) {
	_, taken := s.owner(c)
	if !taken && s.other(c, isInput) == nil && s.other(c, isBackup) == nil {
		s.take(c)
		return
	}
	last := c.keys[len(c.keys)-1]
	for number := max(2, s.next[last]); ; number++ {
		name := numbered(c.name, number)
		made := c.made + len(name) - len(c.name)
		beside, below := s.keyer.keys(name, made)
		if !s.free(beside) || !s.free(below) {
			continue
		}
		s.late[string(beside)], s.late[string(below)] = true, below != nil
		s.next[last] = number + 1
		f.renamed[c.target] = name
		return
	}
}

// free tells whether nobody has a name, by one of its keys.
func (s *settler) free(key []byte) bool {
	h := xxhash.Sum64(key)
	return key == nil || !s.late[string(key)] && (!s.names.has(h) || s.freed[h] && !s.twice[h])
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

// decide gives an item its fate.
func (s *settler) decide(it *Item) {
	if it.Done != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.fates[string(it.Job.Input)]
	switch {
	case !ok && !s.known(it):
		s.admit(it)
	case ok && f.reason == reasonEarlier:
		it.Job.Output, it.Job.Also = "", nil
		it.end(f.outcome, f.reason)
	case ok:
		s.apply(f, it)
	}
}

// apply does to an item what was found for it.
func (s *settler) apply(f *fate, it *Item) {
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
