package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Notes on flags and commands, in their Annotations.
const (
	groupNote = "group"   // title of the flag's group
	valueNote = "value"   // name of the flag's value
	runNote   = "per run" // the flag may not stand in a recipe
	usesNote  = "uses"    // names of the common flags that mean something to the command
)

// flagGroup is a part of the common flags, under one title in the help.
type flagGroup struct {
	title    string
	perRun   bool // they say how a run goes, not what it makes
	register func(*flags, *pflag.FlagSet)
}

// flagGroups are all common flags, in the order of the help.
var flagGroups = []flagGroup{
	{"Outputs", false, (*flags).registerOutputs},
	{"Names", false, func(f *flags, s *pflag.FlagSet) { f.name.register(s) }},
	{"Coding", false, (*flags).registerCoding},
	{"Pictures", false, (*flags).registerPictures},
	{"Inputs", false, (*flags).registerInputs},
	{"Earlier runs", true, func(f *flags, s *pflag.FlagSet) { f.journal.register(s) }},
	{"Failures", true, func(f *flags, s *pflag.FlagSet) { f.failures.register(s) }},
	{"Run", true, (*flags).registerRun},
	{"Messages", true, (*flags).registerMessages},
}

func (f *flags) register(s *pflag.FlagSet) {
	for _, g := range flagGroups {
		own := pflag.NewFlagSet(g.title, pflag.ContinueOnError)
		own.SortFlags = false
		g.register(f, own)
		own.VisitAll(func(flag *pflag.Flag) {
			note(flag, groupNote, g.title)
			if g.perRun {
				note(flag, runNote)
			}
			s.AddFlag(flag)
		})
	}
}

func note(f *pflag.Flag, key string, values ...string) {
	if f.Annotations == nil {
		f.Annotations = map[string][]string{}
	}
	f.Annotations[key] = values
}

// perRun marks flags of a group for recipes that have no place in them all
// the same.
func perRun(s *pflag.FlagSet, names ...string) {
	for _, name := range names {
		note(s.Lookup(name), runNote)
	}
}

// isPerRun tells whether f has no place in a recipe.
func isPerRun(f *pflag.Flag) bool {
	_, is := f.Annotations[runNote]
	return is
}

// isCommon tells whether f is a flag that every operation has.
func isCommon(f *pflag.Flag) bool { return len(f.Annotations[groupNote]) > 0 }

// uses says which of the common flags mean something to a command and those
// below it. Without that all of them do.
func uses(cmd *cobra.Command, flags ...string) *cobra.Command {
	if cmd.Annotations == nil {
		cmd.Annotations = map[string]string{}
	}
	cmd.Annotations[usesNote] = strings.Join(flags, " ")
	return cmd
}

// usesFlag tells whether a common flag means something to cmd.
func usesFlag(cmd *cobra.Command, f *pflag.Flag) bool {
	for ; cmd != nil; cmd = cmd.Parent() {
		if list, ok := cmd.Annotations[usesNote]; ok {
			return slices.Contains(strings.Fields(list), f.Name)
		}
	}
	return true
}
