package plan

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// Item is one input of a run.
type Item struct {
	Job   job.Job
	Bytes int64       // size of the input file
	Done  *job.Result // already decided, there is nothing to run; else nil

	below  int  // where in Job.Input the path below the root begins
	folder bool // the input is a folder that cannot be walked
}

// ListName returns the name of an item that, read by --files0-from, gives the same
// input and the same output: where the path below the root is more than the
// base name, /./ stands before it.
func ListName(it Item) string {
	path := string(it.Job.Input)
	root, rel := path[:it.below], path[it.below:]
	switch {
	case rel == "", rel == filepath.Base(path) && !it.folder:
		return path
	case root == "":
		root = "." + sep
	}
	return root + "." + sep + rel
}

const sep = string(filepath.Separator)

// item makes the item of a file: its job, with the names of its outputs.
func (c *Config) item(path string, below int) Item {
	it := Item{Job: c.Job, below: below}
	out, format := c.output(path, path[below:])
	it.Job.Input, it.Job.Output, it.Job.Format = job.Path(path), job.Path(out), string(format)
	if c.InPlace {
		it.Job.InPlace = &job.InPlace{Backup: c.Backup}
	}
	return it
}

// decided makes an item whose result is known. It has no output.
func (c *Config) decided(path string, below int, o job.Outcome, reason string) Item {
	it := Item{Job: c.Job, below: below}
	it.Job.Input = job.Path(path)
	it.end(o, reason)
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

// source returns the stem of the file that an earlier run with the same names has
// made the file name of, if it has.
func (c *Config) source(name string) (stem string, ok bool) {
	if c.Out != "" || c.InPlace || c.Suffix == "" {
		return "", false
	}
	stem, ok = strings.CutSuffix(strings.TrimSuffix(name, filepath.Ext(name)), c.Suffix)
	return stem, ok && stem != ""
}

// pictureStem returns the stem of a name that is like a picture's.
func pictureStem(name string) (string, bool) {
	if _, ok := codec.FromName(name); !ok {
		return "", false
	}
	return strings.TrimSuffix(name, filepath.Ext(name)), true
}
