package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/ops"
)

// app is the command line: its flags and where it reads and writes.
type app struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	flags  flags
}

const longHelp = `imgpar runs image operations over whole photo trees, on every core, and never
loses a picture: one bad file costs one file, sources are never touched, and an
output appears whole or not at all.

  imgpar gray ./photos                     ./photos/a.jpg -> ./photos/a_gray.jpg
  imgpar --mode=proc resize                the current folder, in subprocesses
  imgpar resize -w 1200 -o out ./photos    out/ mirrors the tree below ./photos
  imgpar run 'resize w=2048 | sharpen 0.5 | gray' ./photos

Folders are walked; files named like pictures are taken, hidden ones are not.
Exit status: 0 all ok or skipped, 1 some failed, 2 wrong usage, 130 interrupted.`

// command builds the command tree. Nothing runs yet.
func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:           "imgpar [flags] OP [op flags] [PATH...]",
		Short:         "Run image operations over whole photo trees",
		Long:          longHelp,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          a.unknownOp,
		RunE:          noOp,
	}
	root.SuggestionsMinimumDistance = 2
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.Flags().SortFlags, root.PersistentFlags().SortFlags = false, false
	a.flags.register(root.PersistentFlags())
	root.AddGroup(&cobra.Group{ID: "op", Title: "Operations:"}, &cobra.Group{ID: "tool", Title: "Tools:"})
	for _, s := range ops.Specs() {
		root.AddCommand(a.opCommand(s))
	}
	root.AddCommand(a.runCommand(), a.benchCommand(), a.formatsCommand(), a.workerCommand())
	root.SetHelpCommandGroupID("tool")
	root.SetCompletionCommandGroupID("tool")
	root.SetFlagErrorFunc(flagError)
	return root
}

// noOp shows the help to those who only called the program's name.
func noOp(cmd *cobra.Command, _ []string) error {
	if cmd.Flags().NFlag() > 0 {
		return hintError{errors.New("no operation"), "imgpar --help lists the operations"}
	}
	return cmd.Help()
}

// unknownOp refuses a first word that is no operation.
func (a *app) unknownOp(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
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

// flagError adds a hint to what pflag says.
func flagError(cmd *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		invalid *pflag.InvalidValueError
		bare    *pflag.ValueRequiredError
	)
	switch {
	case errors.As(err, &invalid):
		return hintError{err, flagHelp(invalid.GetFlag())}
	case errors.As(err, &bare) && bare.GetSpecifiedName() == "h":
		return hintError{err, "-h is the height; imgpar " + cmd.Name() + " --help shows the help"}
	case errors.As(err, &bare):
		return hintError{err, flagHelp(bare.GetFlag())}
	case !errors.As(err, &unknown):
		return err
	}
	if digits := unknown.GetSpecifiedShortnames(); cmd.Name() == "rotate" && isNumber(digits) {
		return hintError{err, "a negative angle is written --angle=-" + digits}
	}
	for _, s := range ops.Specs() {
		for _, p := range s.Params {
			if name := unknown.GetSpecifiedName(); (name == p.Name || name == p.Short) && cmd.Name() != s.Name {
				return hintError{err, fmt.Sprintf("--%s is a flag of %s, and stands behind that word", p.Name, s.Name)}
			}
		}
	}
	return hintError{err, "imgpar " + cmd.Name() + " --help lists the flags"}
}

// flagHelp is a flag and its line of the help.
func flagHelp(f *pflag.Flag) string {
	value, usage := pflag.UnquoteUsage(f)
	return fmt.Sprintf("--%s %s: %s", f.Name, value, usage)
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// opCommand makes the command of one operation: a flag for each parameter.
func (a *app) opCommand(s ops.Spec) *cobra.Command {
	operand := requiredOperand(s)
	use := s.Name
	if operand != "" {
		use += " " + strings.ToUpper(operand)
	}
	cmd := &cobra.Command{Use: use + " [PATH...]", Short: s.Summary, GroupID: "op", DisableFlagsInUseLine: true}
	values := map[string]*string{}
	for _, p := range s.Params {
		if cmd.Flags().Lookup(p.Name) == nil && a.commonFlag(p.Name) == nil {
			values[p.Name] = paramFlag(cmd.Flags(), p)
		}
	}
	if cmd.Flags().ShorthandLookup("h") != nil {
		cmd.Flags().Bool("help", false, "help for "+s.Name) // -h is the height
	}
	cmd.Flags().SortFlags = false
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		given := ops.Values{}
		for name, v := range values {
			if cmd.Flags().Changed(name) {
				given[name] = *v
			}
		}
		if s.Name == "convert" && a.flags.format != "" {
			given[operand] = a.flags.format
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
		return a.runPipeline(cmd, ops.Pipeline{op}, s.Name, args)
	}
	return cmd
}

// commonFlag returns the flag of that name which every operation has.
func (a *app) commonFlag(name string) *pflag.Flag {
	var common pflag.FlagSet
	(&flags{}).register(&common)
	return common.Lookup(name)
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
	v := &paramValue{kind: p.Kind}
	f := s.VarPF(v, p.Name, p.Short, usage)
	if p.Kind == ops.Bool {
		f.NoOptDefVal = "true"
	} else {
		f.DefValue = p.Default
	}
	return &v.text
}

type paramValue struct {
	text string
	kind ops.Kind
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

func (a *app) runCommand() *cobra.Command {
	return &cobra.Command{
		Use: "run PIPELINE [PATH...]", Short: "Run a pipeline, such as 'resize w=2048 | sharpen 0.5 | gray'", GroupID: "op",
		DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return hintError{errors.New("run: no pipeline"), "for example: imgpar run 'resize w=800 | gray' ./photos"}
			}
			p, err := ops.Parse(args[0])
			if err != nil {
				return err
			}
			return a.runPipeline(cmd, p, "run", args[1:])
		},
	}
}

func (a *app) formatsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "formats", Short: "List the formats that are read and written", GroupID: "tool", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if _, err := io.WriteString(a.stdout, formatTable()); err != nil {
				return runError{err}
			}
			return nil
		},
	}
}

// formatTable lists the formats, one a line.
func formatTable() string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%-8s %-5s %-6s %-24s %s\n", "FORMAT", "READ", "WRITE", "NAMES", "NOTE")
	for _, i := range codec.Formats() {
		write := "no"
		if i.Write {
			write = "yes"
		}
		fmt.Fprintf(&b, "%-8s %-5s %-6s %-24s %s\n", i.Format, "yes", write, strings.Join(i.Extensions, " "), i.Note)
	}
	return b.String()
}
