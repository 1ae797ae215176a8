package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/imgpar/imgpar/ops"
)

// app is the command line: its flags and where it reads and writes.
type app struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	flags  flags

	helpError error // of writing the help, which cobra drops
}

const longHelp = `imgpar runs image operations over whole photo trees, on every core, and never
loses a picture: one bad file costs one file, sources are never touched, and an
output appears whole or not at all.

Folders are walked; files named like pictures are taken, hidden ones are not.
Exit status: 0 all ok or skipped, 1 some failed, 2 wrong usage, 130 interrupted.`

const examples = `  imgpar gray ./photos                     ./photos/a.jpg -> ./photos/a_gray.jpg
  imgpar --mode=proc resize                the current folder, in subprocesses
  imgpar resize -w 1200 -o out ./photos    out/ mirrors the tree below ./photos
  imgpar run 'resize w=2048 | sharpen 0.5 | gray' ./photos
  imgpar --recipe web.yaml ./photos        what imgpar recipe has written`

// command builds the command tree. Nothing runs yet.
func (a *app) command() *cobra.Command {
	root := a.root()
	root.AddGroup(&cobra.Group{ID: "op", Title: "Operations:"}, &cobra.Group{ID: "tool", Title: "Tools:"})
	common := root.PersistentFlags()
	for _, s := range ops.Specs() {
		root.AddCommand(a.opCommand(s, common, a.runPipeline))
	}
	root.AddCommand(a.runCommand(a.runPipeline), a.recipeCommand(common), a.benchCommand(), a.doctorCommand(), a.formatsCommand(), a.infoCommand(),
		a.manCommand(), a.workerCommand())
	root.SetHelpCommand(a.helpCommand())
	root.InitDefaultHelpCmd()
	addCompletion(root)
	completeFlags(root)
	return root
}

// root is the tree's root, with the common flags and without commands.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "imgpar [flags] OP [op flags] [PATH...]",
		Short:         "run image operations over whole photo trees",
		Long:          longHelp,
		Example:       examples,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       version(),
		Args:          unknownOp,
		RunE:          a.noOp,

		ValidArgsFunction: completeRoot,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return meaningless(cmd) },
	}
	root.SuggestionsMinimumDistance = 2
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetUsageFunc(writeUsage)
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { a.helpError = writeHelp(cmd, a.stdout) })
	root.Flags().SortFlags, root.PersistentFlags().SortFlags = false, false
	a.flags.register(root.PersistentFlags())
	root.SetFlagErrorFunc(flagError)
	return root
}

// version is the one that this binary was built from.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown)"
}

// noOp runs a recipe, and shows the help to those who only called the
// program's name.
func (a *app) noOp(cmd *cobra.Command, paths []string) error {
	if cmd.Flags().Changed("recipe") {
		return a.runRecipe(cmd, paths)
	}
	if cmd.Flags().NFlag() > 0 {
		return hintError{errors.New("no operation"), "imgpar --help lists the operations"}
	}
	return cmd.Help()
}

// unknownOp refuses a first word that is no operation. Behind a recipe words
// are paths.
func unknownOp(cmd *cobra.Command, args []string) error {
	if len(args) == 0 || !cmd.HasParent() && cmd.Flags().Changed("recipe") {
		return nil
	}
	err := fmt.Errorf("there is no operation %q", args[0])
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return hintError{err, "did you mean " + strings.Join(near, " or ") + "?"}
	}
	if _, serr := os.Stat(args[0]); serr == nil {
		return hintError{err, "the operation comes before the paths, as in: imgpar gray " + args[0]}
	}
	return hintError{err, "imgpar --help lists the operations"}
}
