// Regress tells whether imgpar has become slower than it was, by ratios alone: against
// other programs and libraries, and of its modes to one another. Such a ratio is
// measured within one run, so that it says the same on a fast machine and on a slow one.
//
//	go run ./bench/regress record [-imgpar PROGRAM] [-report FILE] [PATH...]
//	go run ./bench/regress check [-imgpar PROGRAM] [-report FILE] [PATH...]
//
// Record writes the ratios of this machine to bench/results/ratios.json; check holds
// those of now against them, and ends with status 1 if one has dropped by more than 10 %.
//
// Ratios come from the Go benchmarks of pairs.go, and from imgpar bench --peers: of a
// FILE that it wrote, or of PROGRAM, which is run on the files of PATH, or the
// corpus that it makes. All are medians of interleaved rounds. What has dropped is
// measured again, once, and counts if it has dropped then too; a FILE alone cannot be.
//
// A ratio that cannot be had here, for want of a peer or of as many CPUs, is told and
// passed over. If none is left, that is a failure.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

const usage = "usage: regress record|check [-imgpar PROGRAM] [-report FILE] [-rounds N] [-baseline FILE] [PATH...]"

// config is what the command line asks for.
type config struct {
	imgpar   string   // the program to measure; "": none
	report   string   // a file that imgpar bench wrote; "": none
	rounds   int      // of the Go benchmarks
	baseline string   // a file
	paths    []string // for imgpar bench
}

func main() {
	var c config
	if len(os.Args) < 2 || os.Args[1] != "record" && os.Args[1] != "check" {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
	flags := flag.NewFlagSet("regress", flag.ExitOnError)
	flags.StringVar(&c.imgpar, "imgpar", "", "measure this `program` too")
	flags.StringVar(&c.report, "report", "", "take what this `file` says, which imgpar bench --json wrote")
	flags.IntVar(&c.rounds, "rounds", 5, "`number` of rounds of the Go benchmarks, at least 1")
	flags.StringVar(&c.baseline, "baseline", "bench/results/ratios.json", "the `file` to record to or to check against")
	flags.Parse(os.Args[2:]) // it exits on an error
	c.paths = flags.Args()
	if c.rounds < 1 {
		fmt.Fprintln(os.Stderr, "regress: at least one round")
		os.Exit(2)
	}
	run := check
	if os.Args[1] == "record" {
		run = record
	}
	if err := run(c, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "regress:", err)
		os.Exit(1)
	}
}

// record measures everything, once, and writes the baseline.
func record(c config, out io.Writer) error {
	dir, err := os.MkdirTemp("", "regress-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := newBaseline(os.Args)
	for _, s := range sources(c, dir) {
		r, err := s.first()
		if err != nil {
			return err
		}
		if err := b.Ratios.add(r); err != nil {
			return err
		}
	}
	for _, name := range b.Ratios.names() {
		fmt.Fprintf(out, "%-50s %6.2f\n", name, b.Ratios[name])
	}
	return b.write(c.baseline)
}

// check measures everything, and what has dropped again.
func check(c config, out io.Writer) error {
	old, err := readBaseline(c.baseline)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "regress-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	now := newBaseline(nil)
	t := newTrial(old.Ratios)
	for _, s := range sources(c, dir) {
		if err := t.run(s, out); err != nil {
			return err
		}
	}
	if now.CPU != old.CPU || now.Go != old.Go {
		fmt.Fprintf(out, "The baseline is of %s, %s; this is %s, %s.\n", old.CPU, old.Go, now.CPU, now.Go)
	}
	t.print(out)
	return t.verdict()
}

var errNothing = errors.New("nothing could be compared with the baseline")
