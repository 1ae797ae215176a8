package bench

import (
	"slices"
	"strconv"
)

// Modes of imgpar, as --mode has them.
const (
	sequential = "sequential"
	goroutine  = "goroutine"
	proc       = "proc"
	auto       = "auto" // the default
)

// variant is a mode on a number of workers.
type variant struct {
	mode    string
	workers int
}

// variants begins with the one that the others are held against.
func variants(most int) []variant {
	v := []variant{{sequential, 1}}
	for _, mode := range []string{goroutine, proc} {
		for _, n := range workerCounts(most) {
			v = append(v, variant{mode, n})
		}
	}
	return append(v, variant{auto, most})
}

// workerCounts are 1 to 4, from there on the powers of two, and the most.
func workerCounts(most int) []int {
	var counts []int
	for n := 1; n < most; n++ {
		if n <= 4 || n&(n-1) == 0 {
			counts = append(counts, n)
		}
	}
	return append(counts, most)
}

// contender is who does the work: a variant of imgpar, or another program.
type contender struct {
	variant          // of imgpar
	program *Program // nil: it is imgpar
	runs    command  // of program
	legible []string // runs, with names in it that say what they are

	probed probed
	wall   []float64 // seconds, a round each
	cpu    []float64
	same   bool // every output is that of the first contender

	quality map[int]float64 // dB, by the number of the file
}

func (c *contender) String() string {
	if c.program != nil {
		return c.program.Name
	}
	return c.mode + " on " + plural(c.workers, "worker")
}

// imgpar is the command of a variant: as people run it, but that nothing is said. With
// json it tells of every file.
func (c Config) imgpar(t Task, v variant, out string, json bool) command {
	args := []string{c.Binary[0], "--mode=" + v.mode, "--jobs=" + strconv.Itoa(v.workers), "--quiet"}
	if json {
		args = append(args, "--json")
	}
	if v.mode == proc || v.mode == auto {
		args = append(args, c.Isolation...)
	}
	return command{path: c.Binary[1], args: slices.Concat(args, t.Args, c.Flags, t.Flags, []string{"--out", out, "--"}, t.Paths)}
}
