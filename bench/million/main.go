//go:build unix

// Command million measures imgpar on a tree of very many tiny pictures: a run
// that makes all outputs, one that finds them made, and a third that says so in
// JSON. See bench/README.md.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// config is what the command line asks for.
type config struct {
	imgpar string   // the program
	folder string   // has all that is made: tree, outputs, journal
	files  int      // pictures of the tree
	flat   bool     // all in one folder; else in folders of perFolder
	args   []string // OP and its flags
}

func (c config) tree() string    { return filepath.Join(c.folder, "tree") }
func (c config) out() string     { return filepath.Join(c.folder, "out") }
func (c config) journal() string { return filepath.Join(c.folder, "journal") }

func main() {
	c := config{args: []string{"gray"}}
	flag.StringVar(&c.imgpar, "imgpar", "imgpar", "the `program` to measure")
	flag.IntVar(&c.files, "n", 1_000_000, "`number` of pictures")
	flag.BoolVar(&c.flat, "flat", false, "all in one folder")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: million [flags] FOLDER [OP and its flags]; FOLDER gets tree, outputs and journal, and may have the tree of an earlier run")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	if c.folder = flag.Arg(0); flag.NArg() > 1 {
		c.args = flag.Args()[1:]
	}
	if err := measure(c, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "million:", err)
		os.Exit(1)
	}
}

// measure makes the tree, if it is not there, and runs three times over it.
func measure(c config, w io.Writer) error {
	begin := time.Now()
	if err := makeTree(c.tree(), c.files, c.flat); err != nil {
		return err
	}
	fmt.Fprintf(w, "%d pictures, made in %.1f s\n", c.files, time.Since(begin).Seconds())
	for _, old := range []string{c.out(), c.journal()} {
		if err := os.RemoveAll(old); err != nil {
			return err
		}
	}
	first, err := c.run()
	if err != nil {
		return err
	}
	first.print(w, "first run ", c.files)
	second, err := c.run()
	if err != nil {
		return err
	}
	second.print(w, "second run", c.files)
	fmt.Fprintf(w, "the second is %.1f times as fast\n", first.wall.Seconds()/second.wall.Seconds())
	if second.journal != first.journal {
		return fmt.Errorf("the journal grew from %d to %d bytes in the second run", first.journal, second.journal)
	}
	fmt.Fprintf(w, "journal: %.1f MB, %.1f bytes a file\n", float64(first.journal)/1e6, float64(first.journal)/float64(c.files))
	third, err := c.run("--json")
	if err != nil {
		return err
	}
	third.print(w, "with JSON ", c.files)
	return third.checkIdle(c.files)
}
