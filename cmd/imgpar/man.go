package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

const manHelp = `man prints the manual, or writes the man pages of all commands into DIR, which
is made if it is not there.

  imgpar man | man -l -
  imgpar man ~/.local/share/man/man1

The pages carry the date of SOURCE_DATE_EPOCH, or else of the sources that imgpar
was built from, so that the same program always writes the same bytes.`

// manSections stand in the manual of imgpar itself, behind its flags.
var manSections = []struct{ title, text string }{
	{"EXIT STATUS", `  0    all inputs are ok or skipped
  1    some inputs have no output, or the run could not go on
  2    wrong usage: nothing was done
  130  interrupted`},
	{"FILES", `.imgparignore in a folder names files and folders below it that are not taken, in
the syntax of gitignore.

$XDG_STATE_HOME/imgpar, or else ~/.local/state/imgpar, holds the journals: what
has been done, by which a later run knows what is up to date. --journal names
another file, --no-journal does without.

A recipe, see imgpar-recipe(1), holds a pipeline and flags in YAML.`},
	{"ENVIRONMENT", `XDG_STATE_HOME is the folder of the journals' folder.

GOMAXPROCS is the number of CPUs to use, and so of pictures in work at once unless
--jobs says otherwise. By default it is what this process, or its container, may use.

GOGC is how much memory may grow before garbage is collected, in percent; default 50.

TERM=dumb has no progress bar.

SOURCE_DATE_EPOCH is the date of man pages, in seconds since 1970.`},
}

func (a *app) manCommand() *cobra.Command {
	return uses(&cobra.Command{
		Use: "man [DIR]", Short: "print the manual, or write man pages", Long: manHelp, GroupID: "tool",
		DisableFlagsInUseLine: true, Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs),
		RunE: func(cmd *cobra.Command, dirs []string) error {
			date, err := manDate(os.Getenv("SOURCE_DATE_EPOCH"))
			if err != nil {
				return err
			}
			if len(dirs) == 0 {
				return writeText(a.stdout, manPage(cmd.Root(), date))
			}
			if err := os.MkdirAll(dirs[0], 0o777); err != nil {
				return runError{err}
			}
			return writeManTree(cmd.Root(), date, dirs[0])
		},
	})
}

// manDate is the day that pages carry, or "" if nobody says one.
func manDate(epoch string) (string, error) {
	if epoch != "" {
		seconds, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil {
			return "", fmt.Errorf("SOURCE_DATE_EPOCH %q: want seconds since 1970", epoch)
		}
		return time.Unix(seconds, 0).UTC().Format(time.DateOnly), nil
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.time" && len(s.Value) >= len(time.DateOnly) {
				return s.Value[:len(time.DateOnly)], nil
			}
		}
	}
	return "", nil
}

// writeManTree writes the pages of cmd and of the commands below it.
func writeManTree(cmd *cobra.Command, date, dir string) error {
	if err := os.WriteFile(filepath.Join(dir, manName(cmd)+".1"), []byte(manPage(cmd, date)), 0o666); err != nil {
		return runError{err}
	}
	for _, c := range manChildren(cmd) {
		if err := writeManTree(c, date, dir); err != nil {
			return err
		}
	}
	return nil
}

// manChildren are the commands below cmd that have pages. The operations below
// recipe are those of imgpar once more.
func manChildren(cmd *cobra.Command) []*cobra.Command {
	var list []*cobra.Command
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() && (c.GroupID != "op" || !cmd.HasParent()) {
			list = append(list, c)
		}
	}
	return list
}

func manName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// manPage is the page of one command in roff, with the macros of man(7).
func manPage(cmd *cobra.Command, date string) string {
	var r roff
	r.line(".TH %s 1 \"%s\" \"imgpar %s\" \"User Commands\"", strings.ToUpper(manName(cmd)), date, version())
	r.section("NAME")
	r.line("%s \\- %s", escape(manName(cmd)), escape(cmd.Short))
	r.section("SYNOPSIS")
	r.line(".B %s", escape(cmd.UseLine()))
	r.section("DESCRIPTION")
	if cmd.Long != "" {
		r.prose(cmd.Long)
	} else {
		r.prose(strings.ToUpper(cmd.Short[:1]) + cmd.Short[1:] + ".")
	}
	if !cmd.HasParent() {
		r.commands(cmd)
	}
	r.options(cmd)
	if !cmd.HasParent() {
		for _, s := range manSections {
			r.section(s.title)
			r.prose(s.text)
		}
	}
	if cmd.Example != "" {
		r.section("EXAMPLES")
		r.prose(cmd.Example)
	}
	r.seeAlso(cmd)
	return r.String()
}

// roff is a page as it grows.
type roff struct{ strings.Builder }

func (r *roff) line(format string, args ...any) { fmt.Fprintf(r, format+"\n", args...) }

func (r *roff) section(title string) { r.line(".SH %s", title) }

// prose writes paragraphs, which are parted by empty lines. Those that are
// indented keep their lines.
func (r *roff) prose(text string) {
	for i, paragraph := range strings.Split(strings.TrimRight(text, "\n"), "\n\n") {
		lines := strings.Split(strings.Trim(paragraph, "\n"), "\n")
		if i > 0 {
			r.line(".PP")
		}
		if !strings.HasPrefix(lines[0], " ") && !strings.HasPrefix(lines[0], "\t") {
			r.text(paragraph)
			continue
		}
		r.line(".nf\n.RS 4")
		for _, l := range lines {
			l = strings.ReplaceAll(l, "\t", "  ")
			r.line("%s", escape(strings.TrimPrefix(l, "  ")))
		}
		r.line(".RE\n.fi")
	}
}

// text writes words in lines of moderate length.
func (r *roff) text(words string) {
	for l := range strings.Lines(wrap(roffSpecial.Replace(words), 0)) {
		r.line("%s", guard(strings.TrimSpace(l)))
	}
}

// commands lists what stands below the root.
func (r *roff) commands(cmd *cobra.Command) {
	r.section("COMMANDS")
	for _, list := range commandLists(cmd) {
		r.line(".SS %s", strings.TrimSuffix(list.title, ":"))
		for _, c := range list.commands {
			r.line(".TP\n.B %s", escape(strings.TrimSuffix(c.Use, " [PATH...]")))
			r.text(c.Short)
		}
	}
}

// options lists the flags. Those that all operations have stand in the page of
// imgpar.
func (r *roff) options(cmd *cobra.Command) {
	r.section("OPTIONS")
	everywhere := cmd.GroupID == "op"
	for _, list := range flagLists(cmd) {
		if everywhere && isCommon(list.flags[0]) {
			continue
		}
		if len(flagLists(cmd)) > 1 && !everywhere {
			r.line(".SS %s", escape(list.title))
		}
		for _, f := range list.flags {
			short, long, value := flagHead(f)
			head := "\\fB" + escape(long) + "\\fR"
			if short != "" {
				head = "\\fB" + escape(short) + "\\fR, " + head
			}
			if value != "" {
				head += manValue(value)
			}
			r.line(".TP\n%s", head)
			r.text(flagText(f))
		}
	}
	if everywhere {
		r.line(".PP\nThe flags of all operations are described in\n.BR imgpar (1).")
	}
}

// manValue puts the name of a flag's value in italics, and leaves what stands
// around it.
func manValue(value string) string {
	name := strings.Trim(value, " [=]")
	before, after, _ := strings.Cut(value, name)
	return before + "\\fI" + escape(name) + "\\fR" + after
}

func (r *roff) seeAlso(cmd *cobra.Command) {
	var pages []string
	if cmd.HasParent() {
		pages = append(pages, manName(cmd.Parent()))
	}
	for _, c := range manChildren(cmd) {
		pages = append(pages, manName(c))
	}
	r.section("SEE ALSO")
	for i, p := range pages {
		comma := ","
		if i == len(pages)-1 {
			comma = ""
		}
		r.line(".BR %s (1)%s", escape(p), comma)
	}
}

var roffSpecial = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", "\\(ga", "~", `\(ti`, "^", `\(ha`)

// escape takes text to roff: no character of it means something there.
func escape(text string) string {
	return guard(roffSpecial.Replace(text))
}

// guard keeps a line from being a request.
func guard(line string) string {
	if strings.HasPrefix(line, ".") {
		return `\&` + line
	}
	return line
}
