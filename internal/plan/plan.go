// Package plan turns the paths of a command line into jobs: it finds the
// inputs, names their outputs, knows before the first file is written which of
// them would meet, and asks the journal what is done already.
//
// Nothing holds all inputs at once. Open (open.go) makes a plan, and Items yields
// the inputs while the walk goes on: walk.go, folder.go and parts.go read folders,
// ignore.go and list.go say what of them is taken; maker.go makes items of what they
// hold, several batches at once; order.go lets the largest of those at hand go first.
//
// An item gets its names by namer.go. conflict.go finds names that meet, by the
// keys of folding.go, and resolve.go decides what becomes of them. uptodate.go asks
// the journal, by the digests of digest.go, and record.go tells it what became of an
// item. skim.go is a short cut through all of that for folders in which most is up to
// date, with the names of simple.go. again.go and entering.go are for a run that
// watches its folders.
package plan

import (
	"fmt"
	"os"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
)

// Config says what to work on and where the outputs go.
type Config struct {
	Paths    []string // files, and folders to walk; in the order given
	List     *List    // more of them, behind Paths; nil: none
	Out      string   // folder that mirrors the trees; "": outputs stand beside their inputs
	Name     string   // template of the outputs' names, see naming.Template; "": {dir}/{stem}{Suffix}.{ext}
	Suffix   string   // added to the stems of the outputs
	Op       string   // name of the operation, for {op}
	InPlace  bool     // outputs replace their inputs
	Backup   string   // in place: added to the names under which the originals are kept; "": they are not
	Format   codec.Format
	Also     []Also // further outputs of each input
	Conflict OnConflict
	Include  []string // globs on the path below its root, or on the base name if without a slash; empty: all
	Exclude  []string // likewise; folders that match are not walked

	// Size returns the dimensions of the picture that a pipeline makes of an
	// input, for {w} and {h}, or the reason why there is none.
	Size func(input, pipeline string) (width, height int, reason string)

	Journal     *journal.Journal // what has been done; nil: nothing is known of that
	RetryFailed bool             // try again what failed before
	ledger      *ledger          // see withLedger

	// Job is the pattern of all jobs: everything but its input and what the
	// outputs are called.
	Job job.Job

	names  *namer // made of the above when the plan is opened; nil: not yet
	listed int    // maxListed, or less in tests
}

// Also is a further output of each input.
type Also struct {
	Pipeline string
	Name     string // template
	Format   codec.Format
}

// OnConflict says what becomes of inputs that would write one output.
type OnConflict string

const (
	FailConflict   OnConflict = "fail"   // none of them is written
	RenameConflict OnConflict = "rename" // all but the first, by name, get a number
	SkipConflict   OnConflict = "skip"   // all but the first, by name, are skipped
)

// Validate says what is wrong with c.
func (c Config) Validate() error {
	for _, g := range append(append([]string(nil), c.Include...), c.Exclude...) {
		if !doublestar.ValidatePattern(g) {
			return fmt.Errorf("%q is not a glob; examples: '*.jpg', '2024/**', '**/raw'", g)
		}
	}
	switch {
	case c.InPlace && c.Out != "":
		return fmt.Errorf("--in-place and --out exclude each other")
	case c.InPlace && c.Format != "":
		return fmt.Errorf("--in-place cannot change the format: the name would no longer fit")
	}
	if _, err := newNamer(c); err != nil {
		return err
	}
	return c.validateOut()
}

// outIsInput is the error of an output folder that is to be walked itself.
func (c Config) outIsInput() error {
	return fmt.Errorf("--out %s is the folder of the inputs: each output would be its input", c.Out)
}

// validateOut refuses an output folder that is a file, or a tree to walk.
func (c Config) validateOut() error {
	if c.Out == "" {
		return nil
	}
	out, err := os.Stat(c.Out)
	if err != nil {
		return nil // to be made; what stands against that is found when a file is written
	}
	if !out.IsDir() {
		return fmt.Errorf("--out %s: there is a file of that name", c.Out)
	}
	for _, p := range c.Paths {
		if in, err := os.Stat(p); err == nil && os.SameFile(in, out) {
			return c.outIsInput()
		}
	}
	return nil
}
