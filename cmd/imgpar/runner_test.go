package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/imgpar/imgpar/internal/atomicfile"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/procpool"
)

// A child that is killed may leave a half of any of its outputs.
func TestNoTemporaryFileIsLeftOfAnyOutput(t *testing.T) {
	pool, err := procpool.New(procpool.Config{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := pool.Close(); err != nil { // so that there is no answer
		t.Fatal(err)
	}
	dir := t.TempDir()
	j := job.Job{Input: "a.jpg", Target: job.Target{Output: job.Path(filepath.Join(dir, "a.jpg"))},
		Also: []job.Target{{Output: job.Path(filepath.Join(dir, "b.jpg"))}}}
	for _, target := range j.Targets() {
		if err := os.WriteFile(atomicfile.TempName(string(target.Output)), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	res := (&subprocess{pool, time.Minute}).Run(t.Context(), j)
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 || res.Outcome != job.Canceled {
		t.Errorf("%s, left %v, %v", res.Outcome, left, err)
	}
}
