package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/internal/recipefile"
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
	pipelineAt recipefile.Place
	op         string
	settings   []setting
}

// setting is one value for a flag. Lists make several.
type setting struct {
	recipefile.Place
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

func (a *app) readRecipe(r *recipe) ([]recipefile.Key, error) {
	switch a.flags.recipe {
	case "":
		return nil, errors.New("--recipe is empty")
	case "-":
		r.file = "standard input"
		if a.flags.files0 == "-" {
			return nil, errors.New("--files0-from reads it too")
		}
		return recipefile.Read(a.stdin)
	}
	f, err := os.Open(a.flags.recipe)
	if err != nil {
		return nil, err
	}
	defer f.Close() // only read
	return recipefile.Read(f)
}

// wrap puts the file's name in front of an error.
func (r *recipe) wrap(err error) error {
	var placed *recipefile.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &placed):
		return fmt.Errorf("%s:%w", r.file, err)
	}
	return fmt.Errorf("--recipe: %w", err)
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
		return hintError{s.Errorf("%s %q: %v", s.flag, s.text, invalid.Unwrap()), flagHelp(invalid.GetFlag())}
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
			return fmt.Errorf("%s:%d:%d: %w", r.file, s.Line, s.Column, fault)
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
	err := fmt.Errorf("%s:%w", r.file, r.pipelineAt.Errorf("the recipe has a pipeline, and the command line has one too: %s", other))
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
