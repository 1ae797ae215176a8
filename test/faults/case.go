//go:build faults && linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// stateFolder is where the journal is, below the folder of a run.
const stateFolder = "state"

// journalFile is given by name: the default is named by the folder, and the fault
// by the name.
const journalFile = stateFolder + "/imgpar/journal"

// testCase is a command line, and what was there before.
type testCase struct {
	mode, place string
	args        []string
	before      func(s *suite, c testCase, dir string) error // nil: the inputs alone
	below       string                                       // only points on files whose names begin so
	idle        bool                                         // all is done already
	back        bool                                         // what was before is made again in the end
}

func (c testCase) name() string { return c.mode + ", " + c.place }

func cases() []testCase {
	var list []testCase
	for _, mode := range []string{"goroutine", "proc"} {
		out, place := []string{"-o", "out"}, []string{"--in-place", "--yes"}
		list = append(list,
			testCase{mode: mode, place: "-o", args: out},
			testCase{mode: mode, place: "beside"},
			testCase{mode: mode, place: "in place, --backup", args: []string{"--in-place", "--backup"}},
			testCase{mode: mode, place: "in place, --yes", args: place},
			testCase{mode: mode, place: "-o, --also", args: append(out, "--also", "gray -> {dir}/{stem}_gray.{ext}"), below: "out/"},
			testCase{mode: mode, place: "-o, --checksum", args: append(out, "--checksum"), below: "out/"},
			testCase{mode: mode, place: "-o, names that meet", args: append(out, "--name={stem}.{ext}", "--format=png", "--on-conflict=rename"), below: "out/", before: (*suite).meeting},
			testCase{mode: mode, place: "-o, made anew", args: out, before: (*suite).older, back: true},
			testCase{mode: mode, place: "-o, made anew, --checksum", args: append(out, "--checksum"), below: "out/", before: (*suite).older, back: true},
			testCase{mode: mode, place: "-o, torn journal", args: out, below: stateFolder, before: (*suite).tornJournal},
			testCase{mode: mode, place: "-o, journal too long", args: out, below: stateFolder, before: (*suite).longJournal, back: true},
			testCase{mode: mode, place: "in place, journal too long", args: place, below: stateFolder, before: (*suite).longJournalInPlace, idle: true},
		)
	}
	return list
}

// command is the run of c, in a folder made for it.
func (c testCase) command() []string { return c.with("sharpen 0.5") }

// with is c with another pipeline.
func (c testCase) with(pipeline string) []string {
	return append([]string{"--mode=" + c.mode, "-j1", "--json", "--progress=none", "--retry-failed", "--journal=" + journalFile, "run", pipeline, "in"}, c.args...)
}

// ran is the end of a run.
type ran struct {
	stdout, stderr []byte
	status         int // -1: killed
}

// exec runs a program in dir, so that it stays on one thread where it can.
func (s *suite) exec(dir, program string, args ...string) (ran, error) {
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	state := filepath.Join(dir, stateFolder)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "GOGC=off", "GODEBUG=asyncpreemptoff=1", "XDG_STATE_HOME="+state, "HOME="+state)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return ran{}, err
	}
	return ran{stdout.Bytes(), stderr.Bytes(), cmd.ProcessState.ExitCode()}, nil
}

// folder makes a folder with the inputs.
func (s *suite) folder() (string, error) {
	dir, err := os.MkdirTemp(s.work, "run")
	if err != nil {
		return "", err
	}
	return dir, s.sources(dir)
}

// bedOf makes a folder with the inputs of a case, and what was before it.
func (s *suite) bedOf(c testCase) (string, error) {
	dir, err := s.folder()
	if err == nil && c.before != nil {
		err = c.before(s, c, dir)
	}
	return dir, err
}

// undisturbed returns the tree before and after a run that nothing disturbs.
func (s *suite) undisturbed(c testCase) (before, after tree, err error) {
	dir, err := s.bedOf(c)
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	if before, err = readTree(dir); err != nil {
		return nil, nil, err
	}
	r, err := s.exec(dir, s.imgpar, c.command()...)
	if err != nil {
		return nil, nil, err
	}
	ends, all := outcomes(r.stdout), 0
	for _, n := range ends {
		all += n
	}
	skipped := 0
	if c.idle {
		skipped = all - 1
	}
	if r.status != 1 || ends["failed"] != 1 || ends["skipped"] != skipped || ends["ok"] != all-1-skipped {
		return nil, nil, fmt.Errorf("undisturbed: exit status %d\n%s%s", r.status, r.stdout, r.stderr)
	}
	after, err = readTree(dir)
	return before, after, err
}
