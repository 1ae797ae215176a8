package plan

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
	"github.com/imgpar/imgpar/internal/naming"
)

// resolve finds the fate of each item with names that were collected, in the
// order of their inputs.
func (s *settler) resolve() {
	slices.SortFunc(s.claims, func(a, b *claim) int {
		return cmp.Or(strings.Compare(a.input, b.input), cmp.Compare(a.role, b.role), cmp.Compare(a.target, b.target))
	})
	s.index()
	if left := s.leaveEarlier(); len(left) > 0 {
		s.index()
		for _, key := range left {
			if s.meet[key] == nil { // its own outputs, which are not written now, were the only ones to meet it
				delete(s.twice, xxhash.Sum64String(key))
			}
		}
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

// leaveEarlier skips the inputs that are what an earlier run made of others: as
// the journal knows, or by names that do not say in which folder those are, which
// are all known only here. Their own outputs are nobody's concern then, and their
// names, of which it returns the keys, their makers may have again.
func (s *settler) leaveEarlier() (left []string) {
	for _, c := range s.claims {
		if c.role != isOutput || s.namer.cfg.Out != "" {
			continue
		}
		for _, key := range c.keys {
			h := s.meet[key]
			for _, other := range h[isInput] {
				s.leave(other, c, true)
			}
			for _, other := range h[isNumbered] {
				s.leave(other, c, len(h[isOutput]) > 1)
			}
		}
	}
	s.claims = slices.DeleteFunc(s.claims, func(c *claim) bool { return s.fates[c.input] != nil })
	for input := range s.fates {
		beside, _ := s.keyer.keys(input, 0)
		s.freed[xxhash.Sum64(beside)] = true
		left = append(left, string(beside))
	}
	return left
}

// leave skips an input that was made of another one: as the journal has it or, if
// names tell, of one with the stem in its name.
func (s *settler) leave(made, of *claim, byName bool) {
	byName = byName && s.namer.scatters(of.target) && stemOf(made.input) != stemOf(of.input)
	if made.input == of.input || !byName && !s.namer.cfg.madeOf(made.input, of.input) {
		return
	}
	s.fates[made.input] = &fate{outcome: job.Skipped, reason: reasonEarlier}
}

// madeOf tells whether the journal says that one file was made of another, and it
// has not changed since.
func (c *Config) madeOf(output, input string) bool {
	if c.ledger == nil {
		return false
	}
	rec, known := c.Journal.Lookup(c.ledger.key(job.Path(output)))
	if !known || rec.State == 0 {
		return false
	}
	fi, err := os.Lstat(output)
	return err == nil && rec.State == journal.Made(journal.State(fi), c.ledger.key(job.Path(input)))
}

// numbers tells whether outputs that stand in the walked folders may have a number,
// and names or the journal tell of what they were made.
func (n namer) numbers() bool {
	for k := range n.targets {
		if n.cfg.Conflict == RenameConflict && (n.scatters(k) || n.cfg.Out == "" && n.cfg.ledger != nil) {
			return true
		}
	}
	return false
}

// reasonEarlier is the reason of an input that is left alone.
const reasonEarlier = "an output of an earlier run"

// scatters tells whether the outputs of a target stand in the walked folders, and
// their names tell the stems of their inputs but not the folders.
func (n namer) scatters(k int) bool {
	t := n.targets[k].template
	return n.cfg.Out == "" && t.Has(naming.Stem) && !t.Has(naming.Dir)
}

func stemOf(input string) string { return naming.FieldsOf(filepath.ToSlash(input)).Stem }

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
