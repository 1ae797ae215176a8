//go:build chaos && linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// process is what /proc says of one.
type process struct {
	pid, parent, group int
	name               string
	state              string // "Z": dead, and not reaped
}

// adoptOrphans has every process that loses its parent below this one become a child of
// it, so that none can hide.
func adoptOrphans() error { return unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }

// children lists the processes that have this parent.
func children(parent int) ([]process, error) {
	names, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	var list []process
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		if p, ok := parseStat(string(data)); ok && p.parent == parent {
			list = append(list, p)
		}
	}
	return list, nil
}

// parseStat reads the first fields of /proc/PID/stat; see proc_pid_stat(5).
func parseStat(line string) (p process, ok bool) {
	begin, end := strings.IndexByte(line, '('), strings.LastIndexByte(line, ')')
	if begin < 1 || end < begin {
		return p, false
	}
	rest := strings.Fields(line[end+1:])
	if len(rest) < 3 {
		return p, false
	}
	pid, err1 := strconv.Atoi(strings.TrimSpace(line[:begin]))
	parent, err2 := strconv.Atoi(rest[1])
	group, err3 := strconv.Atoi(rest[2])
	return process{pid, parent, group, line[begin+1 : end], rest[0]}, errors.Join(err1, err2, err3) == nil
}

// peak returns the most memory that a process has had resident, in bytes; 0 if it has ended.
func peak(pid int) int64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(data) {
		if rest, found := bytes.CutPrefix(line, []byte("VmHWM:")); found {
			n, err := strconv.ParseInt(string(bytes.Fields(rest)[0]), 10, 64)
			if err != nil {
				return 0
			}
			return n << 10
		}
	}
	return 0
}

// patience is how long after the end of a run what it has started may go on.
const patience = 2 * time.Second

// leftovers says what a run that has ended left: processes that go on, and, unless it was
// killed, workers that it has not reaped, each of which leads a group. (What a worker
// has started and left is nobody's to reap but this process's.) It ends them.
func leftovers(killed bool) (wrong []string, err error) {
	left, err := orphans()
	for end := time.Now().Add(patience); err == nil && alive(left) && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
		left, err = orphans()
	}
	for _, p := range left {
		switch {
		case p.state != "Z":
			wrong = append(wrong, fmt.Sprintf("process %d (%s, %s) goes on %v after the end", p.pid, p.name, p.state, patience))
			_ = unix.Kill(p.pid, unix.SIGKILL) // it may end by itself
		case !killed && p.group == p.pid:
			wrong = append(wrong, fmt.Sprintf("worker %d was not reaped", p.pid))
		}
		_, _ = unix.Wait4(p.pid, nil, 0, nil) // nobody else does
	}
	return wrong, err
}

func orphans() ([]process, error) { return children(os.Getpid()) }

func alive(list []process) bool {
	for _, p := range list {
		if p.state != "Z" {
			return true
		}
	}
	return false
}

// watched is what was seen of a process while it ran.
type watched struct {
	peak    int64
	zombies []string // children that it left unreaped for longer than patience
}

// watch looks at a process until it is told to stop.
func watch(pid int, stop <-chan struct{}) (w watched) {
	const pause, everyNth = 20 * time.Millisecond, 10
	dead := map[int]time.Time{}
	for n := 0; ; n++ {
		w.peak = max(w.peak, peak(pid))
		if n%everyNth == 0 {
			w.zombies = append(w.zombies, unreaped(pid, dead)...)
		}
		select {
		case <-stop:
			return w
		case <-time.After(pause):
		}
	}
}

// unreaped says which children of a process are dead for longer than patience. It keeps
// in dead since when.
func unreaped(pid int, dead map[int]time.Time) (wrong []string) {
	list, err := children(pid)
	if err != nil {
		return []string{err.Error()}
	}
	for _, p := range list {
		since, known := dead[p.pid]
		switch {
		case p.state != "Z":
			delete(dead, p.pid)
		case !known:
			dead[p.pid] = time.Now()
		case time.Since(since) > patience:
			wrong = append(wrong, fmt.Sprintf("worker %d is dead since %v and not reaped", p.pid, patience))
			dead[p.pid] = time.Now().Add(time.Hour) // said once
		}
	}
	return wrong
}
