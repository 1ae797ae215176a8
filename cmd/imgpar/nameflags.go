package main

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/naming"
	"github.com/imgpar/imgpar/internal/plan"
	"github.com/imgpar/imgpar/ops"
)

// nameFlags say what the outputs are called, and which there are.
type nameFlags struct {
	template string
	suffix   string
	conflict string
	also     []string
}

func (f *nameFlags) register(s *pflag.FlagSet) {
	f.conflict = string(plan.FailConflict)
	s.StringVar(&f.suffix, "suffix", "", "add `S` to the names of the outputs (default: _ and the operation; with --out nothing)")
	s.StringVar(&f.template, "name", "", "name the outputs by `TEMPLATE`, such as '{dir}/{stem}_{w}x{h}.{ext}', below --out or the folder of each PATH; fields: dir (below PATH), stem, ext, op, w, h; where it ends in an extension such as .png, that is the format")
	s.Var(&word{&f.conflict, []string{string(plan.FailConflict), string(plan.RenameConflict), string(plan.SkipConflict)}, nil}, "on-conflict", "`WHAT` becomes of inputs that would write one output: fail (all of them), rename (all but the first by name get _2, _3, ...) or skip (all but the first)")
	s.StringArrayVar(&f.also, "also", nil, "write a further output of each input, by `'PIPELINE -> TEMPLATE'`, such as 'resize w=400 -> {stem}_small.jpg'; without a folder it stands beside the first one (may be repeated)")
}

// format returns the format to write: the one asked for, else the one that --name
// ends in, if it does.
func (f *nameFlags) format(asked codec.Format) (codec.Format, error) {
	if f.template == "" {
		return asked, nil
	}
	return namedFormat(f.template, asked, "--name")
}

// namedFormat reads a template, which stands in a flag, and holds the format that
// it ends in against the one asked for.
func namedFormat(template string, asked codec.Format, flag string) (codec.Format, error) {
	t, err := naming.Parse(template)
	if err != nil {
		return "", fmt.Errorf("%s %q: %w", flag, template, err)
	}
	named, ok := t.Format()
	switch {
	case !ok:
		return asked, nil
	case asked != "" && asked != named:
		return "", fmt.Errorf("%s %q ends like %s, but %s is asked for; {ext} stands for the extension that fits", flag, template, named, asked)
	}
	return named, nil
}

// outputs parses --also. Format is that of --format: it holds where an output
// says nothing else.
func (f *nameFlags) outputs(format string) ([]plan.Also, error) {
	if 1+len(f.also) > job.MaxOutputs {
		return nil, fmt.Errorf("--also: an input may have at most %d outputs, not %d", job.MaxOutputs, 1+len(f.also))
	}
	var list []plan.Also
	for _, text := range f.also {
		a, err := parseAlso(text)
		if err != nil {
			return nil, err
		}
		if a.Format == "" {
			a.Format = codec.Format(format)
		}
		if !strings.Contains(a.Name, "/") {
			a.Name = f.folder() + a.Name
		}
		list = append(list, a)
	}
	return list, nil
}

// folder is the part of the first output's template that names its folder, in
// which further outputs stand whose templates name none.
func (f *nameFlags) folder() string {
	if f.template == "" {
		return "{dir}/"
	}
	return f.template[:strings.LastIndex(f.template, "/")+1]
}

func parseAlso(text string) (plan.Also, error) {
	pipeline, name, ok := strings.Cut(text, "->")
	if !ok {
		return plan.Also{}, fmt.Errorf("--also %q: want 'PIPELINE -> TEMPLATE', such as 'resize w=400 -> {stem}_small.jpg'", text)
	}
	p, err := ops.Parse(strings.TrimSpace(pipeline))
	if err != nil {
		return plan.Also{}, fmt.Errorf("--also %q: %w", text, err)
	}
	format, err := outputFormat("", p)
	if err != nil {
		return plan.Also{}, fmt.Errorf("--also %q: %w", text, err)
	}
	name = strings.TrimSpace(name)
	format, err = namedFormat(name, format, "--also")
	return plan.Also{Pipeline: p.String(), Name: name, Format: format}, err
}
