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
