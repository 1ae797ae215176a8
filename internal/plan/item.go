package plan

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/imgpar/imgpar/internal/job"
)

// Item is one input of a run.
type Item struct {
	Job   job.Job
	Bytes int64       // size of the input file
	Done  *job.Result // already decided, there is nothing to run; else nil
	due   *due        // what Record needs; nil: nothing is recorded

	peers func(made uint64) bool // tells whether an output was made of an input of this run; nil: that is not asked

	below  int  // where in Job.Input the path below the root begins
	folder bool // the input is a folder that cannot be walked
}

// ListName returns the name of an item that, read by --files0-from, gives the same
// input and the same output: where the path below the root is more than the
// base name, /./ stands before it.
func ListName(it Item) string {
	path := string(it.Job.Input)
	root := it.root()
	rel := path[len(root):]
	switch {
	case rel == "", rel == filepath.Base(path) && !it.folder:
		return path
	case root == "":
		root = "." + sep
	}
	return root + "." + sep + rel
}

const sep = string(filepath.Separator)

// decided makes an item whose result is known. It has no output.
func (c *Config) decided(f file, o job.Outcome, reason string) Item {
	it := c.item(f)
	it.end(o, reason)
	return it
}

// item makes the item of a file, without outputs.
func (c *Config) item(f file) Item {
	it := Item{Job: c.Job, below: f.below}
	it.Job.Input = job.Path(f.path)
	return it
}

// unfit says why a file is no input that can be worked on, by what os.Stat said
// of it; "": it can be.
func unfit(path string, fi fs.FileInfo, err error) string {
	switch {
	case err == nil && fi.Mode().IsRegular():
		return ""
	case err == nil:
		return "unsupported: " + describe(fi.Mode()) + ", not a file"
	}
	if target, lerr := os.Readlink(path); lerr == nil && errors.Is(err, fs.ErrNotExist) {
		return fmt.Sprintf("unreadable: a dangling link to %s", target)
	}
	return "unreadable: " + job.Plain(err)
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
