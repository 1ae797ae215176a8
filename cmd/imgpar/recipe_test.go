package main

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"pgregory.net/rapid"

	"github.com/imgpar/imgpar/internal/plan"
	"github.com/imgpar/imgpar/internal/recipefile"
	"github.com/imgpar/imgpar/ops"
)

// configOf returns what a command line would run, and what it prints.
func configOf(stdin string, args ...string) (c plan.Config, stdout string, err error) {
	var out bytes.Buffer
	a := &app{stdin: strings.NewReader(stdin), stdout: &out, stderr: &out}
	capture := func(cmd *cobra.Command, p ops.Pipeline, name string, _ []string) (err error) {
		c, err = a.configureOutputs(cmd.Flags(), p, name)
		return err
	}
	root := &cobra.Command{Use: "imgpar", SilenceErrors: true, SilenceUsage: true}
	root.AddGroup(&cobra.Group{ID: "op"}, &cobra.Group{ID: "tool"})
	common := root.PersistentFlags()
	common.SortFlags = false
	a.flags.register(common)
	for _, s := range ops.Specs() {
		root.AddCommand(a.opCommand(s, common, capture))
	}
	root.AddCommand(a.runCommand(capture), a.recipeCommand(common))
	root.SetArgs(args)
	err = root.Execute()
	return c, out.String(), err
}

// drawFlags draws common flags that may stand in a recipe, with values that
// are mostly allowed.
func drawFlags(t *rapid.T) []string {
	flags := newFlagSet(&app{})
	var names []string
	flags.VisitAll(func(f *pflag.Flag) {
		if !isPerRun(f) {
			names = append(names, f.Name)
		}
	})
	var args []string
	for _, name := range rapid.SliceOfDistinct(rapid.SampledFrom(names), rapid.ID[string]).Draw(t, "flags") {
		f := flags.Lookup(name)
		if _, isList := f.Value.(pflag.SliceValue); isList {
			for range rapid.IntRange(1, 3).Draw(t, "items") {
				args = append(args, "--"+name+"="+drawValue(t, f))
			}
			continue
		}
		args = append(args, "--"+name+"="+drawValue(t, f))
	}
	return args
}

func drawValue(t *rapid.T, f *pflag.Flag) string {
	if w, isWord := f.Value.(*word); isWord {
		return rapid.SampledFrom(w.allowed).Draw(t, f.Name)
	}
	switch f.Value.Type() {
	case "bool":
		return rapid.SampledFrom([]string{"true", "true", "false"}).Draw(t, f.Name)
	case "int", "int64":
		return fmt.Sprint(rapid.IntRange(1, 110).Draw(t, f.Name))
	case "SIZE":
		return rapid.SampledFrom([]string{"300K", "12345", "2GiB"}).Draw(t, f.Name)
	}
	switch f.Name {
	case "format":
		return rapid.SampledFrom([]string{"jpg", "png", "webp"}).Draw(t, f.Name)
	case "background":
		return rapid.SampledFrom([]string{"black", "#102030", "transparent"}).Draw(t, f.Name)
	case "also":
		return rapid.SampledFrom([]string{"gray", "resize  w=4 | gray", "convert png"}).Draw(t, f.Name) + " -> " + drawTemplate(t)
	case "name":
		return drawTemplate(t)
	}
	return drawText(t)
}

// drawTemplate draws the name of an output.
func drawTemplate(t *rapid.T) string {
	fine := rapid.SampledFrom([]string{"{dir}/{stem}_small.{ext}", "{stem}", "{dir}/{op}/{stem}: 1.png", "{stem}_{w}x{h}.{ext}", "#{stem}", "{dir}/{stem} - 'x'.{ext}"})
	if rapid.IntRange(0, 3).Draw(t, "any text") > 0 {
		return fine.Draw(t, "template")
	}
	return drawText(t)
}

// drawText draws text of any kind: words that YAML takes for something else
// among it, and none that no recipe can hold.
func drawText(t *rapid.T) string {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"true", "no", "~", "null", "007", "1e3", ".5", ".inf", "0x1F", "2024-01-01", "- a", "a: b", "a #b", "*a", "&a", "!a", "| x", "{a}", "[a]", "%a", "@a", "`a", "? a", "<<", "a\nb", "'", "''", `"`, `\`, " a ", "\t", "\u0085", "\u2028", "\ufeff", "ä.jpg", "\U0001f600", "-", "---", "...", "=", "12:30:45", "+1", "1_000"}),
		rapid.StringMatching(`[a-zA-Z0-9 ._/|>:#'"{}*-]{1,12}`),
		rapid.StringN(1, 8, -1),
	).Draw(t, "text")
}

// A recipe that is printed and read makes the same, whatever the flags are.
func TestRecipeRoundTrip(t *testing.T) {
	operations := [][]string{
		{"gray"}, {"resize", "-w", "40", "--filter", "box"}, {"rotate", "7"}, {"rotate", "--angle=-7.5"}, {"run", "convert png"},
		{"blur", "--sigma", "2"}, {"run", "resize w=9 | gray"}, {"run", "rotate 7"}, {"crop", "10x10+1+1"},
	}
	made := 0
	rapid.Check(t, func(t *rapid.T) {
		flags := drawFlags(t)
		yes := []string(nil)
		if strings.Contains(strings.Join(flags, " "), "--in-place=true") {
			yes = []string{"--yes"}
		}
		args := append(append(rapid.SampledFrom(operations).Draw(t, "operation"), flags...), yes...)
		want, _, wantErr := configOf("", args...)
		_, text, err := configOf("", append([]string{"recipe"}, args...)...)
		if fmt.Sprint(err) != fmt.Sprint(wantErr) {
			t.Fatalf("printing: %v, want %v", err, wantErr)
		}
		if err != nil {
			return
		}
		made++
		got, _, err := configOf(text, append([]string{"run", "--recipe", "-"}, yes...)...)
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		got.Size, want.Size = nil, nil // functions do not compare
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q\n%s\ngives %+v\nwant  %+v", args, text, got, want)
		}
		_, again, err := configOf(text, append([]string{"recipe", "--recipe", "-"}, yes...)...)
		if err != nil || again != text {
			t.Fatalf("printed once more: %v\n%s\nat first\n%s", err, again, text)
		}
	})
	t.Logf("%d recipes were made", made)
	if made < 10 {
		t.Errorf("only %d recipes were made", made)
	}
}

// What a recipe may be at most is checked before the library is asked: nothing
// takes minutes, as some of these would, or memory without end.
func TestRecipeLimits(t *testing.T) {
	n := recipefile.MaxBytes
	grow := func(line func(i int) string) string {
		var b strings.Builder
		for i := 0; i < recipefile.MaxLines-2; i++ {
			if l := line(i); b.Len()+len(l) < n {
				b.WriteString(l)
			}
		}
		return b.String()
	}
	for _, c := range []struct{ name, text, want string }{
		{"as large as may be", "pipeline: gray\n#" + strings.Repeat("x", n-16), ""},
		{"too large", "pipeline: gray\n#" + strings.Repeat("x", n-15), "at most 65536 bytes"},
		{"as many lines as may be", "pipeline: gray" + strings.Repeat("\n", recipefile.MaxLines-1), ""},
		{"too many lines", "pipeline: gray" + strings.Repeat("\n", recipefile.MaxLines), "2001:1: a recipe has at most 2000 lines"},
		{"lists in lists", strings.Repeat("[", n), "1:5: more than 4 lists"},
		{"mappings in mappings", strings.Repeat("{a: ", n/4), "more than 4 lists"},
		{"dashes", strings.Repeat("- ", n/2), "1:9: more than 4 lists"},
		{"question marks", strings.Repeat("? ", n/2), "a key behind ?"},
		{"bombs", "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "1:4: an anchor"},
		{"tags", strings.Repeat("!!str ", n/6), "1:1: a tag"},
		{"indented", grow(func(i int) string { return strings.Repeat(" ", i) + "a:\n" }), "1:1: unknown key"},
		{"colons", strings.Repeat("a: ", n/3), "1:"},
		{"keys", grow(func(i int) string { return fmt.Sprintf("k%d: 1\n", i) }), `1:1: unknown key "k0"`},
		{"folded blanks", "a: >\n" + grow(func(int) string { return strings.Repeat(" ", 30) + "\n" }), "unknown key"},
		{"commas", "exclude: [" + strings.Repeat("1,", n/2-10) + "]", "want text, not a number"},
		{"one long word", "suffix: " + strings.Repeat("x", n-10), ""},
		{"quotes", "suffix: '" + strings.Repeat("''", n/2-10), "end character"},
		{"a long key", strings.Repeat("x", n-10) + ": 1", "unknown key"},
		{"latin 1", "pipeline: gray\nsuffix: \xe4", "2:1: this is not text in UTF-8"},
		{"NUL", "pipeline: gray\nout: a\x00b", "2:1: this is not text in UTF-8"},
		{"UTF-16", "\xff\xfea\x00:\x00", "1:1: this is not text in UTF-8"},
		{"BOM and CRLF", "\ufeffpipeline: gray\r\nsuffix: _x\r\n", ""},
	} {
		begun := time.Now()
		_, _, err := configOf(c.text, "run", "--recipe", "-", "gray")
		if c.want == "" && err != nil && !strings.Contains(err.Error(), "the command line has one too") && !strings.Contains(err.Error(), "--out") {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %.200v, want %s", c.name, err, c.want)
		}
		if took := time.Since(begun); took > time.Minute {
			t.Errorf("%s took %v", c.name, took)
		}
	}
}

// Keys that are nearly right are found.
func TestNearest(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"qualty", "quality"}, {"strip_gps", "strip-gps"}, {"stripGPS", "strip-gps"}, {"exlude", "exclude"}, {"", ""}, {"wonderful", ""},
		{strings.Repeat("q", 1000), ""},
	} {
		if got := nearest(c.text, []string{"quality", "strip-gps", "exclude", "include"}); got != c.want {
			t.Errorf("%.20q: %q, want %q", c.text, got, c.want)
		}
	}
}
