package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/imgpar/imgpar/internal/atomicfile"
	"github.com/imgpar/imgpar/internal/job"
)

// A child may be killed while it writes any of the files of its job.
func TestNoTemporaryFileOfAKilledChildStays(t *testing.T) {
	dir := t.TempDir()
	name := func(base string) job.Path { return job.Path(filepath.Join(dir, base)) }
	j := job.Job{Target: job.Target{Output: name("a.jpg")}, Also: []job.Target{{Output: name("b.jpg")}, {Output: name("c.jpg")}}, InPlace: &job.InPlace{Backup: "~"}}
	for _, base := range []string{"a.jpg", "b.jpg", "c.jpg", "a.jpg~"} {
		if err := os.WriteFile(atomicfile.TempName(string(name(base))), []byte("half a pic"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := discard(j); err != nil {
		t.Error(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}
