package plan

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/naming"
)

// namer names the outputs of a run.
type namer struct {
	cfg     *Config
	targets []target // in the order of Job.Targets; in place without the first
}

// target is an output that each input gets.
type target struct {
	template naming.Template
	format   codec.Format // "": the input's own
	pipeline string
}

// newNamer reads the templates of a configuration. Its errors are those of
// wrong usage.
func newNamer(c Config) (namer, error) {
	n := namer{cfg: &c}
	if !c.InPlace {
		main, err := c.mainTemplate()
		if err != nil {
			return n, err
		}
		n.targets = append(n.targets, target{main.ForOp(c.Op), c.Format, c.Job.Pipeline})
	}
	for _, a := range c.Also {
		t, err := naming.Parse(a.Name)
		if err != nil {
			return n, fmt.Errorf("--also %q: %w", a.Name, err)
		}
		n.targets = append(n.targets, target{t.ForOp(c.Op), a.Format, a.Pipeline})
	}
	for i := range n.targets {
		if err := n.targets[i].settleFormat(); err != nil {
			return n, err
		}
	}
	return n, n.checkTwice()
}

// namer is newNamer, once for a plan.
func (c *Config) namer() (namer, error) {
	if c.names != nil {
		return *c.names, nil
	}
	return newNamer(*c)
}

// mainTemplate is --name, or what --suffix stands for.
func (c Config) mainTemplate() (naming.Template, error) {
	text := c.Name
	if text == "" {
		if strings.ContainsAny(c.Suffix, "/\\\x00") {
			return naming.Template{}, fmt.Errorf("suffix %q: want a part of a name, without slashes", c.Suffix)
		}
		text = "{dir}/{stem}" + strings.NewReplacer("{", "{{", "}", "}}").Replace(c.Suffix) + ".{ext}"
	}
	t, err := naming.Parse(text)
	switch {
	case err != nil && c.Name == "":
		return t, fmt.Errorf("suffix %q: %w", c.Suffix, err)
	case err != nil:
		return t, fmt.Errorf("--name %q: %w", c.Name, err)
	case c.Out == "" && c.Format == "" && t.Keeps():
		return t, errors.New("without --out and --suffix each output would be its input; --in-place replaces the inputs")
	}
	return t, nil
}

// settleFormat takes the format from the template, if nothing else asks for one.
func (t *target) settleFormat() error {
	named, ok := t.template.Format()
	switch {
	case !ok || named == t.format:
		return nil
	case t.format != "":
		return fmt.Errorf("the name %q ends like %s, but %s is to be written", t.template, named, t.format)
	}
	t.format = named
	return nil
}

// checkTwice refuses outputs that have one name whatever the input is.
func (n namer) checkTwice() error {
	for i, a := range n.targets {
		for _, b := range n.targets[:i] {
			same := fold(a.template.String()) == fold(b.template.String())
			size := a.template.Size() && a.pipeline != b.pipeline
			ext := a.template.Has(naming.Ext) && a.format != b.format
			if same && !size && !ext {
				return fmt.Errorf("two outputs of each input would have the name %q", a.template)
			}
		}
	}
	return nil
}

// confined tells whether all templates are.
func (n namer) confined() bool {
	for _, t := range n.targets {
		if !t.template.Confined() {
			return false
		}
	}
	return true
}

// name fills in the outputs of an item whose Job.Input is set. One that cannot
// be named has its result.
func (n namer) name(it *Item) {
	j := &it.Job
	to := make([]job.Target, len(n.targets))
	for i, t := range n.targets {
		to[i] = job.Target{Overwrite: n.cfg.Job.Overwrite, Pipeline: t.pipeline}
		output, format, reason := n.output(it, t)
		if reason != "" {
			it.fail(reason)
			return
		}
		to[i].Output, to[i].Format = job.Path(output), string(format)
	}
	if n.cfg.InPlace {
		f, _ := codec.FromName(string(j.Input))
		j.InPlace = &job.InPlace{Backup: n.cfg.Backup}
		j.Output, j.Format, j.Also = j.Input, string(f), to
		return
	}
	j.Target = to[0]
	if j.Also = nil; len(to) > 1 {
		j.Also = to[1:]
	}
}

// output names one output, or says why it cannot.
func (n namer) output(it *Item, t target) (name string, format codec.Format, reason string) {
	input := string(it.Job.Input)
	f := naming.FieldsOf(filepath.ToSlash(input[it.below:]))
	f.Ext, format = t.extension(f.Ext)
	if t.template.Size() {
		if f.Width, f.Height, reason = n.cfg.Size(input, t.pipeline); reason != "" {
			return "", "", reason
		}
	}
	name, err := t.template.Name(f)
	if err != nil {
		return "", "", "unwritable: " + err.Error()
	}
	return filepath.Join(n.folder(it), filepath.FromSlash(name)), format, ""
}

// made returns how much of an output's name, at its end, is in folders that the
// run makes, and not in those that mirror the input's.
func (n namer) made(it *Item, k int, output string) int {
	if n.cfg.Out != "" {
		return len(output) - len(filepath.Join(n.cfg.Out, "x")) + 1
	}
	there := it.below
	if n.targets[k].template.InDir() {
		there = len(it.Job.Input) - len(filepath.Base(string(it.Job.Input)))
	}
	return len(output) - there
}

// folder is where the names of an item's outputs begin.
func (n namer) folder(it *Item) string {
	if n.cfg.Out != "" {
		return n.cfg.Out
	}
	return it.root()
}

// root is the folder below which an item was found, with a slash behind it, or
// "" for the current one.
func (it *Item) root() string { return string(it.Job.Input[:it.below]) }

// extension returns what {ext} stands for, and the format to write. That is the
// one asked for, else the one that the input's name claims, if that can be
// written; a name that claims none leaves it to the content, and what stands
// behind its dot is kept.
func (t target) extension(ext string) (string, codec.Format) {
	claims, known := codec.FromName("." + ext)
	f := t.format
	switch {
	case f == "" && !known:
		return ext, ""
	case f == "":
		f = claims.Default()
	}
	usual := f.Extension()[1:]
	switch {
	case known && claims == f:
		return ext, f
	case known || ext == "":
		return usual, f
	}
	return ext + "." + usual, f
}

// earlier tells whether a file that stands at rel below its root is what an
// earlier run with the same names made of another one, of which has tells
// whether it is there.
func (n namer) earlier(rel string, has func(dir, stem string) bool) bool {
	if n.cfg.Out != "" {
		return false
	}
	rel = filepath.ToSlash(rel)
	names := []string{rel}
	if plain, ok := withoutNumber(rel); ok && n.cfg.Conflict == RenameConflict {
		names = append(names, plain)
	}
	for _, t := range n.targets {
		for _, name := range names {
			for f := range t.template.Origins(name) {
				if has(f.Dir, f.Stem) {
					return true
				}
			}
		}
	}
	return false
}

// numbered returns a name with a number before its extension, as those get it
// that would meet another.
func numbered(name string, number int) string {
	ext := filepath.Ext(name)
	return strings.TrimSuffix(name, ext) + "_" + strconv.Itoa(number) + ext
}

// withoutNumber undoes numbered.
func withoutNumber(name string) (string, bool) {
	ext := filepath.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	i := strings.LastIndexByte(stem, '_')
	if i < 0 {
		return "", false
	}
	number, err := strconv.Atoi(stem[i+1:])
	if err != nil || number < 2 || stem[i+1:] != strconv.Itoa(number) {
		return "", false
	}
	return stem[:i] + ext, true
}
