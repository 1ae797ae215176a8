package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The help is made for terminals of helpWidth columns. What flags do stands
// from helpColumn on.
const (
	helpWidth  = 80
	helpColumn = 27
)

// usageText is the part of a command's help that follows from the command
// tree: how it is called, commands below it, flags.
func usageText(cmd *cobra.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Usage:\n  %s\n", cmd.UseLine())
	if cmd.HasParent() && cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "  %s COMMAND\n", cmd.CommandPath())
	}
	for _, list := range commandLists(cmd) {
		fmt.Fprintf(&b, "\n%s\n", list.title)
		for _, c := range list.commands {
			fmt.Fprintf(&b, "  %-11s %s\n", c.Name(), wrap(c.Short, 14))
		}
	}
	for _, list := range flagLists(cmd) {
		fmt.Fprintf(&b, "\n%s:\n", list.title)
		for _, f := range list.flags {
			b.WriteString(flagLine(f))
		}
	}
	if !cmd.HasParent() {
		b.WriteString("\nimgpar OP --help has the flags of an operation, imgpar man the manual.\n")
	}
	return b.String()
}

type commandList struct {
	title    string
	commands []*cobra.Command
}

// commandLists are the commands below cmd by their groups.
func commandLists(cmd *cobra.Command) []commandList {
	var lists []commandList
	of := func(title, group string) {
		list := commandList{title: title}
		for _, c := range cmd.Commands() {
			if c.GroupID == group && (c.IsAvailableCommand() || c.Name() == "help") {
				list.commands = append(list.commands, c)
			}
		}
		if len(list.commands) > 0 {
			lists = append(lists, list)
		}
	}
	for _, g := range cmd.Groups() {
		of(g.Title, g.ID)
	}
	of("Commands:", "")
	return lists
}

type flagList struct {
	title string
	flags []*pflag.Flag
}

// flagLists are the flags of cmd: its own first, then those of the groups that
// mean something to it.
func flagLists(cmd *cobra.Command) []flagList {
	cmd.InitDefaultHelpFlag()
	cmd.InitDefaultVersionFlag()
	own := flagList{title: "Flags"}
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if !isCommon(f) && !f.Hidden {
			own.flags = append(own.flags, f)
		}
	})
	var lists []flagList
	if len(own.flags) > 0 {
		lists = append(lists, own)
	}
	common := cmd.Root().PersistentFlags()
	for _, g := range flagGroups {
		list := flagList{title: g.title}
		common.VisitAll(func(f *pflag.Flag) {
			if f.Annotations[groupNote][0] == g.title && !f.Hidden && usesFlag(cmd, f) {
				list.flags = append(list.flags, f)
			}
		})
		if len(list.flags) > 0 {
			lists = append(lists, list)
		}
	}
	return lists
}

// flagHead is a flag as it is given: names, and what its value stands for.
// A value that may be left out stands in brackets.
func flagHead(f *pflag.Flag) (short, long, value string) {
	name := valueName(f)
	if f.Shorthand != "" {
		short = "-" + f.Shorthand
	}
	switch {
	case name == "":
	case f.NoOptDefVal != "" && f.Value.Type() != "bool":
		value = "[=" + name + "]"
	default:
		value = " " + name
	}
	return short, "--" + f.Name, value
}

// flagText is what a flag does, and its default where that is not its type's
// empty value.
func flagText(f *pflag.Flag) string {
	_, text := pflag.UnquoteUsage(f)
	switch f.DefValue {
	case "", "0", "0s", "false", "[]":
		return text
	}
	return text + " (default " + f.DefValue + ")"
}

// flagLine is a flag in the help.
func flagLine(f *pflag.Flag) string {
	short, long, value := flagHead(f)
	head := "      " + long + value
	if short != "" {
		head = "  " + short + ", " + long + value
	}
	text := wrap(flagText(f), helpColumn)
	if len(head) >= helpColumn {
		return head + "\n" + strings.Repeat(" ", helpColumn) + text + "\n"
	}
	return fmt.Sprintf("%-*s%s\n", helpColumn, head, text)
}

// wrap breaks text into lines that end before helpWidth. All but the first,
// which begins at that column already, are indented.
func wrap(text string, indent int) string {
	var b strings.Builder
	column := indent
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case column+1+len(word) > helpWidth:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}

// writeUsage prints usageText.
func writeUsage(cmd *cobra.Command) error {
	_, err := io.WriteString(cmd.OutOrStderr(), usageText(cmd))
	return err
}

// writeHelp prints what a command is for and its usageText.
func writeHelp(cmd *cobra.Command, w io.Writer) error {
	text := strings.TrimSpace(cmd.Long)
	if text == "" {
		text = cmd.Short
	}
	if cmd.Example != "" {
		text += "\n\n" + cmd.Example
	}
	_, err := fmt.Fprintf(w, "%s\n\n%s", text, usageText(cmd))
	return err
}

// helpCommand is imgpar help: unlike cobra's own it refuses a word that is no
// command.
func (a *app) helpCommand() *cobra.Command {
	return uses(&cobra.Command{
		Use: "help [COMMAND]", Short: "show the help of a command", GroupID: "tool", DisableFlagsInUseLine: true,
		ValidArgsFunction: completeCommands,
		RunE: func(cmd *cobra.Command, words []string) error {
			about, rest, err := cmd.Root().Find(words)
			if err != nil || len(rest) > 0 {
				return unknownCommand(about, words)
			}
			return writeHelp(about, a.stdout)
		},
	})
}

func unknownCommand(near *cobra.Command, words []string) error {
	err := fmt.Errorf("help: there is no command %q", strings.Join(words, " "))
	if names := near.SuggestionsFor(words[len(words)-1]); len(names) > 0 {
		return hintError{err, "did you mean " + strings.Join(names, " or ") + "?"}
	}
	return hintError{err, "imgpar --help lists the commands"}
}

// meaningless refuses the common flags that mean nothing to cmd.
func meaningless(cmd *cobra.Command) error {
	var wrong error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if isCommon(f) && !usesFlag(cmd, f) {
			wrong = errors.Join(wrong, fmt.Errorf("--%s means nothing to %s", f.Name, strings.TrimPrefix(cmd.CommandPath(), "imgpar ")))
		}
	})
	return wrong
}
