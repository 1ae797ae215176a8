package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The help reads as somebody has found good. -update rewrites it; read it then.
func TestHelpGoldens(t *testing.T) {
	for _, words := range []string{"", "gray", "resize", "run", "info", "bench", "doctor", "recipe", "man", "completion", "help"} {
		t.Run("imgpar "+words, func(t *testing.T) {
			t.Parallel()
			end := imgpar(t, append(strings.Fields(words), "--help")...)
			if end.status != exitOK || end.stderr != "" {
				t.Fatalf("status %d: %s", end.status, end.stderr)
			}
			golden := filepath.Join("testdata", "help", strings.TrimSuffix("imgpar_"+words, "_")+".txt")
			if *update {
				if err := os.WriteFile(golden, []byte(end.stdout), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), end.stdout); diff != "" {
				t.Errorf("the help and %s (-update rewrites it):\n%s", golden, diff)
			}
		})
	}
}

// Lines end before the 80th column, and no word is lost.
func TestWrap(t *testing.T) {
	text := strings.Repeat("as much as fits into the line ", 20)
	wrapped := wrap(text, helpColumn)
	for i, line := range strings.Split(wrapped, "\n") {
		length := len(line)
		if i == 0 {
			length += helpColumn
		}
		if length > helpWidth || i > 0 && !strings.HasPrefix(line, strings.Repeat(" ", helpColumn)+"a") && len(strings.TrimSpace(line)) == 0 {
			t.Errorf("line %d: %q", i, line)
		}
	}
	if diff := cmp.Diff(strings.Fields(text), strings.Fields(wrapped)); diff != "" {
		t.Error(diff)
	}
	if long := strings.Repeat("x", 100); wrap(long, 4) != long {
		t.Error("a word longer than the line is broken")
	}
}
