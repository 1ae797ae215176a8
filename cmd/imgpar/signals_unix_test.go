//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

var bothModes = []string{modeGoroutine, modeProc}

// The first Ctrl-C finishes what is in work and says so. The workers of proc
// mode must not get it, too.
func TestFirstInterruptFinishesWhatIsInWork(t *testing.T) {
	for _, mode := range bothModes {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			in, dir := bigPictures(t, 12)
			p := start(t, "imgpar", "--mode", mode, "-j2", "--json", "--progress=bar", "run", slowSteps(10), "-o", dir, in)
			p.untilBusy()
			p.signal(syscall.SIGINT)
			if status := p.wait(); status != exitInterrupted {
				t.Errorf("exit status %d, want %d", status, exitInterrupted)
			}
			out := p.results()
			if ok, canceled := out.count("ok"), out.count("canceled"); ok < 2 || canceled == 0 || ok+canceled != 12 {
				t.Errorf("%d ok and %d canceled of 12, want both workers' to be finished and the rest canceled", ok, canceled)
			}
			for _, r := range out.results {
				if r["outcome"] == "canceled" && r["reason"] != "interrupted" {
					t.Errorf("%v: canceled because of %q", r["input"], r["reason"])
				}
			}
			checkWritten(t, dir, out)
			if !strings.Contains(p.stderr.String(), "imgpar: stopping: what is in work is finished first; once more stops at once\n") {
				t.Errorf("it does not say that it stops: %s", p.stderr)
			}
		})
	}
}

// The second one stops at once, and still every input has its outcome.
func TestSecondInterruptStopsNow(t *testing.T) {
	for _, mode := range bothModes {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			in, dir := bigPictures(t, 6)
			p := start(t, "imgpar", "--mode", mode, "-j2", "--json", "--progress=bar", "run", slowSteps(forLong), "-o", dir, in)
			p.untilBusy()
			p.signal(syscall.SIGINT)
			until(t, "it says that it is stopping", func() bool { return strings.Contains(p.stderr.String(), "imgpar: stopping: ") })
			p.signal(syscall.SIGINT)
			if status := p.wait(); status != exitInterrupted {
				t.Errorf("exit status %d, want %d", status, exitInterrupted)
			}
			out := p.results()
			if n := out.count("canceled"); n != 6 {
				t.Errorf("%d canceled, want 6", n)
			}
			inWork := 0
			for _, r := range out.results {
				if r["reason"] == "stopped while in work" {
					inWork++
				}
			}
			if inWork != 2 {
				t.Errorf("%d were stopped while in work, want 2", inWork)
			}
			checkWritten(t, dir, out)
			if !strings.Contains(p.stderr.String(), "imgpar: stopping now\n") {
				t.Errorf("it does not say that it stops now: %s", p.stderr)
			}
		})
	}
}

// What is in work when a run is stopped may take longer than the walk goes on for
// the rest: that gets its outcome all the same.
func TestInterruptCountsWhatWasNotBegun(t *testing.T) {
	for _, mode := range bothModes {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			in, dir := bigPictures(t, 2)
			const small = 500
			for i := range small {
				folder := filepath.Join(in, "sub", strconv.Itoa(i%20))
				if err := os.MkdirAll(folder, 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("small%d.jpg", i)), nil, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			p := start(t, "imgpar", "--mode", mode, "-j2", "--json", "--progress=bar", "run", slowSteps(10), "-o", dir, in)
			p.untilBusy()
			p.signal(syscall.SIGINT)
			if status := p.wait(); status != exitInterrupted {
				t.Errorf("exit status %d, want %d", status, exitInterrupted)
			}
			out := p.results()
			if ok, canceled, failed := out.count("ok"), out.count("canceled"), out.count("failed"); ok != 2 || canceled == 0 || canceled+failed != small {
				t.Errorf("%d ok, %d canceled, %d failed; want both that are in work to be finished and %d others", ok, canceled, failed, small)
			}
			if out.summary["cut"] != nil {
				t.Error("the folders were not read to their end")
			}
		})
	}
}

// SIGUSR1 asks how it goes, and changes nothing.
func TestStatusOnDemand(t *testing.T) {
	t.Parallel()
	in, dir := bigPictures(t, 4)
	p := start(t, "imgpar", "-j2", "--json", "--progress=bar", "run", slowSteps(10), "-o", dir, in)
	p.untilBusy()
	p.signal(syscall.SIGUSR1)
	status := regexp.MustCompile("imgpar: run: [0-3]/4 files, ")
	until(t, "it says how it goes", func() bool { return status.MatchString(p.stderr.String()) })
	if status := p.wait(); status != exitOK {
		t.Errorf("exit status %d, want 0\n%s", status, p.stderr)
	}
	if n := p.results().count("ok"); n != 4 {
		t.Errorf("%d ok, want 4", n)
	}
}

// SIGTERM is what a system that shuts down sends.
func TestTerminateStops(t *testing.T) {
	t.Parallel()
	in, dir := bigPictures(t, 6)
	p := start(t, "imgpar", "-j2", "--json", "--progress=bar", "run", slowSteps(5), "-o", dir, in)
	p.untilBusy()
	p.signal(syscall.SIGTERM)
	if status := p.wait(); status != exitInterrupted {
		t.Errorf("exit status %d, want %d", status, exitInterrupted)
	}
	checkWritten(t, dir, p.results())
}

// Under nohup the terminal may go, and a program that a script runs in the
// background does not stop with the script's Ctrl-C: what was ignored at the
// start stays so.
func TestIgnoredSignalsStayIgnored(t *testing.T) {
	t.Parallel()
	in, dir := bigPictures(t, 4)
	p := start(t, "sh", "-c", `trap "" HUP INT; exec imgpar -j2 --json --progress=bar run "$@"`, "sh", slowSteps(5), "-o", dir, in)
	p.untilBusy()
	p.signal(syscall.SIGHUP)
	p.signal(syscall.SIGINT)
	if status := p.wait(); status != exitOK {
		t.Errorf("exit status %d, want 0\n%s", status, p.stderr)
	}
	if n := p.results().count("ok"); n != 4 {
		t.Errorf("%d ok, want 4", n)
	}
}

// A goroutine that is inside one long step cannot be stopped; the program does
// not wait for it longer than stopDeadline, and it has written nothing. (The
// blur takes about twenty seconds.)
func TestSecondInterruptDoesNotWaitForLongStep(t *testing.T) {
	t.Parallel()
	in, dir := bigPictures(t, 1)
	p := start(t, "sh", "-c", `GODEBUG=cpu.avx2=off exec imgpar -j1 --progress=bar run "$@"`, "sh",
		"resize w=12000 h=12000 exact enlarge filter=nearest | blur 11.9", "-o", dir, in)
	until(t, "the worker is at work", func() bool { return strings.Contains(p.stderr.String(), "\n   1 big0.jpg") })
	p.signal(syscall.SIGINT)
	until(t, "it says that it is stopping", func() bool { return strings.Contains(p.stderr.String(), "imgpar: stopping: ") })
	p.signal(syscall.SIGINT)
	if status := p.wait(); status != exitInterrupted {
		t.Errorf("exit status %d, want %d", status, exitInterrupted)
	}
	if files, err := filesBelow(dir); err != nil || len(files) > 0 {
		t.Errorf("there are files: %v, %v", len(files), err)
	}
}
