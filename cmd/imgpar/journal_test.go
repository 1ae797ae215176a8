package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/imgpar/imgpar/internal/plan"
)

// A folder and the files in it have one journal.
func TestOutputFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{"photos/2023", "photos/2024", "photos2"} {
		if err := os.MkdirAll(filepath.FromSlash(dir), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for want, lists := range map[string][][]string{
		"photos":      {{"photos"}, {"./photos/"}, {"photos/a.jpg"}, {"photos/a.jpg", "photos/b.jpg"}, {"photos/2023", "photos/2024"}, {"photos/2023/a.jpg", "photos"}, {filepath.Join(here, "photos", "a.jpg"), "photos/2023/../b.jpg"}},
		"photos/2023": {{"photos/2023"}, {"photos/2023/a.jpg", "photos/2023/sub/b.jpg"}},
		"":            {{"."}, {"photos", "photos2"}, {"a.jpg"}, {"photos/a.jpg", "b.jpg"}},
		"..":          {{".."}, {"photos", ".."}},
	} {
		for _, paths := range lists {
			for i := range paths {
				paths[i] = filepath.FromSlash(paths[i])
			}
			if got := outputFolder(plan.Config{Paths: paths}); got != filepath.Join(here, filepath.FromSlash(want)) {
				t.Errorf("%q: %s, want %s", paths, got, want)
			}
		}
	}
	if got := outputFolder(plan.Config{Paths: []string{"photos"}, Out: "out"}); got != "out" {
		t.Errorf("with --out: %s", got)
	}
}
