package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
	"github.com/imgpar/imgpar/internal/plan"
)

// openJournal opens what is known of earlier runs; nil: nothing, and nothing is
// to be remembered. The journal that nobody asked for is no reason to fail:
// where it cannot be had, that is said, and the run goes on without.
func (a *app) openJournal(cfg plan.Config) (*journal.Journal, error) {
	f := &a.flags.journal
	if f.off {
		return nil, nil
	}
	file, err := f.file, error(nil)
	switch {
	case file != "":
	case cfg.InPlace:
		file, err = journal.InPlaceFile()
	default:
		file, err = journal.DefaultFile(outputFolder(cfg))
	}
	var j *journal.Journal
	switch {
	case err != nil:
	case a.flags.dryRun:
		j, err = journal.Read(file)
	default:
		j, err = journal.Open(file)
	}
	var foreign *journal.NotJournalError
	switch {
	case err == nil:
	case errors.As(err, &foreign):
		return nil, hintError{fmt.Errorf("journal: %w", foreign), "--journal FILE names another, --no-journal does without"}
	case f.file != "":
		return nil, runError{fmt.Errorf("--journal %s: %s", file, job.Plain(err))}
	case cfg.InPlace && cfg.Backup == "" && !a.flags.dryRun:
		return nil, runError{hintError{fmt.Errorf("no journal, so what was replaced would be worked on again: %s", withName(file, err)),
			"--journal FILE names another, --backup keeps the originals, --no-journal does without"}}
	case !a.flags.quiet:
		fmt.Fprintf(a.stderr, "imgpar: no journal, so what is done is not remembered: %s\n", withName(file, err))
	}
	if a.flags.watch {
		j.Follow() // what is written comes back as news
	}
	return j, nil
}

// withName says what is wrong with a file, if it has come to that.
func withName(file string, err error) string {
	if file == "" {
		return job.OneLine(err.Error())
	}
	return file + ": " + job.Plain(err)
}

// outputFolder is the folder whose outputs share a journal: that of --out, else
// the deepest one that holds all PATHs, so that it is the same for a folder and
// for the files in it.
func outputFolder(cfg plan.Config) string {
	if cfg.Out != "" {
		return cfg.Out
	}
	if cfg.List != nil {
		return "." // where its names begin, for all that is known
	}
	here, err := os.Getwd()
	if err != nil {
		return "."
	}
	common := ""
	for i, p := range cfg.Paths {
		if !filepath.IsAbs(p) {
			p = filepath.Join(here, p)
		}
		if p = filepath.Clean(p); i == 0 {
			common = p
		}
		common = commonFolder(common, p)
	}
	if fi, err := os.Stat(common); err != nil || !fi.IsDir() {
		common = filepath.Dir(common) // of one file, or of one that is not there
	}
	return common
}

// commonFolder returns the deepest name that both are, or are below.
func commonFolder(a, b string) string {
	const sep = string(filepath.Separator)
	for a != b && !strings.HasPrefix(b, strings.TrimSuffix(a, sep)+sep) {
		up := filepath.Dir(a)
		if up == a { // on another volume
			return a
		}
		a = up
	}
	return a
}
