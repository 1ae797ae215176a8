//go:build unix

package main

import (
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// Scripts about what only Unix has: pipes, links, modes, names of any bytes.
func TestUnixScripts(t *testing.T) {
	all := maps.Clone(commands)
	maps.Copy(all, commandSet{"mkfifo": mkfifo, "mode": mode, "oddname": oddName, "untilfile": untilFile})
	runScripts(t, "testdata/unix", all)
}

func mkfifo(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1, "mkfifo FILE")
	ts.Check(unix.Mkfifo(ts.MkAbs(args[0]), 0o666))
}

// mode holds a file's permissions against those given, octal.
func mode(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "mode OCTAL FILE")
	want, err := strconv.ParseUint(args[0], 8, 32)
	ts.Check(err)
	fi, err := os.Lstat(ts.MkAbs(args[1]))
	ts.Check(err)
	if fi.Mode() != os.FileMode(want) {
		ts.Fatalf("%s has mode %v, want %v", args[1], fi.Mode(), os.FileMode(want))
	}
}

// oddName copies a file into a folder under a name that a script cannot spell:
// in Go's notation for strings, without the quotes.
func oddName(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 3, "oddname FILE FOLDER NAME")
	name, err := strconv.Unquote(`"` + args[2] + `"`)
	ts.Check(err)
	data, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.WriteFile(filepath.Join(ts.MkAbs(args[1]), name), data, 0o666))
}
