package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/ops"
)

// opCommand makes the command of one operation, which ends in end: a flag for
// each parameter that is not one of the common flags.
func (a *app) opCommand(s ops.Spec, common *pflag.FlagSet, end ending) *cobra.Command {
	operand := requiredOperand(s)
	use := s.Name
	if operand != "" {
		use += " " + strings.ToUpper(operand)
	}
	cmd := &cobra.Command{Use: use + " [PATH...]", Short: s.Summary, GroupID: "op", DisableFlagsInUseLine: true}
	values := map[string]*string{}
	for _, p := range s.Params {
		if common.Lookup(p.Name) == nil {
			values[p.Name] = paramFlag(cmd.Flags(), p)
		}
	}
	if cmd.Flags().ShorthandLookup("h") != nil {
		cmd.Flags().Bool("help", false, "help for "+s.Name) // -h is the height
	}
	cmd.Flags().SortFlags = false // first: InheritedFlags copies it
	cmd.InheritedFlags().SortFlags = false
	cmd.ValidArgsFunction = completeOperand(s)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		operandFlag := operand != "" && cmd.Flags().Changed(operand) // and not a recipe's
		r, err := a.applyRecipe(cmd)
		if err != nil {
			return err
		}
		if err := r.refusePipeline(s.Name); err != nil {
			return err
		}
		given := ops.Values{}
		for name, v := range values {
			if cmd.Flags().Changed(name) {
				given[name] = *v
			}
		}
		for _, p := range s.Params { // one flag for two things
			if f := common.Lookup(p.Name); f != nil && f.Changed && (p.Name != operand || operandFlag) {
				given[p.Name] = f.Value.String()
			}
		}
		if operand != "" && given[operand] == "" && len(args) > 0 {
			given[operand], args = args[0], args[1:]
		}
		if err := strayOperand(s, args); err != nil {
			return err
		}
		op, err := s.Build(given)
		if err != nil {
			return err
		}
		return a.finish(cmd, r, ops.Pipeline{op}, s.Name, args, end)
	}
	return cmd
}

// requiredOperand returns the name of the parameter that the first argument
// stands for, or "".
func requiredOperand(s ops.Spec) string {
	for _, p := range s.Params {
		if p.Operand && p.Required {
			return p.Name
		}
	}
	return ""
}

// strayOperand refuses a number in front of the paths of an operation whose
// operand need not be given, such as "blur 2 ./photos": there it has a flag,
// so that a file may have any name.
func strayOperand(s ops.Spec, args []string) error {
	if len(args) == 0 || len(s.Params) == 0 || !s.Params[0].Operand || s.Params[0].Required || !isNumber(args[0]) {
		return nil
	}
	if _, err := os.Lstat(args[0]); err == nil {
		return nil
	}
	return hintError{fmt.Errorf("%s: there is no file %s", s.Name, args[0]),
		fmt.Sprintf("did you mean --%s=%s?", s.Params[0].Name, args[0])}
}

// paramFlag adds the flag of a parameter. The value is text in every case:
// ops.Spec.Build checks it, for the command line as for the text form.
func paramFlag(s *pflag.FlagSet, p ops.Param) *string {
	usage := p.Usage
	if p.Allowed != "" && p.Kind != ops.Bool {
		usage += " (" + p.Allowed + ")"
	}
	v := &paramValue{kind: p.Kind, words: p.Words}
	f := s.VarPF(v, p.Name, p.Short, usage)
	if p.Kind == ops.Bool {
		f.NoOptDefVal = "true"
	} else {
		f.DefValue = p.Default
	}
	return &v.text
}

type paramValue struct {
	text  string
	kind  ops.Kind
	words []string // all that it may be, of a Word
}

func (v *paramValue) String() string     { return v.text }
func (v *paramValue) Set(s string) error { v.text = s; return nil }

// Type is what the help shows for the value.
func (v *paramValue) Type() string {
	switch v.kind {
	case ops.Bool:
		return "bool"
	case ops.Int, ops.Float:
		return "N"
	}
	return "WORD"
}

// runCommand makes the command that runs a pipeline, from its first argument
// or from a recipe.
func (a *app) runCommand(end ending) *cobra.Command {
	return &cobra.Command{
		Use: "run PIPELINE [PATH...]", Short: "run a pipeline, such as 'resize w=2048 | sharpen 0.5 | gray'", GroupID: "op",
		DisableFlagsInUseLine: true, ValidArgsFunction: completeRun,
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := a.applyRecipe(cmd)
			if err != nil {
				return err
			}
			p, paths, err := r.choosePipeline(args)
			if err != nil {
				return err
			}
			return a.finish(cmd, r, a.flags.picture.onBackground(p), pipelineName, paths, end)
		},
	}
}
