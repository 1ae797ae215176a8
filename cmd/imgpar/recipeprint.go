package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/internal/recipefile"
	"github.com/imgpar/imgpar/ops"
)

const recipeHelp = `recipe prints what an operation and its flags would make as a recipe: a file in
YAML that --recipe reads.

  imgpar recipe --out web -q 80 resize -w 2048 > web.yaml
  imgpar --recipe web.yaml ./photos

A recipe holds a pipeline, and flags that say what is made and what it is
called, under their own names; --also, --include and --exclude are lists. Flags
that say how a run goes, such as --jobs and --yes, are for the command line.
A flag on the command line wins over the recipe. Without a pipeline a recipe
may accompany an operation: imgpar gray --recipe names.yaml ./photos.

  version: 1                 # of recipes; may be left out
  op: web                    # for {op}, and for a_web.jpg; without it: run
  pipeline: resize w=2048 | sharpen 0.5
  quality: 80
  also:
    - resize w=400 -> {stem}_small.jpg
    - {pipeline: thumb, name: '{stem}_thumb.jpg'}
  exclude: ['**/raw']

--out is relative to the current folder, as on the command line. A recipe has
at most 64 KiB and 2,000 lines, and does without YAML's anchors and tags.`

// recipeComment stands on top of each recipe.
const recipeComment = "# A recipe for imgpar; what the keys mean: imgpar --help\n"

func (a *app) recipeCommand(common *pflag.FlagSet) *cobra.Command {
	cmd := &cobra.Command{
		Use: "recipe [flags] [OP [op flags]]", Short: "print the flags as a recipe", Long: recipeHelp,
		GroupID: "tool", DisableFlagsInUseLine: true, Args: unknownOp,
	}
	cmd.SuggestionsMinimumDistance = 2
	cmd.AddGroup(&cobra.Group{ID: "op", Title: "Operations:"})
	for _, s := range ops.Specs() {
		cmd.AddCommand(a.opCommand(s, common, a.printRecipe))
	}
	cmd.AddCommand(a.runCommand(a.printRecipe))
	useful := []string{"recipe", "yes"}
	common.VisitAll(func(f *pflag.Flag) {
		if !isPerRun(f) {
			useful = append(useful, f.Name)
		}
	})
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if cmd.Flags().NFlag() == 0 {
			return hintError{errors.New("recipe: no operation and no flags"), "for example: imgpar recipe -q 80 resize -w 2048"}
		}
		r, err := a.applyRecipe(cmd)
		if err != nil {
			return err
		}
		return a.finish(cmd, r, r.pipeline, pipelineName, nil, a.printRecipe)
	}
	return uses(cmd, useful...)
}

// printRecipe ends a command by printing its pipeline and flags as a recipe.
func (a *app) printRecipe(cmd *cobra.Command, p ops.Pipeline, name string, paths []string) error {
	if len(paths) > 0 {
		return hintError{fmt.Errorf("recipe: a recipe has no PATH: %s", paths[0]), "paths are given where the recipe is used: imgpar --recipe FILE " + paths[0]}
	}
	if _, err := a.configureOutputs(cmd.Flags(), p, name); err != nil {
		return err
	}
	text, err := recipeText(cmd.Root().PersistentFlags(), p, name)
	if err != nil {
		return err
	}
	return writeText(a.stdout, text)
}

// recipeText is the recipe of a pipeline and of the flags that are given.
func recipeText(common *pflag.FlagSet, p ops.Pipeline, name string) (string, error) {
	var b strings.Builder
	b.WriteString(recipeComment)
	b.WriteString(versionKey + ": " + recipeVersion + "\n")
	var wrong error
	line := func(key, text string) {
		value, err := recipefile.Text(text)
		wrong = errors.Join(wrong, err)
		fmt.Fprintf(&b, "%s%s\n", key, value)
	}
	if name != pipelineName {
		line(opKey+": ", name)
	}
	if p != nil {
		line(pipelineKey+": ", p.String())
	}
	common.VisitAll(func(f *pflag.Flag) {
		list, isList := f.Value.(pflag.SliceValue)
		switch {
		case !f.Changed || isPerRun(f):
		case isList:
			fmt.Fprintf(&b, "%s:\n", f.Name)
			for _, item := range list.GetSlice() {
				line("  - ", item)
			}
		case isNumber(f.Value.String()) && f.Value.Type() != "string", f.Value.Type() == "bool":
			fmt.Fprintf(&b, "%s: %s\n", f.Name, f.Value)
		default:
			line(f.Name+": ", f.Value.String())
		}
	})
	return b.String(), wrong
}
