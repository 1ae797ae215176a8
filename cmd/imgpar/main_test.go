package main

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// TestMain makes imgpar a command of the scripts and of $PATH: this binary
// under another name. The workers of proc mode are that binary, too. With the
// race detector each of these processes would sleep a second before it ends.
//
// Some tests wait for most of their time, for a file to settle or for a deadline:
// twice as many as there are CPUs run side by side, unless -parallel says otherwise.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	os.Setenv("GORACE", "atexit_sleep_ms=0")
	testscript.Main(m, map[string]func(){"imgpar": main})
}

func TestScripts(t *testing.T) { runScripts(t, "testdata/script", commands) }

// runScripts runs the scripts of a folder side by side, each in a folder of its
// own, with the test pictures at $FIXTURES.
func runScripts(t *testing.T, dir string, commands commandSet) {
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		Cmds:                commands,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("FIXTURES", fixtures(t))
			env.Setenv("GORACE", os.Getenv("GORACE"))
			env.Setenv("XDG_STATE_HOME", env.WorkDir+".state")
			return nil
		},
	})
}

// fixtures returns the folder of test pictures; its README says what is to be
// expected of each.
func fixtures(t testing.TB) string {
	dir, err := filepath.Abs(filepath.Join("..", "..", "testdata", "images"))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// ended is what a run of the program left behind.
type ended struct {
	stdout, stderr string
	status         int
}

// command is a program whose journals are in a folder of this test's own.
func command(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(cmd.Environ(), "XDG_STATE_HOME="+filepath.Join(filepath.Dir(t.TempDir()), "state"))
	return cmd
}

// imgpar runs the program as a process of its own.
func imgpar(t *testing.T, args ...string) ended {
	t.Helper()
	cmd := command(t, "imgpar", args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return ended{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}
