package main

import (
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/bench"
)

// benchRounds is how often each variant is measured unless told otherwise.
const benchRounds = 5

const benchHelp = `bench answers on your own pictures which mode is faster and what isolation
costs: one after another, on goroutines and in subprocesses, on 1 to --jobs
workers, for gray and resize. Every measurement is a process of its own, which
writes into a temporary folder; your files are only read.`

func (a *app) benchCommand() *cobra.Command {
	rounds := benchRounds
	cmd := &cobra.Command{
		Use: "bench [PATH...]", Short: "compare goroutines with subprocesses on your pictures", Long: benchHelp,
		GroupID: "tool", DisableFlagsInUseLine: true,
	}
	cmd.Flags().IntVar(&rounds, "rounds", rounds, "measure each variant `N` times")
	cmd.RunE = func(cmd *cobra.Command, paths []string) error {
		cfg, err := a.benchConfig(cmd, rounds, paths)
		if err != nil {
			return err
		}
		b := newBrakes()
		defer b.kill()
		defer b.listen(func(bool) {})()
		rows, err := bench.Run(b.gently, cfg, func(s string) {
			if !a.flags.quiet {
				fmt.Fprintf(a.stderr, "imgpar: bench: %s\n", s)
			}
		})
		switch {
		case b.interrupted():
			return statusError(exitInterrupted)
		case err != nil:
			return runError{err}
		case a.flags.json:
			err = bench.WriteJSON(a.stdout, rows)
		default:
			err = bench.WriteTable(a.stdout, rows)
		}
		if err != nil {
			return runError{err}
		}
		return nil
	}
	return uses(cmd, slices.Concat(benchPasses, benchUses)...)
}

// benchPasses are the common flags that bench hands on; benchUses are those
// that mean something to bench itself.
var (
	benchPasses = []string{"timeout", "mem", "max-pixels", "quality", "optimize", "lossless", "on-damage", "include", "exclude", "format"}
	benchUses   = []string{"jobs", "json", "quiet"}
)

func (a *app) benchConfig(cmd *cobra.Command, rounds int, paths []string) (bench.Config, error) {
	if err := a.flags.check(); err != nil {
		return bench.Config{}, err
	}
	if rounds < 1 {
		return bench.Config{}, fmt.Errorf("--rounds %d: want a number from 1", rounds)
	}
	var pass []string
	cmd.Flags().Visit(func(f *pflag.Flag) {
		switch list, isList := f.Value.(pflag.SliceValue); {
		case !slices.Contains(benchPasses, f.Name):
		case isList:
			for _, v := range list.GetSlice() {
				pass = append(pass, "--"+f.Name+"="+v)
			}
		default:
			pass = append(pass, "--"+f.Name+"="+f.Value.String())
		}
	})
	self, err := os.Executable()
	if err != nil {
		return bench.Config{}, err
	}
	if len(paths) == 0 {
		paths = []string{"."}
	}
	return bench.Config{
		Binary: []string{os.Args[0], self}, Paths: paths, Works: bench.Works(),
		Jobs: a.flags.workers(), Rounds: rounds, Flags: pass,
	}, nil
}
