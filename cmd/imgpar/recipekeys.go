package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/ops"
)

// take notes what a key says, and refuses what no recipe may say.
func (r *recipe) take(k recipeKey, common *pflag.FlagSet) error {
	switch k.name {
	case versionKey:
		if k.value.text != recipeVersion {
			return k.value.errorf("version: this imgpar reads version %s", recipeVersion)
		}
		return nil
	case pipelineKey:
		return r.takePipeline(k.value)
	case opKey:
		if k.value.kind != textKind || k.value.text == "" || strings.ContainsAny(k.value.text, "/\\") {
			return k.value.errorf("op: want a word for the names of the outputs, without slashes")
		}
		r.op = k.value.text
		return nil
	}
	f := common.Lookup(k.name)
	switch {
	case f == nil:
		return hintError{k.errorf("unknown key %q", k.name), keyHint(k.name, common)}
	case isPerRun(f):
		return k.errorf("%s says how one run goes, and has no place in a recipe: --%s is given on the command line", k.name, k.name)
	}
	values, err := k.value.forFlag(f)
	if err != nil {
		return err
	}
	r.settings = append(r.settings, values...)
	return nil
}

func (r *recipe) takePipeline(v recipeValue) error {
	if v.kind != textKind {
		return v.errorf("pipeline: want text, such as 'resize w=800 | gray'")
	}
	p, err := ops.Parse(v.text)
	if err != nil {
		return v.errorf("pipeline: %v", err)
	}
	r.pipeline, r.pipelineAt = p, v.place
	return nil
}

// wholeNumber is how whole numbers are written: YAML knows more ways.
var wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)

// forFlag returns the texts that set a flag to v, if v is of the flag's type.
func (v recipeValue) forFlag(f *pflag.Flag) ([]setting, error) {
	if _, isList := f.Value.(pflag.SliceValue); isList {
		return v.forList(f)
	}
	want, ok := textKind, v.kind == textKind
	switch f.Value.Type() {
	case "bool":
		want, ok = boolKind, v.kind == boolKind
	case "int", "int64":
		want, ok = numberKind, v.kind == numberKind
		if ok && !wholeNumber.MatchString(v.text) {
			return nil, v.errorf("%s: want a whole number, such as 85", f.Name)
		}
	case "SIZE":
		ok = ok || v.kind == numberKind
	}
	if !ok {
		return nil, v.wrongType(f, want)
	}
	return []setting{{v.place, f.Name, v.text}}, nil
}

func (v recipeValue) wrongType(f *pflag.Flag, want valueKind) error {
	err := v.errorf("%s: want %s, not %s", f.Name, want, v.kind)
	if want == textKind && (v.kind == numberKind || v.kind == boolKind) {
		return hintError{err, fmt.Sprintf("text that looks like something else stands in quotes: '%s'", v.text)}
	}
	return err
}

func (v recipeValue) forList(f *pflag.Flag) ([]setting, error) {
	if v.kind != listKind {
		return nil, v.wrongType(f, listKind)
	}
	var list []setting
	for _, item := range v.list {
		text := item.text
		switch {
		case item.kind == mappingKind && f.Name == "also":
			t, err := item.alsoText()
			if err != nil {
				return nil, err
			}
			text = t
		case item.kind != textKind:
			return nil, item.wrongType(f, textKind)
		}
		list = append(list, setting{item.place, f.Name, text})
	}
	return list, nil
}

// alsoText takes the mapping {pipeline, name} to the text that --also has.
func (v recipeValue) alsoText() (string, error) {
	parts := map[string]string{}
	for _, k := range v.keys {
		if k.name != pipelineKey && k.name != "name" {
			return "", k.errorf("also: unknown key %q: want pipeline and name", k.name)
		}
		if k.value.kind != textKind || strings.Contains(k.value.text, "->") {
			return "", k.value.errorf("also: %s: want text without an arrow", k.name)
		}
		parts[k.name] = k.value.text
	}
	if len(parts) != 2 {
		return "", v.errorf("also: want pipeline and name")
	}
	return parts[pipelineKey] + " -> " + parts["name"], nil
}
