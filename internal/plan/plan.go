// Package plan turns the paths of a command line into jobs: it finds the
// inputs, names their outputs, and knows before the first file is written
// which of them would meet.
package plan

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// Config says what to work on and where the outputs go.
type Config struct {
	Paths   []string // files, and folders to walk; in the order given
	Out     string   // folder that mirrors the trees; "": outputs stand beside their inputs
	Suffix  string   // added to the stems of the outputs
	InPlace bool     // outputs replace their inputs
	Format  codec.Format
	Include []string // globs on the path below its root, or on the base name if without a slash; empty: all
	Exclude []string // likewise; folders that match are not walked

	// Job is the pattern of all jobs: everything but Input, Output and Format.
	Job job.Job
}

// Validate says what is wrong with c.
func (c Config) Validate() error {
	for _, g := range append(append([]string(nil), c.Include...), c.Exclude...) {
		if !doublestar.ValidatePattern(g) {
			return fmt.Errorf("%q is not a glob; examples: '*.jpg', '2024/**', '**/raw'", g)
		}
	}
	if c.InPlace {
		switch {
		case c.Out != "":
			return fmt.Errorf("--in-place and --out exclude each other")
		case c.Format != "":
			return fmt.Errorf("--in-place cannot change the format: the name would no longer fit")
		}
		return nil
	}
	if c.Out == "" && c.Suffix == "" && c.Format == "" {
		return fmt.Errorf("without --out and --suffix each output would be its input; --in-place replaces the inputs")
	}
	if strings.ContainsAny(c.Suffix, "/\\\x00") {
		return fmt.Errorf("suffix %q: want a part of a name, without slashes", c.Suffix)
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
}

// Plan is everything that a run will do.
type Plan struct {
	Items   []Item // in the order found: paths as given, folders by name
	Bytes   int64  // of the items that are to be run
	Ignored int    // files in walked folders that are not named like pictures, hidden, or outputs of an earlier run
}

// Make finds the inputs below c.Paths. It stops with ctx's error when that is
// done. What it cannot read becomes an item with a Failed result.
func Make(ctx context.Context, c Config) (*Plan, error) {
	w := walker{ctx: ctx, cfg: c, seen: map[string]bool{}}
	if c.Out != "" {
		w.out, _ = os.Stat(c.Out) // not there yet: nothing to leave out
	}
	for _, p := range c.Paths {
		if err := w.root(p); err != nil {
			return nil, err
		}
	}
	refuseCollisions(c, w.plan.Items)
	for _, it := range w.plan.Items {
		if it.Done == nil {
			w.plan.Bytes += it.Bytes
		}
	}
	return &w.plan, nil
}

// output names the output of input, which stands at rel below its root.
func (c Config) output(input, rel string) (name string, f codec.Format) {
	switch {
	case c.InPlace:
		f, _ = codec.FromName(input)
		return input, f
	case c.Out != "":
		name = filepath.Join(c.Out, rel)
	default:
		name = input
	}
	ext := filepath.Ext(name)
	name = strings.TrimSuffix(name, ext) + c.Suffix + ext
	return c.withFormat(name)
}

// withFormat returns name with the extension of the format to write, and that
// format. It is the one asked for, else the one that the name claims, if that
// can be written. A name that claims none leaves it to the content.
func (c Config) withFormat(name string) (string, codec.Format) {
	claims, known := codec.FromName(name)
	f := c.Format
	switch {
	case f == "" && !known:
		return name, ""
	case f == "":
		f = claims.Default()
	}
	if known && claims == f {
		return name, f
	}
	if known {
		name = strings.TrimSuffix(name, filepath.Ext(name))
	}
	return name + f.Extension(), f
}

// isOutput tells whether a file in a folder is what an earlier run with the
// same suffix made of one of its neighbours.
func (c Config) isOutput(name string, hasStem func(stem string) bool) bool {
	if c.Out != "" || c.InPlace || c.Suffix == "" {
		return false
	}
	stem, ok := strings.CutSuffix(strings.TrimSuffix(name, filepath.Ext(name)), c.Suffix)
	return ok && stem != "" && hasStem(stem)
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
