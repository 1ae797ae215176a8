// Package plan turns the paths of a command line into jobs: it finds the
// inputs, names their outputs, and knows before the first file is written
// which of them would meet.
package plan

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"slices"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
)

// Config says what to work on and where the outputs go.
type Config struct {
	Paths    []string // files, and folders to walk; in the order given
	Out      string   // folder that mirrors the trees; "": outputs stand beside their inputs
	Name     string   // template of the outputs' names, see Template; "": {dir}/{stem}{Suffix}.{ext}
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
	Checksum    bool             // an input is the same when its content is; else when size and time of change are
	RetryFailed bool             // try again what failed before

	// Job is the pattern of all jobs: everything but its input and what the
	// outputs are called.
	Job job.Job

	names *namer // made of the above when the plan is opened; nil: not yet
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
			return fmt.Errorf("--out %s is the folder of the inputs: each output would be its input", c.Out)
		}
	}
	return nil
}

// Item is one input of a run.
type Item struct {
	Job   job.Job
	Bytes int64       // size of the input file
	Done  *job.Result // already decided, there is nothing to run; else nil

	below int // where in Job.Input the path below the root begins
}

// Plan is what a run will do, found as it is asked for.
type Plan struct {
	items   []Item
	bytes   int64
	ignored int
}

// Items yields every input once, in the order in which it is best worked on.
// What needs no work has its result. It can be looped over once.
func (p *Plan) Items() iter.Seq[Item] { return slices.Values(p.items) }

// Ignored returns the number of files in walked folders that are not named like
// pictures, hidden, or outputs of an earlier run; complete when Items has ended.
func (p *Plan) Ignored() int { return p.ignored }

// Total returns the number of inputs and their bytes, if that is known: when the
// names had to be held against each other first, or the walk has ended.
func (p *Plan) Total() (files int, bytes int64, known bool) { return len(p.items), p.bytes, true }

// Again yields the inputs that stand in folder itself, which is one of those
// walked, once more, for a run that watches it.
func (p *Plan) Again(ctx context.Context, folder string) iter.Seq[Item] {
	return func(func(Item) bool) {}
}

// Count walks as the plan does and returns the number of inputs and their
// bytes. It is for showing how far a run is.
func Count(ctx context.Context, c Config) (files int, bytes int64, err error) { return 0, 0, nil }

// Open finds the inputs below c.Paths. It stops with ctx's error when that is
// done. What it cannot read becomes an item with a Failed result.
func Open(ctx context.Context, c Config) (*Plan, error) {
	names, err := newNamer(c)
	if err != nil {
		return nil, err
	}
	c.names = &names
	w := walker{ctx: ctx, cfg: c, names: names, seen: map[string]bool{}}
	if c.Out != "" {
		w.out, _ = os.Stat(c.Out) // not there yet: nothing to leave out
	}
	for _, p := range c.Paths {
		if err := w.root(p); err != nil {
			return nil, err
		}
	}
	if err := settleAll(c, w.plan.items); err != nil {
		return nil, err
	}
	for _, it := range w.plan.items {
		if it.Done == nil {
			w.plan.bytes += it.Bytes
		}
	}
	return &w.plan, nil
}

// describe names what is no regular file.
func describe(m fs.FileMode) string {
	switch {
	case m&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	}
	return "no regular file"
}
