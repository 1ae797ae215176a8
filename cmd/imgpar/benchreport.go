package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/bench"
	"github.com/imgpar/imgpar/bench/chart"
	"github.com/imgpar/imgpar/bench/page"
	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/atomicfile"
	"github.com/imgpar/imgpar/internal/report"
)

// reportForms are the files that a bench can make of its report.
var reportForms = []struct {
	flag, usage string
	write       func(io.Writer, bench.Report) error
}{
	{"json", "write all figures to `FILE` as one JSON object (-: to standard output, in place of the tables)", func(w io.Writer, r bench.Report) error { return r.WriteJSON(w) }},
	{"svg", "draw charts into `FILE`", func(w io.Writer, r bench.Report) error { return chart.Write(w, r, "svg") }},
	{"png", "draw charts into `FILE`", func(w io.Writer, r bench.Report) error { return chart.Write(w, r, "png") }},
	{"html", "write tables and charts into `FILE`, a page that needs no other", page.Write},
}

// reportFiles are the names of these files, in their order; "": it is not made.
type reportFiles []string

func (n *reportFiles) register(s *pflag.FlagSet) {
	*n = make(reportFiles, len(reportForms))
	for i, form := range reportForms {
		s.StringVar(&(*n)[i], form.flag, "", form.usage)
	}
}

// check refuses names that cannot be meant.
func (n reportFiles) check(given *pflag.FlagSet) error {
	seen := map[string]string{}
	for i, name := range n {
		flag := reportForms[i].flag
		switch {
		case name == "" && given.Changed(flag):
			return fmt.Errorf("--%s is empty", flag)
		case name == "":
			continue
		case name == "-" && flag != "json":
			return fmt.Errorf("--%s -: want the name of a file", flag)
		}
		clean := filepath.Clean(name)
		if seen[clean] != "" {
			return fmt.Errorf("--%s and --%s name one file", seen[clean], flag)
		}
		seen[clean] = flag
	}
	return nil
}

// reportFile is one that is to be written.
type reportFile struct {
	name  string // "-": standard output
	write func(io.Writer, bench.Report) error
}

// openFiles looks whether all the files can be written, before hours of measuring. A
// picture that stands there is replaced only if overwrite says so: whoever forgets a
// name after the flag loses none.
func (f *benchFlags) openFiles(overwrite bool) ([]reportFile, error) {
	var files []reportFile
	for i, name := range f.files {
		if name == "" {
			continue
		}
		form := reportForms[i]
		if name != "-" {
			final, err := replaceable(name, overwrite)
			if err != nil {
				return nil, fmt.Errorf("--%s %s: %w", form.flag, report.Printable(name), err)
			}
			if slices.ContainsFunc(files, func(f reportFile) bool { return f.name == final }) {
				return nil, fmt.Errorf("--%s %s: another of the files that are asked for is the same", form.flag, report.Printable(name))
			}
			name = final
		}
		files = append(files, reportFile{name, form.write})
	}
	return files, nil
}

// replaceable returns the name behind links of a file that can be made or replaced.
func replaceable(name string, overwrite bool) (string, error) {
	if final, err := filepath.EvalSymlinks(name); err == nil {
		name = final
	}
	switch old, err := os.Stat(name); {
	case err != nil: // there is none, or writable says why it cannot be seen
	case !old.Mode().IsRegular():
		return "", errors.New("it exists and is no file")
	case codec.NamesPicture(name) && !overwrite:
		return "", hintError{errors.New("it is named like a picture, and exists"), "--overwrite replaces it"}
	}
	if err := writable(filepath.Dir(name)); err != nil {
		return "", runError{err}
	}
	return name, nil
}

// tell writes the report to all files, and for people.
func (a *app) tell(r bench.Report, files []reportFile) error {
	text, failed := r.WriteText, error(nil)
	for _, f := range files {
		if f.name == "-" {
			text = func(w io.Writer) error { return f.write(w, r) }
		} else if err := f.make(r); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", report.Printable(f.name), err))
		}
	}
	if err := errors.Join(failed, text(a.stdout)); err != nil {
		return runError{err}
	}
	return nil
}

// make writes the file, which appears whole or not at all.
func (f reportFile) make(r bench.Report) error {
	p, err := atomicfile.Create(f.name, atomicfile.Options{Overwrite: true})
	if err != nil {
		return err
	}
	if err := f.write(p.File, r); err != nil {
		return errors.Join(err, p.Abort())
	}
	_, err = p.Commit() // has notes only of files that are replaced with all that belongs to them
	return err
}
