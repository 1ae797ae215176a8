package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/imgpar/imgpar/ops"
)

// everything is at least one command line for every operation.
var everything = [][]string{
	{"gray"},
	{"gray", "--format", "jpeg", "-q", "60"},
	{"resize", "-w", "30"},
	{"resize", "-w", "40", "-h", "25", "--fill", "--filter", "catmullrom"},
	{"resize", "-w", "100", "-h", "90", "--exact", "--enlarge", "--filter", "linear"},
	{"thumb", "--size", "24"},
	{"thumb", "--size", "20", "--linear"},
	{"crop", "30x20", "--gravity", "southeast"},
	{"rotate", "90"},
	{"rotate", "7", "--background", "transparent"},
	{"flip", "h"},
	{"orient"},
	{"blur", "--sigma", "1.5"},
	{"sharpen"},
	{"adjust", "--brightness", "10", "--contrast", "-5", "--gamma", "1.2", "--saturation", "30"},
	{"invert"},
	{"convert", "png"},
	{"convert", "gif"},
	{"convert", "tiff"},
	{"convert", "bmp"},
	{"run", "crop 60x41 | rotate 90 | resize w=17 | flip h"},
	{"run", "resize w=50 | sharpen 0.5 | gray | rotate 180"},
}

// ways are the modes and numbers of workers that must give the same answer.
var ways = [][]string{
	{"--mode=goroutine", "-j1"},
	{"--mode=goroutine", "-j4"},
	{"--mode=sequential"},
	{"--mode=proc", "-j2"},
	{"--mode=auto", "-j2"},
}

// The same answer everywhere: one command line writes the same bytes and comes
// to the same outcomes in every mode, over all test pictures, broken ones
// included.
func TestModesAgree(t *testing.T) {
	in := fixtures(t)
	for _, line := range everything {
		t.Run(strings.Join(line, " "), func(t *testing.T) {
			t.Parallel()
			var files, results map[string]string
			for _, way := range ways {
				out := t.TempDir()
				args := slices.Concat(way, line, []string{"--json", "-o", out, in})
				gotFiles, gotResults := runOver(t, out, args)
				if files == nil {
					files, results = gotFiles, gotResults
					continue
				}
				if diff := cmp.Diff(results, gotResults); diff != "" {
					t.Errorf("%v and %v come to other results: %s", ways[0], way, diff)
				}
				if names := differing(files, gotFiles); len(names) > 0 {
					t.Errorf("%v and %v write other bytes: %q", ways[0], way, names)
				}
			}
		})
	}
}

// runOver returns the files that a command line wrote and the results that it
// told, by input.
func runOver(t *testing.T, out string, args []string) (files, results map[string]string) {
	end := imgpar(t, args...)
	told, err := readJSON(end.stdout)
	if err != nil {
		t.Fatalf("%q: %v\n%s", args, err, end.stderr)
	}
	if told.count("ok") < 65 || told.count("crashed") > 0 || end.status != exitFailed {
		t.Fatalf("%q: status %d\n%s", args, end.status, end.stderr)
	}
	results = map[string]string{}
	for _, r := range told.results {
		input, rest := sansTime(r, out)
		results[input] = rest
	}
	if files, err = filesBelow(out); err != nil {
		t.Fatal(err)
	}
	if len(files) != told.count("ok") {
		t.Fatalf("%q: %d files for %d ok", args, len(files), told.count("ok"))
	}
	return files, results
}

// differing returns the names that are not in both trees with the same bytes.
func differing(a, b map[string]string) []string {
	names := map[string]bool{}
	for name, data := range a {
		if other, ok := b[name]; !ok || other != data {
			names[name] = true
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func TestEverythingIsEveryOperation(t *testing.T) {
	have := map[string]bool{}
	for _, line := range everything {
		have[line[0]] = true
	}
	for _, s := range ops.Specs() {
		if !have[s.Name] {
			t.Errorf("%s is not compared between the modes", s.Name)
		}
	}
}
