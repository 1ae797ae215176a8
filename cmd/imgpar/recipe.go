package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/internal/report"
	"github.com/imgpar/imgpar/ops"
)

// recipeVersion is the version of recipes that this program reads and writes.
const recipeVersion = "1"

// pipelineName is what a run is called that has a pipeline and no operation.
const pipelineName = "run"

// Keys of a recipe that are not flags.
const (
	versionKey  = "version"
	pipelineKey = "pipeline"
	opKey       = "op" // the word for {op}, and for the suffix that outputs have without --out
)

// recipe is what --recipe names: flags under their own names, and a pipeline.
// The zero value is none.
type recipe struct {
	file       string // for messages; "": there is none
	pipeline   ops.Pipeline
	pipelineAt place
	op         string
	settings   []setting
}

// setting is one value for a flag. Lists make several.
type setting struct {
	place
	flag, text string
}

// applyRecipe reads the file that --recipe names and sets the flags that the
// command line does not give. Without --recipe it does nothing.
func (a *app) applyRecipe(cmd *cobra.Command) (recipe, error) {
	if !cmd.Flags().Changed("recipe") {
		return recipe{}, nil
	}
	r := recipe{file: report.Printable(a.flags.recipe)}
	keys, err := a.readRecipe(&r)
	if err != nil {
		return r, r.wrap(err)
	}
	for _, k := range keys {
		if err := r.take(k, cmd.Root().PersistentFlags()); err != nil {
			return r, r.wrap(err)
		}
	}
	return r, r.wrap(r.set(cmd.Flags()))
}

func (a *app) readRecipe(r *recipe) ([]recipeKey, error) {
	switch a.flags.recipe {
	case "":
		return nil, errors.New("--recipe is empty")
	case "-":
		r.file = "standard input"
		if a.flags.files0 == "-" {
			return nil, errors.New("--files0-from reads it too")
		}
		return readYAML(a.stdin)
	}
	f, err := os.Open(a.flags.recipe)
	if err != nil {
		return nil, err
	}
	defer f.Close() // only read
	return readYAML(f)
}

// wrap puts the file's name in front of an error.
func (r *recipe) wrap(err error) error {
	var placed *yamlError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &placed):
		return fmt.Errorf("%s:%w", r.file, err)
	}
	return fmt.Errorf("--recipe: %w", err)
}

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

// set checks all settings, and makes those that the command line leaves open.
func (r *recipe) set(flags *pflag.FlagSet) error {
	given := map[string]bool{}
	flags.Visit(func(f *pflag.Flag) { given[f.Name] = true })
	for _, s := range r.settings {
		if err := s.set(newFlagSet(&app{})); err != nil {
			return err
		}
		if given[s.flag] {
			continue
		}
		if err := s.set(flags); err != nil {
			return err
		}
	}
	return nil
}

func (s setting) set(flags *pflag.FlagSet) error {
	err := flags.Set(s.flag, s.text)
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		return hintError{s.errorf("%s %q: %v", s.flag, s.text, invalid.Unwrap()), flagHelp(invalid.GetFlag())}
	}
	return err
}

// newFlagSet has the common flags of a, all with their defaults.
func newFlagSet(a *app) *pflag.FlagSet {
	s := pflag.NewFlagSet("imgpar", pflag.ContinueOnError)
	a.flags.register(s)
	return s
}

// blame finds the setting that makes err also when it stands alone, and puts
// its place in front: many values are only checked when all are known.
func (r *recipe) blame(err error, p ops.Pipeline, name string) error {
	for _, s := range r.settings {
		alone := &app{}
		flags := newFlagSet(alone)
		if s.set(flags) != nil {
			continue
		}
		_, fault := alone.configureOutputs(flags, p, name)
		if fault != nil && strings.Contains(err.Error(), fault.Error()) {
			return fmt.Errorf("%s:%d:%d: %w", r.file, s.line, s.column, fault)
		}
	}
	return err
}

// ending is what is done with an operation and its flags, once they are read.
// A nil pipeline means that there is none, which only the recipe command allows.
type ending func(cmd *cobra.Command, p ops.Pipeline, name string, paths []string) error

// finish comes to the end of a command that a recipe may accompany.
func (a *app) finish(cmd *cobra.Command, r recipe, p ops.Pipeline, name string, paths []string, end ending) error {
	if r.op != "" {
		name = r.op
	}
	if r.file != "" {
		if _, err := a.configureOutputs(cmd.Flags(), p, name); err != nil {
			return r.blame(err, p, name)
		}
	}
	return end(cmd, p, name, paths)
}

// refusePipeline is for operations: there is no room for a second pipeline.
func (r *recipe) refusePipeline(other string) error {
	if r.pipeline == nil {
		return nil
	}
	err := fmt.Errorf("%s:%w", r.file, r.pipelineAt.errorf("the recipe has a pipeline, and the command line has one too: %s", other))
	return hintError{err, "imgpar --recipe " + r.file + " [PATH...] takes the recipe's"}
}

// choosePipeline returns the recipe's pipeline, or that of the first argument.
// With both, the argument is a PATH if there is such a file.
func (r *recipe) choosePipeline(args []string) (ops.Pipeline, []string, error) {
	if r.pipeline == nil {
		if len(args) == 0 {
			return nil, nil, hintError{errors.New("run: no pipeline"), "for example: imgpar run 'resize w=800 | gray' ./photos"}
		}
		p, err := ops.Parse(args[0])
		return p, args[1:], err
	}
	if len(args) > 0 {
		_, serr := os.Lstat(args[0])
		if _, err := ops.Parse(args[0]); err == nil && serr != nil {
			return nil, nil, r.refusePipeline(args[0])
		}
	}
	return r.pipeline, args, nil
}

// runRecipe is imgpar --recipe FILE [PATH...].
func (a *app) runRecipe(cmd *cobra.Command, paths []string) error {
	r, err := a.applyRecipe(cmd)
	if err != nil {
		return err
	}
	if r.pipeline == nil {
		return hintError{fmt.Errorf("%s: the recipe has no pipeline", r.file), "it may accompany an operation, as in: imgpar gray --recipe " + r.file}
	}
	return a.finish(cmd, r, a.flags.picture.onBackground(r.pipeline), pipelineName, paths, a.runPipeline)
}

// keyHint names the key that was most likely meant.
func keyHint(name string, common *pflag.FlagSet) string {
	for _, s := range ops.Specs() {
		for _, p := range s.Params {
			if name == p.Name || name == p.Short {
				return fmt.Sprintf("%s is a parameter of %s, and stands in the pipeline: '%s %s=...'", name, s.Name, s.Name, name)
			}
		}
	}
	keys := []string{versionKey, pipelineKey, opKey}
	common.VisitAll(func(f *pflag.Flag) {
		if !isPerRun(f) {
			keys = append(keys, f.Name)
		}
	})
	if near := nearest(name, keys); near != "" {
		return "did you mean " + near + "?"
	}
	return "the keys are: " + strings.Join(keys, ", ")
}

// nearest returns the word that fewest changes make of text, or "" where more
// than two in the first 40 bytes would be needed. Case, - and _ do not count.
func nearest(text string, words []string) string {
	fold := strings.NewReplacer("_", "", "-", "")
	text = strings.ToLower(fold.Replace(text[:min(len(text), 40)]))
	best, least := "", 3
	for _, w := range words {
		if d := changes(text, fold.Replace(w)); d < least {
			best, least = w, d
		}
	}
	return best
}

// changes is the Levenshtein distance of a and b in bytes.
func changes(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := diagonal
			if a[i] != b[j] {
				d = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}

// writeText writes all of text, and says what stood against that.
func writeText(w io.Writer, text string) error {
	if _, err := io.WriteString(w, text); err != nil {
		return runError{err}
	}
	return nil
}
