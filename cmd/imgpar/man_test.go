package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// manLine is a request that man pages use, or text, in which a backslash
// begins nothing but what escape and the pages' own fonts make.
var manLine = regexp.MustCompile(`^(\.(TH|SH|SS|B|BR|TP|PP|nf|fi|RS 4|RE)( .*)?|[^.'].*|\\&\..*)?$`)

var manEscapes = regexp.MustCompile(`\\(-|e|&|\((aq|ga|ti|ha)|f[BIR])`)

// Pages hold the text of the command tree, whatever characters it has.
func TestManPagesAreRoff(t *testing.T) {
	a := &app{stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}}
	var check func(cmd *cobra.Command)
	check = func(cmd *cobra.Command) {
		page := manPage(cmd, "2023-11-14")
		for i, line := range strings.Split(page, "\n") {
			if !manLine.MatchString(line) || strings.Contains(manEscapes.ReplaceAllString(line, ""), `\`) {
				t.Errorf("%s.1:%d: %q", manName(cmd), i+1, line)
			}
		}
		for _, section := range []string{"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "SEE ALSO"} {
			if !strings.Contains(page, "\n.SH "+section+"\n") {
				t.Errorf("%s.1 has no %s", manName(cmd), section)
			}
		}
		for _, c := range manChildren(cmd) {
			check(c)
		}
	}
	check(a.command())
}

func TestManEscapes(t *testing.T) {
	for text, want := range map[string]string{
		`.imgparignore`: `\&.imgparignore`,
		`'a' \ --b`:     `\(aqa\(aq \e \-\-b`,
		"~/x^`":         `\(ti/x\(ha\(ga`,
	} {
		if got := escape(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// Every common flag stands in exactly one group of the help, and its value's
// name is found whether or not its usage has been rid of marks.
func TestFlagGroups(t *testing.T) {
	root := (&app{}).command()
	for _, cmd := range []*cobra.Command{root, find(t, root, "gray")} {
		seen := map[string]int{}
		for _, list := range flagLists(cmd) {
			for _, f := range list.flags {
				seen[f.Name]++
				if !isCommon(f) {
					continue
				}
				if fresh := newFlagSet(&app{}).Lookup(f.Name); valueName(fresh) != valueName(f) {
					t.Errorf("--%s: value %q, want %q", f.Name, valueName(f), valueName(fresh))
				}
			}
		}
		for _, name := range []string{"out", "suffix", "quality", "icc", "include", "journal", "fail-fast", "mode", "json", "help"} {
			if seen[name] != 1 {
				t.Errorf("%s: --%s stands %d times", cmd.Name(), name, seen[name])
			}
		}
	}
}

func find(t *testing.T, root *cobra.Command, name string) *cobra.Command {
	t.Helper()
	cmd, _, err := root.Find([]string{name})
	if err != nil {
		t.Fatal(err)
	}
	return cmd
}
