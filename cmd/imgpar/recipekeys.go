package main

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/internal/recipefile"
	"github.com/imgpar/imgpar/ops"
)

// take notes what a key says, and refuses what no recipe may say.
func (r *recipe) take(k recipefile.Key, common *pflag.FlagSet) error {
	switch k.Name {
	case versionKey:
		if k.Value.Text != recipeVersion {
			return k.Value.Errorf("version: this imgpar reads version %s", recipeVersion)
		}
		return nil
	case pipelineKey:
		return r.takePipeline(k.Value)
	case opKey:
		if k.Value.Kind != recipefile.TextKind || k.Value.Text == "" || strings.ContainsAny(k.Value.Text, "/\\") {
			return k.Value.Errorf("op: want a word for the names of the outputs, without slashes")
		}
		r.op = k.Value.Text
		return nil
	}
	f := common.Lookup(k.Name)
	switch {
	case f == nil:
		return hintError{k.Errorf("unknown key %q", k.Name), keyHint(k.Name, common)}
	case isPerRun(f):
		return k.Errorf("%s says how one run goes, and has no place in a recipe: --%s is given on the command line", k.Name, k.Name)
	}
	values, err := settingsFor(f, k.Value)
	if err != nil {
		return err
	}
	r.settings = append(r.settings, values...)
	return nil
}

func (r *recipe) takePipeline(v recipefile.Value) error {
	if v.Kind != recipefile.TextKind {
		return v.Errorf("pipeline: want text, such as 'resize w=800 | gray'")
	}
	p, err := ops.Parse(v.Text)
	if err != nil {
		return v.Errorf("pipeline: %v", err)
	}
	r.pipeline, r.pipelineAt = p, v.Place
	return nil
}

// wholeNumber is how whole numbers are written: YAML knows more ways.
var wholeNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`) })

// settingsFor returns the texts that set a flag to v, if v is of the flag's type.
func settingsFor(f *pflag.Flag, v recipefile.Value) ([]setting, error) {
	if _, isList := f.Value.(pflag.SliceValue); isList {
		return settingsOfList(f, v)
	}
	want, ok := recipefile.TextKind, v.Kind == recipefile.TextKind
	switch f.Value.Type() {
	case "bool":
		want, ok = recipefile.BoolKind, v.Kind == recipefile.BoolKind
	case "int", "int64":
		want, ok = recipefile.NumberKind, v.Kind == recipefile.NumberKind
		if ok && !wholeNumber().MatchString(v.Text) {
			return nil, v.Errorf("%s: want a whole number, such as 85", f.Name)
		}
	case "SIZE":
		ok = ok || v.Kind == recipefile.NumberKind
	}
	if !ok {
		return nil, wrongType(f, v, want)
	}
	return []setting{{v.Place, f.Name, v.Text}}, nil
}

func wrongType(f *pflag.Flag, v recipefile.Value, want recipefile.Kind) error {
	err := v.Errorf("%s: want %s, not %s", f.Name, want, v.Kind)
	if want == recipefile.TextKind && (v.Kind == recipefile.NumberKind || v.Kind == recipefile.BoolKind) {
		return hintError{err, fmt.Sprintf("text that looks like something else stands in quotes: '%s'", v.Text)}
	}
	return err
}

func settingsOfList(f *pflag.Flag, v recipefile.Value) ([]setting, error) {
	if v.Kind != recipefile.ListKind {
		return nil, wrongType(f, v, recipefile.ListKind)
	}
	var list []setting
	for _, item := range v.List {
		text := item.Text
		switch {
		case item.Kind == recipefile.MappingKind && f.Name == "also":
			t, err := alsoText(item)
			if err != nil {
				return nil, err
			}
			text = t
		case item.Kind != recipefile.TextKind:
			return nil, wrongType(f, item, recipefile.TextKind)
		}
		list = append(list, setting{item.Place, f.Name, text})
	}
	return list, nil
}

// alsoText takes the mapping {pipeline, name} to the text that --also has.
func alsoText(v recipefile.Value) (string, error) {
	parts := map[string]string{}
	for _, k := range v.Keys {
		if k.Name != pipelineKey && k.Name != "name" {
			return "", k.Errorf("also: unknown key %q: want pipeline and name", k.Name)
		}
		if k.Value.Kind != recipefile.TextKind || strings.Contains(k.Value.Text, "->") {
			return "", k.Value.Errorf("also: %s: want text without an arrow", k.Name)
		}
		parts[k.Name] = k.Value.Text
	}
	if len(parts) != 2 {
		return "", v.Errorf("also: want pipeline and name")
	}
	return parts[pipelineKey] + " -> " + parts["name"], nil
}
