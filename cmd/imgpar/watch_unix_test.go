//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// untilFile waits until there is a file.
func untilFile(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1, "untilfile FILE")
	for end := time.Now().Add(pollDeadline); ; time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("after %v there is no %s", pollDeadline, args[0])
		}
	}
}

// A run that waits ends at the first Ctrl-C. What it has left for later, because
// it has just changed, is canceled.
func TestInterruptEndsWatching(t *testing.T) {
	for _, mode := range bothModes {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			in, out := bigPictures(t, 2)
			old := time.Now().Add(-time.Hour)
			if err := os.Chtimes(filepath.Join(in, "big0.jpg"), old, old); err != nil {
				t.Fatal(err)
			}
			// as new as can be until the end
			later := time.Now().Add(time.Second)
			if err := os.Chtimes(filepath.Join(in, "big1.jpg"), later, later); err != nil {
				t.Fatal(err)
			}
			p := start(t, "imgpar", "--mode", mode, "--json", "--watch", "gray", "-o", out, in)
			until(t, "it watches", func() bool { return strings.Contains(p.stderr.String(), "imgpar: watching 1 folder; Ctrl-C ends\n") })
			p.signal(syscall.SIGINT)
			if status := p.wait(); status != exitInterrupted {
				t.Errorf("exit status %d, want %d", status, exitInterrupted)
			}
			res := p.results()
			if res.count("ok") < 1 || res.count("ok")+res.count("canceled") != 2 {
				t.Errorf("%d ok and %d canceled of 2", res.count("ok"), res.count("canceled"))
			}
			checkWritten(t, out, res)
		})
	}
}

// What a run replaces is new to the watcher, but the journal knows it.
func TestWatchingInPlaceDoesNotGoRound(t *testing.T) {
	t.Parallel()
	in, _ := bigPictures(t, 2)
	p := start(t, "imgpar", "--json", "--watch", "--in-place", "--yes", "invert", in)
	for n := 3; n < 6; n++ {
		until(t, "all are done", func() bool { return strings.Count(p.stdout.String(), "\n") == n-1 })
		// Behind what was replaced, so that this would be reported first.
		if err := os.WriteFile(filepath.Join(in, "more"+string(rune('0'+n))+".jpg"), noise(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "the last is done", func() bool { return strings.Contains(p.stdout.String(), "more5.jpg") })
	p.signal(syscall.SIGINT)
	p.wait()
	if res := p.results(); res.count("ok") != 5 || len(res.results) != 5 {
		t.Errorf("%d results, %d ok, want 5\n%s", len(res.results), res.count("ok"), p.stdout)
	}
}
