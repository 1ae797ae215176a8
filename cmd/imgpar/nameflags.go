package main

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/codec"
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
	s.StringVar(&f.template, "name", "", "name the outputs by `TEMPLATE`, such as '{dir}/{stem}_{w}x{h}.{ext}'; fields: dir, stem, ext, op, w, h")
	s.Var(&word{&f.conflict, []string{string(plan.FailConflict), string(plan.RenameConflict), string(plan.SkipConflict)}, nil}, "on-conflict", "`WHAT` becomes of inputs that would write one output: fail (all of them), rename or skip (all but the first by name)")
	s.StringArrayVar(&f.also, "also", nil, "write a further output of each input, by `'PIPELINE -> TEMPLATE'`, such as 'resize w=400 -> {stem}_small.jpg' (may be repeated)")
}

// outputs parses --also.
func (f *nameFlags) outputs() ([]plan.Also, error) {
	var list []plan.Also
	for _, text := range f.also {
		pipeline, name, ok := strings.Cut(text, "->")
		if !ok {
			return nil, fmt.Errorf("--also %q: want 'PIPELINE -> TEMPLATE', such as 'resize w=400 -> {stem}_small.jpg'", text)
		}
		p, err := ops.Parse(strings.TrimSpace(pipeline))
		if err != nil {
			return nil, fmt.Errorf("--also %q: %w", text, err)
		}
		format, err := outputFormat("", p)
		if err != nil {
			return nil, fmt.Errorf("--also %q: %w", text, err)
		}
		name = strings.TrimSpace(name)
		if named, ok := codec.FromName(name); ok && format == "" {
			format = named
		}
		list = append(list, plan.Also{Pipeline: p.String(), Name: name, Format: format})
	}
	return list, nil
}
