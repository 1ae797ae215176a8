package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/internal/job"
)

// As many outputs as an input may have are made of it in both modes, and one more
// is refused before anything is.
func TestTheMostOutputs(t *testing.T) {
	t.Parallel()
	in := filepath.Join(fixtures(t), "jpeg_420.jpg")
	for _, mode := range []string{"goroutine", "proc"} {
		out := t.TempDir()
		args := []string{"--mode=" + mode, "--progress=none", "thumb", "--size", "8", "-o", out}
		for i := range job.MaxOutputs - 1 {
			args = append(args, "--also", fmt.Sprintf("thumb 9 -> {stem}_%d.{ext}", i))
		}
		if end := imgpar(t, append(args, in)...); end.status != exitOK {
			t.Errorf("%s: exit status %d: %s", mode, end.status, end.stderr)
		}
		files, err := filesBelow(out)
		if err != nil || len(files) != job.MaxOutputs {
			t.Errorf("%s: %d files, %v", mode, len(files), err)
		}
		end := imgpar(t, append(args, "--also", "gray -> {stem}_more.{ext}", in)...)
		if want := fmt.Sprintf("--also: an input may have at most %d outputs, not %d", job.MaxOutputs, job.MaxOutputs+1); end.status != exitUsage || !strings.Contains(end.stderr, want) {
			t.Errorf("%s: exit status %d: %s", mode, end.status, end.stderr)
		}
	}
}
