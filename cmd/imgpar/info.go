package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/plan"
	"github.com/imgpar/imgpar/internal/report"
	"github.com/imgpar/imgpar/internal/transform"
)

const infoHelp = `info prints what imgpar understands of each file, from its header and metadata:
how it is coded, its dimensions, colours, orientation, colour profile and
metadata, and the way that gray and resize would go with it. Pixels are not
read, so damage in them does not come to light here.

  imgpar info a.jpg
  imgpar info --json *.jpg`

func (a *app) infoCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "info FILE...", Short: "print what is understood of files, pixels left out", Long: infoHelp,
		GroupID: "tool", DisableFlagsInUseLine: true,
	}
	cmd.RunE = func(cmd *cobra.Command, names []string) error {
		names, err := a.infoNames(names)
		if err != nil {
			return err
		}
		return a.info(names)
	}
	return uses(cmd, "json", "max-pixels", "files0-from")
}

// infoNames returns the files that the command line names.
func (a *app) infoNames(names []string) ([]string, error) {
	if err := a.flags.check(); err != nil {
		return nil, err
	}
	if a.flags.files0 != "" {
		more, err := a.readNames(a.flags.files0)
		if err != nil {
			return nil, err
		}
		names = append(names, more...)
	} else if len(names) == 0 {
		return nil, hintError{errors.New("info: no file"), "for example: imgpar info photo.jpg"}
	}
	if slices.Contains(names, "") {
		return nil, errors.New("a FILE is empty")
	}
	return names, nil
}

// readNames reads the whole of a list of names.
func (a *app) readNames(file string) ([]string, error) {
	list, err := plan.OpenList(file, a.stdin)
	if err != nil {
		return nil, fmt.Errorf("--files0-from: %w", err)
	}
	defer list.Close() // only read
	var names []string
	for name, err := range list.Names() {
		if err != nil {
			return nil, fmt.Errorf("--files0-from: %w", err)
		}
		names = append(names, name)
	}
	return names, nil
}

// info prints the files one after another. The exit status tells whether all
// could be read.
func (a *app) info(names []string) error {
	failed, folder := false, ""
	for i, name := range names {
		s := inspect(name, a.flags.maxPixels)
		failed = failed || s.reason != ""
		if s.isFolder {
			folder = name
		}
		err := error(nil)
		if a.flags.json {
			err = writeInfoLine(a.stdout, s)
		} else {
			_, err = io.WriteString(a.stdout, infoText(s, i > 0))
		}
		if err != nil {
			return runError{err}
		}
	}
	if folder != "" {
		fmt.Fprintf(a.stderr, "imgpar: hint: info takes files, as in: find %s -type f -print0 | imgpar info --files0-from -\n", report.Printable(folder))
	}
	if failed {
		return statusError(exitFailed)
	}
	return nil
}

// sight is what is understood of a file.
type sight struct {
	name     string
	size     int64
	reason   string // why it cannot be read; else there is the rest
	isFolder bool
	codec.Description
	gray, resize transform.Way
}

func inspect(name string, maxPixels int64) sight {
	if fi, err := os.Stat(name); err == nil && fi.IsDir() {
		return sight{name: name, reason: "unsupported: a folder", isFolder: true}
	}
	j := job.Job{Input: job.Path(name), MaxPixels: maxPixels}
	s := sight{name: name}
	if s.Description, s.size, s.reason = transform.Inspect(j); s.reason != "" {
		return s
	}
	explain := func(pipeline string) transform.Way {
		j.Pipeline = pipeline
		return transform.Explain(j, s.Header)
	}
	s.gray, s.resize = explain("gray"), explain("resize")
	return s
}
