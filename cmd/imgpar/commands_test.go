package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

type commandSet map[string]func(ts *testscript.TestScript, neg bool, args []string)

// commands are what the scripts can do beyond testscript's own.
var commands = commandSet{
	"age":        age,
	"exits":      exits,
	"files":      files,
	"jsonl":      jsonl,
	"outcome":    outcome,
	"pixels":     pixels,
	"samepixels": samePixels,
	"sametree":   sameTree,
	"nul":        nul,
}

func usage(ts *testscript.TestScript, neg bool, ok bool, text string) {
	if neg || !ok {
		ts.Fatalf("usage: %s", text)
	}
}

// exits runs a program and holds its exit status against a number.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) >= 2, "exits STATUS PROGRAM [ARG...]")
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	status := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		status = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if status != want {
		ts.Fatalf("exit status %d, want %d", status, want)
	}
}

// files says which files a folder holds, hidden and nested ones included, and
// no others.
func files(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) >= 1, "files FOLDER [FILE...]")
	var got []string
	for name := range readTree(ts, args[0]) {
		got = append(got, name)
	}
	want := slices.Clone(args[1:])
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		ts.Fatalf("%s holds %q\nwant %q", args[0], got, want)
	}
}

// sameTree compares two folders, names and bytes.
func sameTree(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "sametree FOLDER FOLDER")
	a, b := readTree(ts, args[0]), readTree(ts, args[1])
	if len(a) == 0 {
		ts.Fatalf("%s is empty", args[0])
	}
	for name, data := range a {
		if other, ok := b[name]; !ok || other != data {
			ts.Fatalf("%s differs", name)
		}
		delete(b, name)
	}
	for name := range b {
		ts.Fatalf("%s is in %s only", name, args[1])
	}
}

// readTree returns the files below a folder by their slash-separated names.
func readTree(ts *testscript.TestScript, dir string) map[string]string {
	tree, err := filesBelow(ts.MkAbs(dir))
	ts.Check(err)
	return tree
}

func filesBelow(dir string) (map[string]string, error) {
	tree := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if !d.Type().IsRegular() {
			tree[filepath.ToSlash(rel)] = d.Type().String()
			return nil
		}
		data, err := os.ReadFile(path)
		tree[filepath.ToSlash(rel)] = string(data)
		return err
	})
	return tree, err
}

// nul writes names to a file as find -print0 does.
func nul(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) >= 1, "nul FILE [NAME...]")
	var list strings.Builder
	for _, name := range args[1:] {
		list.WriteString(name + "\x00")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(list.String()), 0o666))
}

// age makes a file an hour older, or as old as another.
func age(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1 || len(args) == 2, "age FILE [LIKE]")
	like, older := args[0], time.Hour
	if len(args) == 2 {
		like, older = args[1], 0
	}
	fi, err := os.Stat(ts.MkAbs(like))
	ts.Check(err)
	when := fi.ModTime().Add(-older)
	ts.Check(os.Chtimes(ts.MkAbs(args[0]), when, when))
}
