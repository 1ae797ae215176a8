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

// testCase is a command line.
type testCase struct {
	mode, place string
	args        []string
}

func (c testCase) name() string { return c.mode + ", " + c.place }

func cases() []testCase {
	var list []testCase
	for _, mode := range []string{"goroutine", "proc"} {
		list = append(list,
			testCase{mode, "-o", []string{"-o", "out"}},
			testCase{mode, "beside", nil},
			testCase{mode, "in place, --backup", []string{"--in-place", "--backup"}},
			testCase{mode, "in place, --yes", []string{"--in-place", "--yes"}},
		)
	}
	return list
}

// command is the run of c, in a folder made for it.
func (c testCase) command() []string {
	return append([]string{"--mode=" + c.mode, "-j1", "--json", "--progress=none", "--retry-failed", "--journal=" + journalFile, "run", "sharpen 0.5", "in"}, c.args...)
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

// undisturbed returns the tree before and after a run that nothing disturbs.
func (s *suite) undisturbed(c testCase) (before, after tree, err error) {
	dir, err := s.folder()
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
	if r.status != 1 || bytes.Count(r.stdout, []byte(`"outcome":"ok"`)) != len(pictures)-1 {
		return nil, nil, fmt.Errorf("undisturbed: exit status %d\n%s%s", r.status, r.stdout, r.stderr)
	}
	after, err = readTree(dir)
	return before, after, err
}
