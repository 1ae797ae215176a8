package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// workersOf returns the processes that a process has started, by /proc.
func workersOf(t *testing.T, parent int) (pids []int) {
	t.Helper()
	list, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if state, ppid := stat(pid); ppid == parent && state != "Z" {
			pids = append(pids, pid)
		}
	}
	return pids
}

// stat returns a process's state and its parent; "" if there is no such process.
func stat(pid int) (state string, parent int) {
	f := statFields(pid)
	if f == nil {
		return "", 0
	}
	parent, _ = strconv.Atoi(f[1])
	return f[0], parent
}

// statFields are the fields of /proc/PID/stat from the state on, or nil.
func statFields(pid int) []string {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil
	}
	// The name before them, in parentheses, may hold anything.
	return strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
}

// However the parent ends, no worker stays; and the next run finds nothing that
// stands in its way.
func TestKilledParentLeavesNoWorker(t *testing.T) {
	t.Parallel()
	in, dir := bigPictures(t, 3)
	p := start(t, "imgpar", "--mode=proc", "-j2", "--progress=bar", "run", slowSteps(forLong), "-o", dir, in)
	var workers []int
	until(t, "there are two workers", func() bool {
		workers = workersOf(t, p.cmd.Process.Pid)
		return len(workers) == 2
	})
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	p.wait()
	for _, pid := range workers {
		until(t, fmt.Sprintf("worker %d has ended", pid), func() bool {
			state, _ := stat(pid)
			return state == "" || state == "Z" // its new parent may be slow to reap it
		})
	}
	end := imgpar(t, "gray", "--json", "-o", dir, in)
	out, err := readJSON(end.stdout)
	if err != nil || out.count("ok") != 3 {
		t.Fatalf("the next run: %v, %s", err, end.stderr)
	}
	checkWritten(t, dir, out)
}

// A worker that dies in the middle costs nothing: its picture is tried again.
func TestKilledWorkerIsReplaced(t *testing.T) {
	t.Parallel()
	in, dir := bigPictures(t, 4)
	p := start(t, "imgpar", "--mode=proc", "-j2", "--json", "--progress=bar", "run", slowSteps(8), "-o", dir, in)
	if err := syscall.Kill(busyWorker(t, p.cmd.Process.Pid), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if status := p.wait(); status != exitOK {
		t.Errorf("exit status %d, want 0\n%s", status, p.stderr)
	}
	out := p.results()
	if n := out.count("ok"); n != 4 {
		t.Errorf("%d ok, want 4", n)
	}
	checkWritten(t, dir, out)
}

// A picture that kills every process that touches it is crashed; the reason
// says how, and the rest goes on.
func TestPictureThatKillsItsWorkersIsCrashed(t *testing.T) {
	t.Parallel()
	in, dir := bigPictures(t, 1)
	p := start(t, "imgpar", "--mode=proc", "--json", "--progress=bar", "run", slowSteps(forLong), "-o", dir, in,
		fixtures(t)+"/broken/empty.jpg")
	killed := map[int]bool{}
	until(t, "two workers have been killed", func() bool {
		for _, pid := range workersOf(t, p.cmd.Process.Pid) {
			if !killed[pid] && busy(pid) && syscall.Kill(pid, syscall.SIGKILL) == nil {
				killed[pid] = true
			}
		}
		return len(killed) == 2
	})
	if status := p.wait(); status != exitFailed {
		t.Errorf("exit status %d, want %d", status, exitFailed)
	}
	out := p.results()
	if out.count("crashed") != 1 || out.count("failed") != 1 {
		t.Fatalf("%v", out.summary)
	}
	for _, r := range out.results {
		if reason := r["reason"].(string); r["outcome"] == "crashed" && !strings.Contains(reason, "SIGKILL") {
			t.Errorf("the reason does not say how: %s", reason)
		}
	}
	checkWritten(t, dir, out)
}

// busyWorker waits for a worker that has a picture: others may be starting still.
func busyWorker(t *testing.T, parent int) (pid int) {
	t.Helper()
	until(t, "a worker is at a picture", func() bool {
		workers := workersOf(t, parent)
		i := slices.IndexFunc(workers, busy)
		if i >= 0 {
			pid = workers[i]
		}
		return i >= 0
	})
	return pid
}

// busyTicks is more CPU time than a worker takes to start, in clock ticks of
// which there are 100 a second.
const busyTicks = 30

// busy tells whether a process has used so much time that it is at a picture.
func busy(pid int) bool {
	f := statFields(pid)
	if f == nil {
		return false
	}
	user, _ := strconv.Atoi(f[11])
	return user >= busyTicks
}

// A worker that hangs is killed when the time is up, and costs its picture only.
func TestHangingWorkerTimesOut(t *testing.T) {
	t.Parallel()
	in, dir := bigPictures(t, 3)
	begun := time.Now()
	if end := imgpar(t, "--mode=proc", "-j2", "run", slowSteps(8), "-o", t.TempDir(), in); end.status != exitOK {
		t.Fatalf("exit status %d: %s", end.status, end.stderr)
	}
	plenty := min(max(3*time.Since(begun), 2*time.Second), time.Minute).Round(time.Second) // for one of the three
	p := start(t, "imgpar", "--mode=proc", "-j2", "--json", "--progress=bar", "--timeout", plenty.String(), "run", slowSteps(8), "-o", dir, in)
	stopped := busyWorker(t, p.cmd.Process.Pid)
	if err := syscall.Kill(stopped, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if status := p.wait(); status != exitFailed {
		t.Errorf("exit status %d, want %d", status, exitFailed)
	}
	out := p.results()
	if out.count("timeout") != 1 || out.count("ok") != 2 {
		t.Errorf("%v", out.summary)
	}
	for _, r := range out.results {
		if want := "took longer than " + plenty.String(); r["outcome"] == "timeout" && r["reason"] != want {
			t.Errorf("reason %q, want %q", r["reason"], want)
		}
	}
	checkWritten(t, dir, out)
	if state, _ := stat(stopped); state != "" {
		t.Errorf("the stopped worker is still there, in state %s", state)
	}
}
