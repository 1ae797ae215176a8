package plan

import (
	"context"
	"path/filepath"

	"github.com/cespare/xxhash/v2"

	"github.com/imgpar/imgpar/internal/naming"
	"github.com/imgpar/imgpar/scheduler"
)

// What is here names the outputs of one folder all at once, and holds them
// against each other, without an item for each. It says nothing that namer and
// settler would not, and is for the plans of nearly all runs.

// simple tells whether each input has one output, which stands in the folder
// that the outputs of its neighbours stand in, and is named by its name alone.
func (c *Config) simple() bool {
	return !c.InPlace && c.Conflict != RenameConflict &&
		len(c.names.targets) == 1 && c.names.confined() && !c.names.targets[0].template.Size()
}

// anyName stands for the base name of any file.
const anyName = "x"

// outputLike returns the output of a file in a folder as if it had the base name
// anyName, and how much of it is made, see namer.made; "": no output has a name.
func (c *Config) outputLike(in *folder) (name string, made int) {
	it := c.item(file{path: in.prefix + anyName, below: in.below})
	output, _, reason := c.names.output(&it, c.names.targets[0])
	if reason != "" {
		return "", 0
	}
	output = filepath.Join(filepath.Dir(output), anyName)
	return output, c.names.made(&it, 0, output)
}

// baseNames are the outputs of a batch, without their folder.
type baseNames struct {
	text []byte // one behind another
	list []baseName
}

type baseName struct {
	end    int // in text
	format string
}

// base returns the i-th.
func (n *baseNames) base(i int) []byte {
	begin := 0
	if i > 0 {
		begin = n.list[i-1].end
	}
	return n.text[begin:n.list[i].end]
}

// base is the base name of a file in a batch of one folder.
func (b batch) base(f file) string { return f.path[len(b.in.prefix):] }

// baseNames names the outputs of a batch of one folder, as namer does.
func (c *Config) baseNames(b batch) baseNames {
	var (
		n        = baseNames{make([]byte, 0, 32*len(b.files)), make([]baseName, 0, len(b.files))}
		t        = &c.names.targets[0]
		ext, out string // of the last
		last     baseName
	)
	for i, f := range b.files {
		fields := naming.FieldsOf(b.base(f))
		if i == 0 || fields.Ext != ext {
			written, format := t.extension(fields.Ext)
			ext, out, last.format = fields.Ext, written, string(format)
		}
		fields.Ext = out
		n.text = t.template.AppendBase(n.text, fields)
		last.end = len(n.text)
		n.list = append(n.list, last)
	}
	return n
}

// claimKeys are the keys of all that the files of a folder claim, see
// settler.each, but for the base names at their ends.
type claimKeys struct{ input, beside, below []byte }

func (c *Config) claimKeys(in *folder) (k claimKeys, ok bool) {
	output, made := c.outputLike(in)
	if output == "" {
		return k, false
	}
	cut := func(key []byte) []byte {
		return append([]byte(nil), key[:max(0, len(key)-len(anyName))]...)
	}
	keyer := newKeyer()
	input, _ := keyer.keys(in.prefix+anyName, 0)
	k.input = cut(input)
	beside, below := keyer.keys(output, made)
	k.beside, k.below = cut(beside), cut(below)
	return k, true
}

// hashes returns the hashes of all that a batch claims.
func (k claimKeys) hashes(c *Config, b batch) []uint64 {
	outputs := c.baseNames(b)
	list := make([]uint64, 0, 3*len(b.files))
	var room [512]byte
	hash := func(folder []byte, base string) {
		list = append(list, xxhash.Sum64(appendFold(append(room[:0], folder...), base)))
	}
	for i, f := range b.files {
		hash(k.input, b.base(f))
		output := string(outputs.base(i))
		hash(k.beside, output)
		if len(k.below) > 0 {
			hash(k.below, output)
		}
	}
	return list
}

// settleSimple is settle for the files of one folder; nil: some of their names may
// meet, or the plan is not simple.
func (w *walker) settleSimple(parts []part) *settler {
	if len(parts) > 1 || !w.cfg.simple() {
		return nil
	}
	keys, ok := w.cfg.claimKeys(&parts[0].folder)
	if !ok {
		return nil
	}
	type none = struct{}
	task := scheduler.Task[none, batch, []uint64]{
		Run: func(_ context.Context, _ none, b batch) ([]uint64, error) { return keys.hashes(w.cfg, b), nil },
	}
	s := newSettler(*w.cfg.names)
	for r := range scheduler.Map(context.WithoutCancel(w.ctx), scheduler.Config[none]{}, w.batches(parts), task) {
		if r.Err != nil {
			return nil
		}
		for _, h := range r.Value {
			s.names.add(h)
		}
	}
	if s.twice = s.names.seal(); len(s.twice) > 0 {
		return nil
	}
	return s
}
