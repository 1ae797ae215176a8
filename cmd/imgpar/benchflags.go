package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// What bench measures unless told otherwise.
const (
	benchRounds    = 25 // the most
	benchTime      = 2 * time.Minute
	benchPeersTime = 10 * time.Minute // with --peers, most of whom are slower
	benchPhotos    = 48
	benchTiny      = 10000
)

// benchPasses are the common flags that bench hands on, benchPicks those for the
// pictures at PATH, benchIsolation those where there are subprocesses. benchUses are all that mean something to it.
var (
	benchPasses    = []string{"timeout", "mem", "max-pixels", "quality", "optimize", "lossless", "on-damage", "format"}
	benchPicks     = []string{"include", "exclude"}
	benchIsolation = []string{"sandbox", "worker-mem"}
	benchUses      = slices.Concat(benchPasses, benchPicks, benchIsolation, []string{"jobs", "overwrite", "quiet"})
)

// benchFlags are those of bench alone.
type benchFlags struct {
	rounds       int
	time         time.Duration
	peers        bool
	photos, tiny int
	files        reportFiles
}

func (f *benchFlags) register(s *pflag.FlagSet) {
	s.SortFlags = false
	s.BoolVar(&f.peers, "peers", false, "measure other programs that are installed, too")
	f.files.register(s)
	s.DurationVar(&f.time, "time", 0, fmt.Sprintf("begin no round that would end after `D`, such as 10m; each load has one in any case (default %v, with --peers %v)", benchTime, benchPeersTime))
	s.IntVar(&f.rounds, "rounds", benchRounds, "count at most `N` rounds of each load")
	s.IntVar(&f.photos, "photos", benchPhotos, "without a PATH, make `N` photos of 12 megapixels; 0 leaves out what is done with them")
	s.IntVar(&f.tiny, "tiny", benchTiny, "make `N` pictures of 64x64 pixels; 0 leaves out what is done with them")
}

// check holds the flags' values against what is allowed.
func (f *benchFlags) check(given *pflag.FlagSet, paths []string) error {
	switch {
	case f.rounds < 1:
		return fmt.Errorf("--rounds %d: want a number from 1", f.rounds)
	case f.time < 0 || f.time == 0 && given.Changed("time"):
		return fmt.Errorf("--time %v: want a time above 0, such as 30s", f.time)
	case f.photos < 0:
		return fmt.Errorf("--photos %d: want a number from 0", f.photos)
	case f.tiny < 0:
		return fmt.Errorf("--tiny %d: want a number from 0", f.tiny)
	case len(paths) > 0 && given.Changed("photos"):
		return errors.New("--photos is for a bench without a PATH: it makes pictures where there are none")
	case len(paths) == 0 && (given.Changed("include") || given.Changed("exclude")):
		return errors.New("--include and --exclude are for a bench with a PATH")
	case len(paths) == 0 && f.photos == 0 && f.tiny == 0:
		return errors.New("--photos 0 and --tiny 0 leave nothing to measure")
	case slices.Contains(paths, ""):
		return errors.New("a PATH is empty")
	}
	return f.files.check(given)
}

// budget is the time for all rounds.
func (f *benchFlags) budget() time.Duration {
	switch {
	case f.time > 0:
		return f.time
	case f.peers:
		return benchPeersTime
	}
	return benchTime
}

// given returns those of the named flags that are on the command line, as arguments.
func given(cmd *cobra.Command, names []string) []string {
	var args []string
	cmd.Flags().Visit(func(f *pflag.Flag) {
		switch list, isList := f.Value.(pflag.SliceValue); {
		case !slices.Contains(names, f.Name):
		case isList:
			for _, v := range list.GetSlice() {
				args = append(args, "--"+f.Name+"="+v)
			}
		default:
			args = append(args, "--"+f.Name+"="+f.Value.String())
		}
	})
	return args
}
