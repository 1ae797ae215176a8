package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/ops"
)

type completer = func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective)

// addCompletion adds cobra's command, among the tools and strict about its
// words.
func addCompletion(root *cobra.Command) {
	root.SetCompletionCommandGroupID("tool")
	root.InitDefaultCompletionCmd()
	i := slices.IndexFunc(root.Commands(), func(c *cobra.Command) bool { return c.Name() == "completion" })
	cmd := uses(root.Commands()[i])
	cmd.Short = "print the completion script of a shell"
	cmd.Long = `completion prints what makes a shell complete the commands, flags and words of
imgpar. The help of each shell's command says where that goes.`
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	for _, shell := range cmd.Commands() {
		shell.Short = "print the completion script of " + shell.Name()
	}
}

// completeFlags says for the flags of cmd and of the commands below it what
// their values may be.
func completeFlags(cmd *cobra.Command) {
	register := func(f *pflag.Flag) {
		unquote(f)
		if c := flagCompleter(f); c != nil {
			if err := cmd.RegisterFlagCompletionFunc(f.Name, c); err != nil {
				panic(err) // a flag twice: the command tree is wrong
			}
		}
	}
	if cmd.HasParent() {
		cmd.Flags().VisitAll(register)
	} else {
		cmd.PersistentFlags().VisitAll(register)
	}
	for _, c := range cmd.Commands() {
		completeFlags(c)
	}
}

// unquote takes the marks around the value's name out of a flag's usage, which
// shells show as it is. valueName has the name from then on.
func unquote(f *pflag.Flag) {
	name, usage := pflag.UnquoteUsage(f)
	note(f, valueNote, name)
	f.Usage = usage
}

// valueName is what the help calls the value of a flag, "" where there is none.
func valueName(f *pflag.Flag) string {
	if name := f.Annotations[valueNote]; name != nil {
		return name[0]
	}
	name, _ := pflag.UnquoteUsage(f)
	return name
}

// flagCompleter follows from a flag's type and from what its usage calls the
// value. Flags without a value have none.
func flagCompleter(f *pflag.Flag) completer {
	switch v := f.Value.(type) {
	case *word:
		return completeWords(v.allowed)
	case *paramValue:
		return completeWords(v.words)
	}
	value := valueName(f)
	switch {
	case f.Name == "recipe":
		return cobra.FixedCompletions([]string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt)
	case value == "":
		return nil
	case value == "DIR":
		return cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs)
	case value == "FILE":
		return cobra.FixedCompletions(nil, cobra.ShellCompDirectiveDefault)
	case value == "FORMAT":
		return completeWords(formatNames())
	case value == "COLOUR":
		return completeWords([]string{"white", "black", "transparent"})
	}
	return completeWords(nil)
}

func completeWords(words []string) completer {
	return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
}

// formatNames are the formats that can be written.
func formatNames() []string {
	var names []string
	for _, f := range codec.Formats() {
		if f.Write {
			names = append(names, string(f.Format))
		}
	}
	return names
}

// completeOperand completes the operand that an operation asks for, and the
// paths behind it.
func completeOperand(s ops.Spec) completer {
	operand := requiredOperand(s)
	words := operandWords(s)
	return func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if operand == "" || len(args) > 0 || cmd.Flags().Changed(operand) {
			return completePaths(cmd)
		}
		return words, cobra.ShellCompDirectiveNoFileComp
	}
}

// operandWords are what an operand may be, or, where that is without end, what
// it is most often.
func operandWords(s ops.Spec) []string {
	switch p := s.Params; {
	case s.Name == "rotate":
		return []string{"90", "180", "270"}
	case s.Name == "convert":
		return formatNames()
	case len(p) > 0:
		return p[0].Words
	}
	return nil
}

// completePaths leaves paths to the shell; a recipe that is to be printed has
// none.
func completePaths(cmd *cobra.Command) ([]string, cobra.ShellCompDirective) {
	if cmd.HasParent() && cmd.Parent().Name() == "recipe" {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveDefault
}

// completeRun completes the first word of a pipeline. What follows it stands
// in quotes, where shells give no words to complete.
func completeRun(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	switch {
	case len(args) > 0 || cmd.Flags().Changed("recipe"):
		return completePaths(cmd)
	case strings.Contains(begun, " "):
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, s := range ops.Specs() {
		names = append(names, s.Name)
	}
	return names, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// completeRoot has nothing but the commands, unless there is a recipe.
func completeRoot(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	if cmd.Flags().Changed("recipe") {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return nil, cobra.ShellCompDirectiveNoFileComp
}

// completeCommands completes the words behind help.
func completeCommands(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	about, rest, err := cmd.Root().Find(args)
	var names []string
	if err == nil && len(rest) == 0 {
		for _, c := range about.Commands() {
			if c.IsAvailableCommand() {
				names = append(names, cobra.CompletionWithDesc(c.Name(), c.Short))
			}
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
