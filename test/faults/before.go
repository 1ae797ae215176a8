//go:build faults && linux

package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
)

// What was before a run.

// meeting adds inputs whose outputs have the names of others.
func (s *suite) meeting(_ testCase, dir string) error {
	for _, name := range []string{"a.png", "b.jpg"} {
		if err := s.source(dir, name, "png_rgb8.png"); err != nil {
			return err
		}
	}
	return nil
}

// older is the pipeline of an earlier run.
const older = "sharpen 0.9"

// older has the outputs made on other terms, and noted.
func (s *suite) older(c testCase, dir string) error { return s.earlier(dir, c.with(older)) }

// earlier is a run before the one in question.
func (s *suite) earlier(dir string, command []string) error {
	r, err := s.exec(dir, s.imgpar, command...)
	if err == nil && r.status != 1 { // for the broken picture
		err = fmt.Errorf("the run before: exit status %d\n%s%s", r.status, r.stdout, r.stderr)
	}
	return err
}

// tornJournal has a journal that begins with half of its first line, as a power
// failure may leave it.
func (s *suite) tornJournal(_ testCase, dir string) error {
	name := filepath.Join(dir, journalFile)
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	return os.WriteFile(name, []byte("imgpar jou"), 0o600)
}

// superseded is how many lines make a journal one that is written anew.
const superseded = 10_001

// longJournal is older, with a journal that will be written anew.
func (s *suite) longJournal(c testCase, dir string) error {
	if err := s.older(c, dir); err != nil {
		return err
	}
	return lengthen(dir)
}

// longJournalInPlace is the same where all is done: it would be done twice, were
// the journal lost.
func (s *suite) longJournalInPlace(c testCase, dir string) error {
	if err := s.earlier(dir, c.command()); err != nil {
		return err
	}
	return lengthen(dir)
}

func lengthen(dir string) error {
	j, err := journal.Open(filepath.Join(dir, journalFile))
	if err != nil {
		return err
	}
	for i := range uint64(superseded) {
		if err := j.Append(journal.Record{Key: 1, Digest: i, State: 1, Outcome: job.OK}); err != nil {
			return err
		}
	}
	return j.Close()
}
